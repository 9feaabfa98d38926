import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { Collection, DataRecord, Page } from '../api/types'
import { open } from '../test/render'
import { as, gateway, problem } from '../test/server'
import { expressionOf } from './filter'

test('a filter is written in the API’s language, with its values escaped', () => {
  const isNumeric = (field: string) => field === 'level'

  expect(
    expressionOf(
      [
        { field: 'level', operator: 'ge', value: '3' },
        { field: 'name', operator: 'eq', value: 'a "b" \\ c' },
        { field: 'zip', operator: 'eq', value: '0800' },
      ],
      isNumeric,
    ),
  ).toBe('level ge 3 and name eq "a \\"b\\" \\\\ c" and zip eq "0800"')
  expect(expressionOf([], isNumeric)).toBe('')
})

test('records are filtered without the values reaching the address bar', async () => {
  const calls = gateway({
    'GET /api/me': as('tenant-user'),
    'GET /api/areas/customers/collections/customer': {
      id: 'customer',
      schema: { properties: { email: { type: 'string', 'x-personal': true }, level: { type: 'integer' } } },
      createdAt: '2026-11-24T09:00:00Z',
      updatedAt: '2026-11-24T09:00:00Z',
    } satisfies Collection,
    'GET /api/areas/customers/collections/customer/records': ({ query }): Page<DataRecord> => ({
      items: query.has('filter')
        ? []
        : [
            {
              id: 'r1',
              email: 'x@y.dk',
              level: 3,
              createdAt: '2026-11-24T10:00:00Z',
              updatedAt: '2026-11-24T10:00:00Z',
            },
          ],
    }),
  })
  const router = open('/data/customers/customer')
  expect(await screen.findByText('x@y.dk')).toBeDefined()

  await userEvent.type(await screen.findByLabelText('Value'), 'z@y.dk')
  await userEvent.click(screen.getByRole('button', { name: 'Add condition' }))

  expect(await screen.findByText('No records yet')).toBeDefined()
  expect(calls.at(-1)?.query.get('filter')).toBe('email eq "z@y.dk"')
  expect(router.state.location.search).toBe('')

  await userEvent.click(screen.getByRole('button', { name: 'Remove email is z@y.dk' }))
  expect(await screen.findByText('x@y.dk')).toBeDefined()
})

test('a list that is not built yet is said in the server’s words', async () => {
  gateway({
    'GET /api/me': as('tenant-user'),
    'GET /api/areas': problem(404, { title: 'There is no such list yet' }),
  })
  open('/data')

  expect((await screen.findByRole('alert')).textContent).toContain('There is no such list yet')
})
