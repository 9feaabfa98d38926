import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Rule } from '../api/types'
import { open } from '../test/render'
import { as, type Call, gateway, problem } from '../test/server'

const rules: Rule[] = [
  { entries: 'reads', period: 'P2Y', inForce: '2026-01-05T08:00:00Z' },
  { entries: 'reads', period: 'P1Y', inForce: '2026-11-28T08:00:00Z' },
  { tenant: 'nord', entries: 'logins', period: 'P90D', inForce: '2026-03-02T08:00:00Z' },
  { tenant: 'syd', entries: 'reads', inForce: '2026-04-01T08:00:00Z' },
]

function house(role: string, more: Record<string, object | ((call: Call) => Response | object)> = {}) {
  const tenant = role.startsWith('tenant-') ? { tenant: 'nord' } : {}
  return gateway({
    'GET /api/me': { id: 'u-1', name: 'Dorthe Poulsen', roles: [role], ...tenant },
    // A tenant is told everybody's rules and its own.
    'GET /api/audit/retention': {
      items: rules.filter((rule) => tenant.tenant === undefined || (rule.tenant ?? 'nord') === 'nord'),
    },
    'GET /api/audit/holds': { items: [] },
    'GET /api/audit/entries': { items: [] },
    'GET /api/tenants': {
      items: [
        { id: 'nord', name: 'Nord A/S', state: 'open', askedAt: '2026-01-01T00:00:00Z' },
        { id: 'vest', name: 'Vest ApS', state: 'open', askedAt: '2026-01-01T00:00:00Z' },
      ],
    },
    ...more,
  })
}

const put = (calls: Call[]) => calls.find(({ method }) => method === 'PUT')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T12:00:00Z') })
})

test('each class of entries says how long it is kept for everybody, since when, and what comes', async () => {
  house('dpo')
  open('/retention')

  const reads = await screen.findByRole('listitem', { name: 'Reads' })
  expect(reads.textContent).toContain('2 years since 5 Jan 2026')
  expect(reads.textContent).toContain('From 28 Nov 2026: 1 year')
  expect(screen.getByRole('listitem', { name: 'Changes' }).textContent).toContain('For good')
  expect(screen.getByRole('row', { name: /^nord Sign-ins 90 days\s*since 2 Mar 2026/ })).toBeDefined()
  expect(screen.getByRole('row', { name: /^syd Reads For good\s*since 1 Apr 2026/ })).toBeDefined()
})

test('a tenant sees what counts for its own entries, and whether that was decided for it', async () => {
  house('tenant-dpo')
  open('/retention')

  const logins = await screen.findByRole('listitem', { name: 'Sign-ins' })
  expect(logins.textContent).toContain('90 days since 2 Mar 2026')
  expect(logins.textContent).toContain('Decided for you.')
  const reads = screen.getByRole('listitem', { name: 'Reads' })
  expect(reads.textContent).toContain('2 years')
  expect(reads.textContent).toContain('As for everybody.')
  expect(screen.getByRole('heading', { name: 'How long entries of nord are kept' })).toBeDefined()
  expect(screen.queryByText('Tenants with rules of their own')).toBeNull()
})

test('only an administrator, of the platform or of a tenant, changes how long entries are kept', async () => {
  house('dpo')
  open('/retention')
  await screen.findByRole('listitem', { name: 'Reads' })

  expect(screen.queryByRole('button', { name: /^Change|Decide for one tenant/ })).toBeNull()
  expect(screen.getByText(/An administrator decides for everybody and for each tenant/)).toBeDefined()
})

test('a period is decided with what nobody can read any more, and from when on', async () => {
  const calls = house('administrator', {
    'PUT /api/audit/retention/changes': {
      entries: 'changes',
      period: 'P3Y',
      inForce: '2026-12-01T12:00:00Z',
    },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Change how long is kept: Changes' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Change how long is kept: Changes' }))
  expect(dialog.getByText(/Kept now: For good/)).toBeDefined()

  await userEvent.selectOptions(dialog.getByLabelText('Keep'), 'Years')
  await userEvent.type(dialog.getByLabelText(/How many/), '3')

  const meaning = dialog.getByRole('region', { name: 'What this means' })
  expect(meaning.textContent).toContain(
    'Changes from before 1 Dec 2023: on 1 Dec 2026 nobody can read any more what they say.',
  )
  expect(meaning.textContent).toContain('It counts for all tenants.')
  expect(meaning.textContent).toContain('What is under a legal hold is not touched.')

  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))
  expect(dialog.getByText('Tick this to go on.')).toBeDefined()
  expect(put(calls)).toBeUndefined()

  await userEvent.click(dialog.getByLabelText(/nothing brings back/))
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))

  expect((await screen.findByText('Decided: Changes')).closest('div')?.textContent).toContain(
    'Kept 3 years, in force from 1 Dec 2026.',
  )
  expect(put(calls)?.body).toEqual({ period: 'P3Y' })
  expect(put(calls)?.query.get('tenant')).toBeNull()
})

test('a longer period says that the shorter one goes on until it is in force', async () => {
  house('administrator')
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Change how long is kept: Reads' }))
  const dialog = within(await screen.findByRole('dialog'))

  await userEvent.clear(dialog.getByLabelText(/How many/))
  await userEvent.type(dialog.getByLabelText(/How many/), '5')

  const meaning = dialog.getByRole('region', { name: 'What this means' })
  expect(meaning.textContent).toContain('Until 1 Dec 2026 the present rule goes on')
  expect(meaning.textContent).toContain('except those with a rule of their own: syd')
})

test('keeping for good counts at once and needs no confirmation', async () => {
  const calls = house('tenant-admin', {
    'PUT /api/audit/retention/logins': {
      tenant: 'nord',
      entries: 'logins',
      inForce: '2026-11-24T12:00:00Z',
    },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Change how long is kept: Sign-ins' }))
  const dialog = within(await screen.findByRole('dialog'))

  await userEvent.selectOptions(dialog.getByLabelText('Keep'), 'For good')
  expect(dialog.getByText(/nothing more of this is taken away/)).toBeDefined()
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))

  expect(await screen.findByText(/Kept for good, from now on/)).toBeDefined()
  expect(put(calls)?.body).toEqual({})
  expect(put(calls)?.query.get('tenant')).toBe('nord')
})

test('a rule for one tenant names the tenant, and says that everybody’s counts no longer', async () => {
  const calls = house('administrator', {
    'PUT /api/audit/retention/accesses': {
      tenant: 'vest',
      entries: 'accesses',
      period: 'P6M',
      inForce: '2026-12-01T12:00:00Z',
    },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Decide for one tenant' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Decide for one tenant' }))
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))
  expect(dialog.getByText('Choose whose entries.')).toBeDefined()

  await userEvent.selectOptions(await dialog.findByLabelText('Tenant'), 'vest')
  await userEvent.selectOptions(dialog.getByLabelText('Entries'), 'accesses')
  await userEvent.selectOptions(dialog.getByLabelText('Keep'), 'Months')
  await userEvent.type(dialog.getByLabelText(/How many/), '6')
  expect(dialog.getByText(/vest then has a rule of its own/)).toBeDefined()
  await userEvent.click(dialog.getByLabelText(/nothing brings back/))
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))

  expect(await screen.findByText('Decided: Accesses')).toBeDefined()
  expect(put(calls)?.query.get('tenant')).toBe('vest')
  expect(put(calls)?.body).toEqual({ period: 'P6M' })
})

test('a period that is too short is said before it is sent, and what the service refuses is shown', async () => {
  const calls = house('administrator', {
    'PUT /api/audit/retention/changes': problem(422, {
      title: 'What entries say is kept for longer',
      detail: 'The shortest period is 30 days.',
      code: 'period-too-short',
    }),
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Change how long is kept: Changes' }))
  const dialog = within(await screen.findByRole('dialog'))
  await userEvent.selectOptions(dialog.getByLabelText('Keep'), 'Days')
  await userEvent.type(dialog.getByLabelText(/How many/), '29')
  await userEvent.click(dialog.getByLabelText(/nothing brings back/))
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))
  expect(dialog.getByText('The shortest period is 30 days.')).toBeDefined()
  expect(put(calls)).toBeUndefined()

  await userEvent.clear(dialog.getByLabelText(/How many/))
  await userEvent.type(dialog.getByLabelText(/How many/), '30')
  await userEvent.click(dialog.getByRole('button', { name: 'Decide' }))

  const refused = await dialog.findByRole('alert')
  expect(refused.textContent).toContain('What entries say is kept for longer')
  expect(refused.textContent).toContain('period-too-short')
})

test('all tenants can be chosen, however many pages they are', async () => {
  house('administrator', {
    'GET /api/tenants': ({ query }) =>
      query.get('cursor') === null
        ? { items: [{ id: 'nord', name: 'Nord A/S', state: 'open' }], next: 'second' }
        : { items: [{ id: 'aalborg', name: 'Aalborg ApS', state: 'open' }] },
  })
  open('/retention')
  await userEvent.click(await screen.findByRole('button', { name: 'Decide for one tenant' }))

  expect(await screen.findByRole('option', { name: 'Aalborg ApS (aalborg)' })).toBeDefined()
})

test('what was taken away is told by the log itself', async () => {
  const calls = house('auditor', {
    'GET /api/audit/entries': {
      items: [
        {
          index: 4711,
          time: '2026-11-24T11:50:00Z',
          kind: 'erasure',
          tenant: 'nord',
          actor: { kind: 'system', id: 'audit/retention' },
          resource: 'retention/logins',
          after: { entries: 1234, newest: '2026-08-26T11:49:00Z' },
          flags: ['erasure', 'system'],
        },
      ],
    },
  })
  open('/retention')

  const run = await screen.findByRole('row', { name: /nord Sign-ins 1,234/ })
  await userEvent.click(within(run).getByRole('button', { name: 'Open entry 4711' }))
  expect(await screen.findByRole('dialog', { name: 'Entry 4711' })).toBeDefined()
  const asked = calls.find(({ path }) => path === '/api/audit/entries')
  expect(asked?.query.get('actor')).toBe('audit/retention')
  expect(asked?.query.get('kind')).toBe('erasure')
})

test('rules that cannot be told leave the holds on the page', async () => {
  house('dpo', {
    'GET /api/audit/retention': problem(500, { title: 'Something broke', code: 'internal' }),
  })
  open('/retention')

  expect((await screen.findByRole('alert')).textContent).toContain('Something broke')
  expect(await screen.findByText('No legal holds')).toBeDefined()
})

test('the page is in Danish, too', async () => {
  localStorage.setItem('elleve.language', 'da')
  const { chooseLanguage } = await import('../i18n')
  chooseLanguage('da')
  house('administrator')
  open('/retention')

  expect(await screen.findByRole('heading', { name: 'Opbevaring af revisionsloggen' })).toBeDefined()
  expect((await screen.findByRole('listitem', { name: 'Opslag' })).textContent).toContain('2 år')
})

test('a tenant user finds the door locked', async () => {
  gateway({ 'GET /api/me': as('tenant-user') })
  open('/retention')

  expect(await screen.findByText('This page is not for your role')).toBeDefined()
})
