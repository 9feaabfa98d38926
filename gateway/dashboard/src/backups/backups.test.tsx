import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { Backup, BackupStatus, Drill, Erasure, Page, Verification } from '../api/types'
import { open } from '../test/render'
import { as, gateway } from '../test/server'

const usual: BackupStatus = {
  cluster: '7',
  state: 'protected',
  streaming: true,
  walAge: 'PT7S',
  walLagSeconds: 7,
  maxWalGap: 'PT9S',
  walLimit: 'PT5M',
  walShipped: '0/3000000',
  gaps: [],
}

function store(role: string, status: Partial<BackupStatus> = {}) {
  return gateway({
    'GET /api/me': as(role),
    'GET /api/backups/status': { ...usual, ...status },
    'GET /api/backups': {
      items: [
        {
          id: 'b-3',
          cluster: '7',
          kind: 'incremental',
          state: 'completed',
          cause: 'scheduled',
          requestedAt: '2026-11-24T13:30:00Z',
          attempts: 1,
          blocks: 1000,
          blocksStored: 25,
          damagedPages: 1,
        },
        {
          id: 'b-2',
          cluster: '7',
          kind: 'full',
          state: 'failed',
          cause: 'scheduled',
          requestedAt: '2026-11-24T10:00:00Z',
          attempts: 5,
          damagedPages: 0,
        },
      ],
    } satisfies Page<Backup>,
    'GET /api/backups/drills': {
      items: [
        {
          id: 'd-1',
          cluster: '7',
          state: 'passed',
          cause: 'plan',
          comparedWith: 'log',
          tablesCompared: 31,
          rowsCompared: 81234,
          tablesNotComparable: 2,
          startedAt: '2026-11-24T10:00:00Z',
          recoveryTime: 'PT41S',
          recoveryPoint: 'PT3S',
          logs: [
            {
              database: 'audit',
              origin: 'elleve.local/audit',
              size: 4711,
              root: 'c2lnbmVkLXJvb3Q=',
              anchor: 'agrees',
            },
          ],
        },
      ],
    } satisfies Page<Drill>,
    'GET /api/backups/erasures': {
      items: [
        {
          id: 'e-2',
          cluster: '7',
          tenant: 'syd',
          records: 3,
          erasedAt: '2026-11-24T12:00:00Z',
          journaledAt: '2026-11-24T12:00:01Z',
        },
        {
          id: 'e-1',
          cluster: '7',
          tenant: 'nord',
          keyId: 'k-1',
          records: 1200,
          erasedAt: '2026-11-23T12:00:00Z',
          journaledAt: '2026-11-23T12:00:01Z',
          drill: 'd-1',
          provenAt: '2026-11-24T10:01:00Z',
          recordsFound: 1200,
        },
      ],
    } satisfies Page<Erasure>,
    'GET /api/backups/verifications': {
      items: [
        {
          id: 'v-1',
          cluster: '7',
          kind: 'whole',
          state: 'failed',
          cause: 'scheduled',
          startedAt: '2026-11-24T10:00:00Z',
          objects: 12,
          total: 12,
          bytes: 1024,
          problems: [{ object: 'base/f/pack-000001', backup: 'f', what: "object 'pack-000001' is damaged" }],
          orphans: ['base/x/pack-000001', 'base/x/pack-000002'],
        },
      ],
    } satisfies Page<Verification>,
    'POST /api/backups': {},
    'POST /api/backups/verifications': {},
  })
}

test('the age of the log is measured against the promise', async () => {
  store('auditor')
  open('/backups')

  expect(await screen.findByText(/^7 secs?$/)).toBeDefined()
  expect(screen.getByText('Within the promise')).toBeDefined()
  expect(screen.getByText(/The promise is 5 minutes/)).toBeDefined()
})

test('a late log is said in words', async () => {
  store('auditor', { walAge: 'PT10M' })
  open('/backups')

  expect(await screen.findByText('Beyond the promise')).toBeDefined()
})

test('an age that cannot be read is not within the promise', async () => {
  store('auditor', { walAge: 'soon' })
  open('/backups')

  expect(await screen.findByText('Unknown')).toBeDefined()
  expect(screen.getByText('Beyond the promise')).toBeDefined()
})

test('a hole in the log is said before anything else', async () => {
  store('auditor', {
    trouble: 'The vault refuses: disk full',
    gaps: [
      {
        timeline: 1,
        from: '0/1000',
        to: '0/3000',
        safeUntil: '2026-11-24T09:59:00Z',
        foundAt: '2026-11-24T10:00:00Z',
      },
    ],
  })
  open('/backups')

  const [trouble, gap] = await screen.findAllByRole('alert')
  expect(trouble?.textContent).toContain('The vault refuses: disk full')
  expect(gap?.textContent).toContain('0/1000 – 0/3000')
})

test('backups and drills are told with how they ended', async () => {
  store('auditor')
  open('/backups')

  expect(await screen.findByRole('row', { name: /^Full Failed/ })).toBeDefined()
  const drill = await screen.findByRole('row', { name: /Passed.*41 seconds 3 seconds –$/ })
  expect(drill.textContent).toContain(
    '4,711 entries of the audit log lead to the signed root c2lnbmVkLXJvb3Q=',
  )
  expect(drill.textContent).toContain('81,234 rows are what the audit log of all changes says')
  expect(drill.textContent).toContain('Of 2 more tables the log can say nothing')
})

test('only an administrator starts backups', async () => {
  store('auditor')
  open('/backups')
  await screen.findByText(/^7 secs?$/)

  expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull()
})

test('an administrator starts one', async () => {
  const calls = store('administrator')
  open('/backups')

  await userEvent.click(await screen.findByRole('button', { name: 'Back up now' }))

  expect(await screen.findByText(/^Started\./)).toBeDefined()
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ kind: 'full' })
})

test('an incremental backup says how much had changed', async () => {
  store('auditor')
  open('/backups')

  expect(await screen.findByText('Incremental')).toBeDefined()
  expect(screen.getByText(/^2\.5\s?%$/)).toBeDefined()
  expect(screen.getByText('One page was already damaged on the server')).toBeDefined()
})

test('what a reading found is named', async () => {
  store('auditor')
  open('/backups')

  expect(await screen.findByText("object 'pack-000001' is damaged")).toBeDefined()
  expect(screen.getByText('2 objects belong to nothing')).toBeDefined()
})

test('who was erased is unreadable in older backups once a drill has looked', async () => {
  store('auditor')
  open('/backups')

  const proven = await screen.findByRole('row', { name: /nord.*Key k-1 is destroyed/ })
  expect(proven.textContent).toContain('Unreadable')
  expect(proven.textContent).toContain('A drill found 1,200 sealed records')
  expect(screen.getByRole('row', { name: /syd/ }).textContent).toContain('Waits for a drill')
})

test('an administrator asks for changes to be backed up, and for everything to be read again', async () => {
  const calls = store('administrator')
  open('/backups')

  await userEvent.click(await screen.findByRole('button', { name: 'Back up changes' }))
  await userEvent.click(screen.getByRole('button', { name: 'Read all backups again' }))

  const posts = calls.filter(({ method }) => method === 'POST')
  expect(posts.map(({ body }) => body)).toEqual([{ kind: 'incremental' }, { kind: 'whole' }])
})
