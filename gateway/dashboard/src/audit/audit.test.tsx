import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { AuditEntry, Page } from '../api/types'
import { open } from '../test/render'
import { as, type Call, gateway } from '../test/server'
import { difference } from './difference'

const entry = (index: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  index,
  time: '2026-11-24T10:00:00Z',
  kind: 'record.updated',
  tenant: 'nord',
  actor: { kind: 'user', id: 'u-7' },
  resource: `customers/customer/${index}`,
  flags: [],
  ...more,
})

const checkpoint = () => new Response('elleve.test/log\n3\nroot=\n\n— elleve.test/log sig\n')

function log(entries: (call: Call) => Page<AuditEntry>) {
  return gateway({
    'GET /api/me': as('auditor'),
    'GET /api/log/checkpoint': checkpoint(),
    'GET /api/audit/entries': entries,
    'GET /api/audit/searches': { items: [] },
    'GET /api/audit/reconciliations': { items: [] },
  })
}

test('older entries are read with the server’s cursor until there are no more', async () => {
  const calls = log(({ query }) =>
    query.get('cursor') === null ? { items: [entry(3), entry(2)], next: 'c/2+a' } : { items: [entry(1)] },
  )
  open('/audit')
  await screen.findByRole('button', { name: 'Open entry 3' })

  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))

  expect(await screen.findByRole('button', { name: 'Open entry 1' })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Open entry 3' })).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  expect(screen.getByText('All 3 shown')).toBeDefined()
  const cursors = calls
    .filter(({ path }) => path === '/api/audit/entries')
    .map(({ query }) => query.get('cursor'))
  expect(cursors).toEqual([null, 'c/2+a'])
})

test('a page without entries is not taken for the end where others follow', async () => {
  log(({ query }) => (query.get('cursor') === null ? { items: [], next: 'c' } : { items: [entry(1)] }))
  open('/audit?kind=gap')
  expect(await screen.findByText('Nothing found yet')).toBeDefined()
  expect(screen.queryByText('No entry matches')).toBeNull()

  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))

  expect(await screen.findByRole('button', { name: 'Open entry 1' })).toBeDefined()
  expect(screen.queryByText('Nothing found yet')).toBeNull()
})

test('the filter reaches the server and the address', async () => {
  const calls = log(({ query }) => ({ items: query.get('unattributed') === 'true' ? [] : [entry(3)] }))
  const router = open('/audit')
  await screen.findByRole('button', { name: 'Open entry 3' })

  await userEvent.type(screen.getByLabelText('Tenant'), 'nord')
  await userEvent.click(screen.getByLabelText('Only changes without an author'))
  await userEvent.click(screen.getByRole('button', { name: 'Filter' }))

  expect(await screen.findByText('No entry matches')).toBeDefined()
  expect(router.state.location.search).toBe('?tenant=nord&unattributed=true')
  const asked = calls.filter(({ path }) => path === '/api/audit/entries').at(-1)?.query
  expect(asked?.get('tenant')).toBe('nord')
  expect(asked?.get('unattributed')).toBe('true')
})

test('an entry opens with its difference, its flags and its proof', async () => {
  const secret = 'AX8K2mPq0vW3nR7tY1uZ5bC9dE4fG6hJ8kL0mN2pQ=='
  log(() => ({
    items: [
      entry(3, {
        flags: ['unattributed'],
        before: { level: 3, email: secret },
        after: { level: 4, email: secret, extra: true },
      }),
    ],
  }))
  open('/audit')
  await userEvent.click(await screen.findByRole('button', { name: 'Open entry 3' }))

  const drawer = await screen.findByRole('dialog')
  expect(within(drawer).getByText('No author')).toBeDefined()
  expect(within(drawer).getByRole('row', { name: /level changed 3 4/ })).toBeDefined()
  expect(within(drawer).getByRole('row', { name: /extra added true/ })).toBeDefined()
  expect(drawer.textContent).not.toContain(secret)
  const proof = within(drawer).getByRole('link', { name: 'Download proof (.tlog-proof)' })
  expect(proof.getAttribute('href')).toBe('/api/audit/entries/3/proof')

  await userEvent.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('flags that make an entry an incident look like one', async () => {
  log(() => ({
    items: [entry(3, { flags: ['forged', 'replayed', 'gap', 'damaged', 'mass', 'erased', 'expired'] })],
  }))
  open('/audit')

  const tone = (words: string) =>
    within(screen.getByRole('table')).getByText(words).closest('[data-tone]')?.getAttribute('data-tone')
  await screen.findByRole('button', { name: 'Open entry 3' })
  for (const words of ['Forged author', 'Repeated author', 'Gap', 'Damaged']) expect(tone(words)).toBe('bad')
  for (const words of ['Many rows', 'Erased', 'Time over']) expect(tone(words)).toBe('plain')
})

test('the checkpoint tells how much is signed', async () => {
  log(() => ({ items: [] }))
  open('/audit')

  const panel = await screen.findByRole('region', { name: 'Latest checkpoint' })
  expect(await within(panel).findByText('3')).toBeDefined()
  expect(within(panel).getByText('root=')).toBeDefined()
  expect(await screen.findByText('No entries yet')).toBeDefined()
})

test('a log without a checkpoint says what brings one', async () => {
  gateway({ 'GET /api/me': as('auditor'), 'GET /api/audit/entries': { items: [] } })
  open('/audit')

  expect(await screen.findByText(/The first entry brings one/)).toBeDefined()
})

test('a difference puts what changed first', () => {
  expect(
    difference({ a: 1, b: 2, c: [1] }, { a: 1, b: 3, c: [1], d: null }).map(({ field, change }) => [
      field,
      change,
    ]),
  ).toEqual([
    ['b', 'changed'],
    ['d', 'added'],
    ['a', 'same'],
    ['c', 'same'],
  ])
  expect(difference({ a: 1 }, undefined).map(({ change }) => change)).toEqual(['removed'])
  expect(difference(undefined, undefined)).toEqual([])
})

test('what the filter shows can be fetched as a file', async () => {
  log(() => ({ items: [entry(3)] }))
  open('/audit?tenant=nord&unattributed=true')
  await screen.findByRole('button', { name: 'Open entry 3' })

  await userEvent.click(screen.getByRole('button', { name: 'Export' }))

  const link = await screen.findByRole('menuitem', { name: 'CSV for spreadsheets' })
  expect(link.getAttribute('href')).toBe('/api/audit/export?tenant=nord&unattributed=true&format=csv')
})
