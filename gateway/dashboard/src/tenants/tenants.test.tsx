import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { Member, Page, Tenant } from '../api/types'
import { open } from '../test/render'
import { as, gateway, problem } from '../test/server'

test('a tenant is opened with a checked short name', async () => {
  const tenants: Tenant[] = []
  const calls = gateway({
    'GET /api/me': as('administrator'),
    'GET /api/tenants': () => ({ items: tenants }),
    'POST /api/tenants': ({ body }) => {
      const tenant: Tenant = {
        ...(body as { id: string; name: string }),
        state: 'open',
        askedAt: new Date().toISOString(),
      }
      tenants.push(tenant)
      return tenant
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

test('a member is invited by name, address and role, and the service’s objections name the field', async () => {
  const calls = gateway({
    'GET /api/me': as('tenant-admin'),
    'GET /api/tenants/nord/members': {
      items: [
        {
          id: 'm-1',
          login: 'niels',
          firstName: 'Niels',
          lastName: 'Nord',
          email: 'n@nord.example',
          enabled: true,
        },
      ],
    } satisfies Page<Member>,
    'POST /api/tenants/nord/members': problem(400, {
      title: 'The request is not valid',
      errors: [{ pointer: '/email', detail: 'is in use' }],
    }),
  })
  open('/tenants/nord/members')
  expect(await screen.findByRole('cell', { name: 'Niels Nord' })).toBeDefined()

  await userEvent.click(screen.getByRole('button', { name: 'Invite a member' }))
  const dialog = await screen.findByRole('dialog')
  await userEvent.type(within(dialog).getByLabelText(/First name/), 'Nanna')
  await userEvent.type(within(dialog).getByLabelText(/Last name/), 'Nord')
  await userEvent.type(within(dialog).getByLabelText(/E-mail/), 'nanna@nord.example')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Invite a member' }))

  expect((await within(dialog).findByRole('alert')).textContent).toContain('email: is in use')
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    email: 'nanna@nord.example',
    firstName: 'Nanna',
    lastName: 'Nord',
    roles: ['tenant-user'],
  })
})
