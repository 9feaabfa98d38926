import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { SavedSearch } from '../api/types'
import { en } from '../i18n/en'
import { open } from '../test/render'
import { as, type Call, gateway } from '../test/server'
import { fromLocal, narrowed, queryOf, toLocal, wordsOf } from './query'

const saved = (id: string, more: Partial<SavedSearch> = {}): SavedSearch => ({
  id,
  name: `Search ${id}`,
  query: { actor: 'u-7', last: 'PT168H' },
  mine: true,
  createdAt: '2026-11-24T10:00:00Z',
  ...more,
})

function house(
  searches: SavedSearch[],
  more: Record<string, object | ((call: Call) => Response | object)> = {},
) {
  return gateway({
    'GET /api/me': as('auditor'),
    'GET /api/audit/entries': { items: [] },
    'GET /api/audit/searches': () => ({ items: searches }),
    'GET /api/audit/reconciliations': { items: [] },
    ...more,
  })
}

const asked = (calls: Call[]) =>
  calls
    .filter(({ path }) => path === '/api/audit/entries')
    .at(-1)
    ?.query.toString()

test('a chosen search puts only its id into the address, and the server looks for the rest', async () => {
  const calls = house([saved('s1'), saved('s2', { mine: false })])
  const router = open('/audit?tenant=nord')

  await screen.findByRole('option', { name: 'Search s1' })
  await userEvent.selectOptions(screen.getByLabelText('Saved search'), 'Search s1')

  await waitFor(() => expect(router.state.location.search).toBe('?search=s1'))
  expect(await screen.findByText('Looks for: Actor: u-7 · Last 7 days')).toBeDefined()
  await waitFor(() => expect(asked(calls)).toBe('search=s1&limit=25'))

  await userEvent.click(screen.getByRole('button', { name: 'Export' }))
  const link = await screen.findByRole('menuitem', { name: 'CSV for spreadsheets' })
  expect(link.getAttribute('href')).toBe('/api/audit/export?search=s1&format=csv')
})

test('a filter beside a saved search narrows it', async () => {
  const calls = house([saved('s1')])
  const router = open('/audit?search=s1')
  await screen.findByText(/Looks for/)

  await userEvent.selectOptions(screen.getByLabelText('Flag'), 'Denied')
  await userEvent.click(screen.getByRole('button', { name: 'Filter' }))

  expect(router.state.location.search).toBe('?search=s1&flag=denied')
  await waitFor(() => expect(asked(calls)).toBe('search=s1&flag=denied&limit=25'))
})

test('the present filter is saved under a name and chosen', async () => {
  const searches: SavedSearch[] = []
  const calls = house(searches, {
    'POST /api/audit/searches': ({ body }) => {
      const { name, query } = body as SavedSearch
      searches.push(saved('s9', { name, query }))
      return searches[0] as object
    },
  })
  const router = open('/audit?resource=data.record&last=PT24H')
  await userEvent.click(await screen.findByRole('button', { name: 'Save search' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(dialog.getByText('Resource: data.record · Last 24 hours')).toBeDefined()
  await userEvent.click(dialog.getByRole('button', { name: 'Save search' }))
  expect(dialog.getByText('Write a name.')).toBeDefined()

  await userEvent.type(dialog.getByLabelText(/Name/), ' Records today ')
  await userEvent.click(dialog.getByRole('button', { name: 'Save search' }))

  await waitFor(() => expect(router.state.location.search).toBe('?search=s9'))
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'Records today',
    query: { resource: 'data.record', last: 'PT24H' },
  })
  expect(await screen.findByText(/Looks for: Resource: data.record/)).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Save search' })).toBeNull()
})

test('one’s own search can be deleted, another’s not', async () => {
  const searches = [saved('s1'), saved('s2', { mine: false })]
  const calls = house(searches, {
    'DELETE /api/audit/searches/s1': () => {
      searches.shift()
      return new Response(null, { status: 204 })
    },
  })
  const router = open('/audit?search=s2')
  await screen.findByText(/Looks for/)
  expect(screen.queryByRole('button', { name: 'Delete' })).toBeNull()

  await userEvent.selectOptions(screen.getByLabelText('Saved search'), 'Search s1')
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Delete “Search s1”?' }))
  await userEvent.click(dialog.getByRole('button', { name: 'Delete' }))

  await waitFor(() => expect(router.state.location.search).toBe(''))
  expect(calls.some(({ method }) => method === 'DELETE')).toBe(true)
  await waitFor(() => expect(screen.queryByRole('option', { name: 'Search s1' })).toBeNull())
})

test('an address with a search that is gone says so', async () => {
  house([])
  open('/audit?search=s7')

  expect(await screen.findByText(/was deleted, or it is not yours to see/)).toBeDefined()
})

test('resource, flag and a period reach the server and the address', async () => {
  const calls = house([])
  const router = open('/audit')
  await screen.findByText('No entries yet')

  await userEvent.type(screen.getByLabelText('Resource'), 'data.record')
  await userEvent.selectOptions(screen.getByLabelText('Flag'), 'Under grant')
  await userEvent.selectOptions(screen.getByLabelText('Period'), 'Last 24 hours')
  await userEvent.click(screen.getByRole('button', { name: 'Filter' }))

  expect(await screen.findByText('No entry matches')).toBeDefined()
  expect(router.state.location.search).toBe('?resource=data.record&flag=under-grant&last=PT24H')
  expect(asked(calls)).toBe('resource=data.record&flag=under-grant&last=PT24H&limit=25')
})

test('from and to are local minutes in the form and instants in the address', async () => {
  house([])
  const router = open('/audit?to=2026-11-24T12:30:00.000Z')
  await screen.findByText('No entry matches')
  const to = screen.getByLabelText<HTMLInputElement>('To, not included')
  expect(new Date(to.value).toISOString()).toBe('2026-11-24T12:30:00.000Z')

  await userEvent.type(screen.getByLabelText('From'), '2026-11-23T08:15')
  await userEvent.click(screen.getByRole('button', { name: 'Filter' }))

  const search = new URLSearchParams(router.state.location.search)
  expect(search.get('from')).toBe(new Date('2026-11-23T08:15').toISOString())
  expect(search.get('to')).toBe('2026-11-24T12:30:00.000Z')
})

test('what is asked beside a saved search is put together as the service does it', () => {
  const both = narrowed(
    { kind: 'read', last: 'PT1H' },
    { kind: 'update', actor: 'u-1', from: '2026-11-01T00:00:00Z' },
  )

  expect(both).toEqual({ kind: 'read', actor: 'u-1', last: 'PT1H' })
  expect(narrowed({ kind: 'read' }, { last: 'P7D' })).toEqual({ kind: 'read', last: 'P7D' })
  expect(narrowed({}, undefined)).toEqual({})
  expect(queryOf(new URLSearchParams('unattributed=true&limit=9&flag='))).toEqual({ unattributed: true })
  expect(wordsOf({ flag: 'new-one', last: 'PT90M' }, en, 'en')).toBe('Flag: new-one · Period: 90 minutes')
  expect(fromLocal('')).toBeUndefined()
  expect(fromLocal(toLocal('2026-11-24T12:30:00.000Z'))).toBe('2026-11-24T12:30:00.000Z')
  expect(toLocal('nonsense')).toBe('')
})
