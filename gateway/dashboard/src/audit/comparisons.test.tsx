import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { ComparedTable, Comparison } from '../api/types'
import { open } from '../test/render'
import { as, type Call, gateway, problem } from '../test/server'
import { newestAndEarlier } from './newest'

const table = (name: string, state: ComparedTable['state'], logged: number, live: number): ComparedTable => ({
  name,
  state,
  logged,
  live,
})

const comparison = (id: string, source: string, ended: string, tables: ComparedTable[]): Comparison => ({
  id,
  source,
  state: tables.some(({ state }) => state === 'different' || state === 'unreadable') ? 'different' : 'equal',
  began: ended,
  ended,
  rows: tables.reduce((sum, { live }) => sum + live, 0),
  tables,
})

const all = [
  comparison('c3', 'tenant_data', '2026-11-24T03:00:00Z', [
    table('data.record', 'different', 12, 11),
    table('data.person', 'different', 5, 5),
    table('data.old', 'unreadable', 3, 0),
    table('data.area', 'equal', 2, 2),
  ]),
  comparison('c2', 'identity', '2026-11-24T02:00:00Z', [table('data.tenant', 'begun', 0, 4)]),
  comparison('c1', 'tenant_data', '2026-11-23T03:00:00Z', [table('data.record', 'equal', 10, 10)]),
]

function house(role: string, more: Record<string, object | ((call: Call) => Response | object)> = {}) {
  return gateway({
    'GET /api/me': as(role),
    'GET /api/log/checkpoint': new Response('elleve.test/log\n3\nroot=\n\n— elleve.test/log sig\n'),
    'GET /api/audit/entries': { items: [] },
    'GET /api/audit/searches': { items: [] },
    'GET /api/audit/reconciliations': { items: all },
    ...more,
  })
}

const panel = async () =>
  within(await screen.findByRole('region', { name: 'Databases compared with their log' }))

test('the newest comparison of each database tells which tables differ, and by how many rows', async () => {
  house('auditor')
  open('/audit')

  const section = await panel()
  const source = within(await section.findByRole('listitem', { name: 'tenant_data' }))
  expect(source.getByRole('row', { name: 'data.record Different 12 11' })).toBeDefined()
  expect(
    source.getByRole('row', { name: /^data\.person Different ?As many rows, with other content 5 5$/ }),
  ).toBeDefined()
  expect(source.getByRole('row', { name: 'data.old Cannot be compared 3 –' })).toBeDefined()
  expect(source.queryByText('data.area')).toBeNull()
  const other = within(section.getByRole('listitem', { name: 'identity' }))
  expect(other.getByText('Equal')).toBeDefined()
  expect(other.getByText(/since their log begins here: data\.tenant/)).toBeDefined()

  await userEvent.click(section.getByText('1 earlier comparison'))
  expect(section.getByRole('row', { name: /tenant_data Equal 10/ })).toBeDefined()
  expect(section.queryByRole('button', { name: /Compare now|as it is/ })).toBeNull()
})

test('which rows differ is said by their keys, and how many there are besides', async () => {
  house('auditor', {
    'GET /api/audit/reconciliations': {
      items: [
        comparison('c4', 'tenant_data', '2026-11-25T03:00:00Z', [
          {
            ...table('data.record', 'different', 12, 11),
            rows: [
              { state: 'changed', key: 'nord,customers,people,1' },
              { state: 'changed', key: 'nord,customers,people,2' },
              { state: 'missing', key: 'nord,customers,people,3' },
              { state: 'unexpected', key: 'havn,customers,people,4' },
            ],
            more: 3,
          },
        ]),
      ],
    },
  })
  open('/audit')

  const section = await panel()
  expect(await section.findByText('Changed: nord,customers,people,1 · nord,customers,people,2')).toBeDefined()
  expect(section.getByText('Only in the log: nord,customers,people,3')).toBeDefined()
  expect(section.getByText('Only in the table: havn,customers,people,4')).toBeDefined()
  expect(section.getByText('And 3 more')).toBeDefined()
})

test('many tables that are compared from now on are one number, and named when asked for', async () => {
  const names = Array.from({ length: 90 }, (_, number) => `table_${number}`)
  house('auditor', {
    'GET /api/audit/reconciliations': {
      items: [
        comparison(
          'c5',
          'keycloak',
          '2026-11-25T03:00:00Z',
          names.map((name) => table(name, 'begun', 0, 1)),
        ),
      ],
    },
  })
  open('/audit')

  const asked = await (await panel()).findByText(/since their log begins here: 90 tables/)
  const list = screen.getByText(names.join(', '))
  expect(list.closest('details')?.open).toBe(false)
  await userEvent.click(asked)
  expect(list.closest('details')?.open).toBe(true)
})

test('no tenant sees the comparisons, or asks for them', async () => {
  const calls = house('tenant-admin')
  open('/audit')

  expect(await screen.findByText('No entries yet')).toBeDefined()
  expect(screen.queryByText('Databases compared with their log')).toBeNull()
  expect(calls.some(({ path }) => path === '/api/audit/reconciliations')).toBe(false)
})

test('an administrator has all databases compared now', async () => {
  const calls = house('administrator', {
    'POST /api/audit/reconciliations': { sources: ['identity', 'tenant_data'] },
  })
  open('/audit')

  await userEvent.click(await (await panel()).findByRole('button', { name: 'Compare now' }))

  expect(await screen.findByText(/Asked for: identity, tenant_data/)).toBeDefined()
  const posted = calls.find(({ method }) => method === 'POST')
  expect(posted?.body).toEqual({})
  expect(posted?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
})

test('an administrator takes a table as it is, knowing what follows, and gives a reason', async () => {
  const calls = house('administrator', {
    'POST /api/audit/reconciliations/c3/acceptance': all[0] as object,
  })
  open('/audit')
  const section = await panel()
  await userEvent.click(await section.findByRole('button', { name: 'Take data.record as it is' }))
  expect(section.queryByRole('button', { name: 'Take data.old as it is' })).toBeNull()

  const dialog = within(await screen.findByRole('dialog', { name: 'Take data.record as it is' }))
  expect(dialog.getByText(/will not be found again/)).toBeDefined()
  await userEvent.type(dialog.getByLabelText(/Reason/), 'Fixed by Bo')
  await userEvent.click(dialog.getByRole('button', { name: 'Take as it is' }))
  expect(dialog.getByText(/at most 60 small letters/)).toBeDefined()
  expect(calls.some(({ method }) => method === 'POST')).toBe(false)

  await userEvent.clear(dialog.getByLabelText(/Reason/))
  await userEvent.type(dialog.getByLabelText(/Reason/), 'restored-by-hand')
  await userEvent.click(dialog.getByRole('button', { name: 'Take as it is' }))

  expect(await screen.findByText(/data\.record is taken as it is/)).toBeDefined()
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    table: 'data.record',
    reason: 'restored-by-hand',
  })
})

test('a comparison that is not the newest any more is not taken, and the dialog says so', async () => {
  house('administrator', {
    'POST /api/audit/reconciliations/c3/acceptance': problem(409, {
      title: 'The source was compared again since',
      code: 'not-the-newest',
    }),
  })
  open('/audit')
  await userEvent.click(await (await panel()).findByRole('button', { name: 'Take data.person as it is' }))
  const dialog = within(await screen.findByRole('dialog'))
  await userEvent.type(dialog.getByLabelText(/Reason/), 'import')
  await userEvent.click(dialog.getByRole('button', { name: 'Take as it is' }))

  expect((await dialog.findByRole('alert')).textContent).toContain('The source was compared again since')
})

test('the newest of each source is the one that ended last', () => {
  const { newest, earlier } = newestAndEarlier(all.toReversed())

  expect(newest.map(({ id }) => id)).toEqual(['c2', 'c3'])
  expect(earlier.map(({ id }) => id)).toEqual(['c1'])
})
