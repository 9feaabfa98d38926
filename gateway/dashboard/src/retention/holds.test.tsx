import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Hold } from '../api/types'
import { open } from '../test/render'
import { type Call, gateway, problem } from '../test/server'

const holding: Hold = {
  id: 'h-2',
  state: 'holding',
  tenant: 'nord',
  reason: 'dispute-2026-17',
  from: '2024-01-01T00:00:00Z',
  placed: '2026-11-20T09:00:00Z',
}

const released: Hold = {
  id: 'h-1',
  state: 'released',
  reason: 'authority-asks',
  placed: '2026-05-01T09:00:00Z',
  released: '2026-06-01T09:00:00Z',
  releaseReason: 'answered',
}

function house(role: string, more: Record<string, object | ((call: Call) => Response | object)> = {}) {
  return gateway({
    'GET /api/me': {
      id: 'u-1',
      name: 'Dorthe Poulsen',
      roles: [role],
      ...(role.startsWith('tenant-') ? { tenant: 'nord' } : {}),
    },
    'GET /api/audit/retention': {
      items: [{ entries: 'reads', period: 'P2Y', inForce: '2026-01-05T08:00:00Z' }],
    },
    'GET /api/audit/holds': { items: [holding, released] },
    'GET /api/audit/entries': { items: [] },
    'GET /api/tenants': { items: [{ id: 'nord', name: 'Nord A/S', state: 'open' }] },
    ...more,
  })
}

async function release(dialog: ReturnType<typeof within>) {
  await userEvent.type(dialog.getByLabelText(/Reason/), 'settled')
  await userEvent.click(dialog.getByRole('button', { name: 'Release' }))
}

const posted = (calls: Call[]) => calls.find(({ method }) => method === 'POST')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T12:00:00Z') })
})

test('holds are told with whose entries they hold, and those that ended with when', async () => {
  house('auditor')
  open('/retention')

  const held = await screen.findByRole('row', { name: /dispute-2026-17 Holds nord From .* on/ })
  expect(held).toBeDefined()
  expect(
    screen.getByRole('row', {
      name: /authority-asks Released ?1 Jun 2026.*answered Everybody All, also those to come/,
    }),
  ).toBeDefined()
  expect(screen.queryByRole('button', { name: /Place a hold|Release/ })).toBeNull()
})

test('a data protection officer places a hold on one tenant’s entries of some time', async () => {
  const calls = house('dpo', { 'POST /api/audit/holds': holding })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Place a hold' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Place a hold' }))

  await userEvent.type(dialog.getByLabelText(/Reason/), 'Case of Bo')
  await userEvent.type(dialog.getByLabelText('From'), '2026-02-01T10:00')
  await userEvent.type(dialog.getByLabelText('To, not included'), '2026-01-01T10:00')
  await userEvent.click(dialog.getByRole('button', { name: 'Place a hold' }))
  expect(dialog.getByText(/at most 60 small letters/)).toBeDefined()
  expect(dialog.getByText('The end must be after the beginning.')).toBeDefined()
  expect(posted(calls)).toBeUndefined()

  await userEvent.clear(dialog.getByLabelText(/Reason/))
  await userEvent.type(dialog.getByLabelText(/Reason/), 'dispute-2026-17')
  await userEvent.clear(dialog.getByLabelText('To, not included'))
  await userEvent.selectOptions(await dialog.findByLabelText('Tenant'), 'Nord A/S (nord)')
  await userEvent.click(dialog.getByRole('button', { name: 'Place a hold' }))

  expect(await screen.findByText('dispute-2026-17 holds from now on.')).toBeDefined()
  expect(posted(calls)?.body).toEqual({
    reason: 'dispute-2026-17',
    tenant: 'nord',
    from: new Date('2026-02-01T10:00').toISOString(),
  })
  expect(posted(calls)?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
})

test('a tenant holds its own entries and is asked for no tenant', async () => {
  const calls = house('tenant-dpo', { 'POST /api/audit/holds': holding })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Place a hold' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(dialog.queryByLabelText('Tenant')).toBeNull()

  await userEvent.type(dialog.getByLabelText(/Reason/), 'dispute')
  await userEvent.click(dialog.getByRole('button', { name: 'Place a hold' }))

  expect(await screen.findByText('dispute holds from now on.')).toBeDefined()
  expect(posted(calls)?.body).toEqual({ reason: 'dispute' })
  expect(calls.some(({ path }) => path === '/api/tenants')).toBe(false)
  expect(screen.getByText(/What the operator holds for everybody is not listed here/)).toBeDefined()
})

test('releasing a hold says first what the rules will take away', async () => {
  const calls = house('dpo', {
    'POST /api/audit/holds/h-2/release': {
      ...holding,
      state: 'released',
      released: '2026-11-24T12:00:00Z',
    },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Release dispute-2026-17' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Release dispute-2026-17' }))
  expect(dialog.getByText('Reads from before 24 Nov 2024')).toBeDefined()
  expect(dialog.getByText('What another hold covers stays.')).toBeDefined()

  await userEvent.click(dialog.getByRole('button', { name: 'Release' }))
  expect(dialog.getByText(/at most 60 small letters/)).toBeDefined()
  expect(posted(calls)).toBeUndefined()
  await release(dialog)

  expect(await screen.findByText(/dispute-2026-17 is released/)).toBeDefined()
  expect(posted(calls)?.path).toBe('/api/audit/holds/h-2/release')
  expect(posted(calls)?.body).toEqual({ reason: 'settled' })
})

test('a hold that keeps nothing from the rules says so before it is released', async () => {
  house('dpo', {
    'GET /api/audit/holds': { items: [{ ...holding, from: '2026-01-01T00:00:00Z' }] },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Release dispute-2026-17' }))

  expect(await screen.findByText('No rule takes anything of this away now.')).toBeDefined()
})

test('a hold that somebody else released meanwhile is said to have ended, and the list is read anew', async () => {
  let ended = false
  house('dpo', {
    'GET /api/audit/holds': () => ({ items: ended ? [] : [holding] }),
    'POST /api/audit/holds/h-2/release': () => {
      ended = true
      return problem(409, {
        title: 'The hold has ended already',
        detail: 'Nothing is left to do.',
        code: 'hold-released',
      })
    },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Release dispute-2026-17' }))
  const dialog = within(await screen.findByRole('dialog'))
  await release(dialog)

  expect((await dialog.findByRole('alert')).textContent).toContain('Nothing is left to do.')
  expect(dialog.queryByRole('button', { name: 'Release' })).toBeNull()
  expect(await screen.findByText('No legal holds')).toBeDefined()
})

test('a hold of somebody else’s is refused with whom to ask', async () => {
  house('tenant-admin', {
    'POST /api/audit/holds/h-2/release': problem(403, {
      title: 'The operator placed this hold',
      detail: 'Whoever placed a hold releases it.',
      code: 'hold-of-the-operator',
    }),
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Release dispute-2026-17' }))
  const dialog = within(await screen.findByRole('dialog'))
  await release(dialog)

  expect((await dialog.findByRole('alert')).textContent).toContain('The operator placed this hold')
  expect(dialog.getByText(/Ask them\./)).toBeDefined()
})

test('a long list of holds is read on with the cursor', async () => {
  house('auditor', {
    'GET /api/audit/holds': ({ query }) =>
      query.get('cursor') === null ? { items: [holding], next: 'older' } : { items: [released] },
  })
  open('/retention')
  await screen.findByRole('row', { name: /dispute-2026-17/ })
  expect(screen.queryByRole('row', { name: /authority-asks/ })).toBeNull()

  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))

  expect(await screen.findByRole('row', { name: /authority-asks/ })).toBeDefined()
})
