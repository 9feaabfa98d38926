import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { open } from '../test/render'
import { as, gateway } from '../test/server'

test('a tenant is opened with a checked short name', async () => {
  const tenants: object[] = []
  const calls = gateway({
    'GET /api/me': as('administrator'),
    'GET /api/tenants': () => ({ items: tenants }),
    'POST /api/tenants': ({ body }) => {
      tenants.push({ ...(body as object), state: 'open' })
      return body as object
    },
  })
  open('/tenants')
  await userEvent.click(await screen.findByRole('button', { name: 'Open a tenant' }))
  const dialog = await screen.findByRole('dialog')
  await userEvent.type(within(dialog).getByLabelText(/^Name/), 'Nordlys A/S')
  await userEvent.type(within(dialog).getByLabelText(/Short name/), 'Nord!')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open a tenant' }))
  expect(within(dialog).getByText(/starting with a letter/)).toBeDefined()
  expect(calls.some(({ method }) => method === 'POST')).toBe(false)

  await userEvent.clear(within(dialog).getByLabelText(/Short name/))
  await userEvent.type(within(dialog).getByLabelText(/Short name/), 'nord')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open a tenant' }))

  expect(await screen.findByRole('cell', { name: 'Nordlys A/S' })).toBeDefined()
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ id: 'nord', name: 'Nordlys A/S' })
})
