import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type { Backup, BackupStatus, Cluster, Drill, Erasure, Page, Verification } from '../api/types'
import { open } from '../test/render'
import { as, type Call, gateway, problem } from '../test/server'

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

const main: Cluster = {
  id: '7',
  name: 'main',
  seenAt: new Date().toISOString(),
  drills: true,
  claims: [{ claim: 'backup.wal', state: 'holds', at: new Date().toISOString(), facts: {} }],
}

const north: Cluster = {
  id: '8',
  name: 'north',
  seenAt: '2026-11-24T10:00:00Z',
  drills: false,
  claims: [
    {
      claim: 'backup.full',
      state: 'fails',
      at: '2026-11-24T10:00:00Z',
      facts: { reason: 'there is no full backup yet' },
    },
    { claim: 'backup.drill', state: 'unmeasured', facts: {} },
  ],
}

function store(
  role: string,
  status: Partial<BackupStatus> = {},
  more: Record<string, object | ((call: Call) => Response | object)> = {},
) {
  return gateway({
    'GET /api/me': as(role),
    'GET /api/backups/clusters': { items: [main] },
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
    'POST /api/backups/drills': {},
    'POST /api/backups/verifications': {},
    ...more,
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

const two = { 'GET /api/backups/clusters': { items: [main, north] } }

const posts = (calls: Call[]) => calls.filter(({ method }) => method === 'POST')

test('with one cluster there is nothing to choose, and an order names none', async () => {
  const calls = store('administrator')
  open('/backups')

  await userEvent.click(await screen.findByRole('button', { name: 'Back up now' }))
  expect(await screen.findByText(/^Started\./)).toBeDefined()

  expect(screen.queryByLabelText('Cluster')).toBeNull()
  expect(posts(calls)[0]?.body).toEqual({ kind: 'full' })
  expect(screen.queryByRole('columnheader', { name: 'Cluster' })).toBeNull()
})

test('with several clusters all work is listed with whose it is, and nothing is ordered before one is chosen', async () => {
  const calls = store('administrator', {}, two)
  open('/backups')

  expect(await screen.findByText('Choose one to order backups, drills and readings of it.')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull()
  expect(await screen.findAllByRole('columnheader', { name: 'Cluster' })).toHaveLength(4)
  expect(screen.getByRole('row', { name: /^Full main Failed/ })).toBeDefined()
  expect(calls.find(({ path }) => path === '/api/backups')?.query.has('cluster')).toBe(false)
})

test('the chosen cluster stands in the address, narrows every list, and is named in orders', async () => {
  const calls = store('administrator', {}, two)
  const router = open('/backups')

  await userEvent.selectOptions(await screen.findByLabelText('Cluster'), 'main')
  expect(router.state.location.search).toBe('?cluster=7')
  await userEvent.click(await screen.findByRole('button', { name: 'Back up now' }))
  expect(await screen.findByText(/^Started\./)).toBeDefined()

  expect(posts(calls)[0]?.body).toEqual({ kind: 'full', cluster: '7' })
  for (const list of ['', '/drills', '/erasures', '/verifications']) {
    expect(
      calls.some(({ path, query }) => path === `/api/backups${list}` && query.get('cluster') === '7'),
    ).toBe(true)
  }

  await userEvent.selectOptions(screen.getByLabelText('Cluster'), 'All clusters')
  expect(router.state.location.search).toBe('')
})

test('of a cluster whose process does not answer it is said what was measured last', async () => {
  store('auditor', {}, two)
  open('/backups?cluster=8')

  expect(await screen.findByText('No figures of this moment for north')).toBeDefined()
  expect(screen.queryByText('Within the promise')).toBeNull()
  const cluster = within(await screen.findByRole('listitem', { name: 'north' }))
  expect(cluster.getByText('Its process is silent')).toBeDefined()
  expect(cluster.getByText(/Restore drills are not set up/)).toBeDefined()
  expect(cluster.getByText('there is no full backup yet')).toBeDefined()
  expect(cluster.getByText('Not measured yet')).toBeDefined()
  expect(screen.queryByRole('listitem', { name: 'main' })).toBeNull()
})

test('an address with a cluster that is gone says so and offers the others', async () => {
  store('auditor', {}, two)
  open('/backups?cluster=6')

  expect(await screen.findByText('The cluster in this address is not backed up here')).toBeDefined()
  expect(screen.getByRole('option', { name: 'north' })).toBeDefined()
})

test('clusters that cannot be told are no reason to show nothing else', async () => {
  store(
    'auditor',
    {},
    {
      'GET /api/backups/clusters': problem(500, { title: 'Something broke', code: 'internal' }),
    },
  )
  open('/backups')

  expect((await screen.findByRole('alert')).textContent).toContain('Something broke')
  expect(await screen.findByText('Within the promise')).toBeDefined()
})

test('a drill is ordered with what the copy is compared with, and what that proves', async () => {
  const calls = store('administrator')
  open('/backups')
  await userEvent.click(await screen.findByRole('button', { name: 'Run a restore drill' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Run a restore drill' }))
  expect(dialog.getByText(/all that is there now comes back/)).toBeDefined()
  expect(dialog.getByText(/nobody changed any past the log/)).toBeDefined()

  await userEvent.click(dialog.getByRole('radio', { name: /audit log of all changes/ }))
  await userEvent.click(dialog.getByRole('button', { name: 'Run a restore drill' }))

  expect(await screen.findByText(/^Started\./)).toBeDefined()
  expect(screen.queryByRole('dialog')).toBeNull()
  expect(posts(calls)[0]?.body).toEqual({ comparedWith: 'log' })
})

test('without a tally the refusal says why, and the other comparison can be ordered at once', async () => {
  const calls = store(
    'administrator',
    {},
    {
      ...two,
      'POST /api/backups/drills': ({ body }: Call) =>
        (body as { comparedWith: string }).comparedWith === 'source'
          ? {}
          : problem(409, {
              title: 'There is nothing of the log to compare a restored copy with',
              detail:
                'The copy can only be compared with the source: audit-service has told no tally of this cluster yet.',
              code: 'no-tally',
            }),
    },
  )
  open('/backups?cluster=7')
  await userEvent.click(await screen.findByRole('button', { name: 'Run a restore drill' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Run a restore drill: main' }))
  await userEvent.click(dialog.getByRole('radio', { name: /audit log of all changes/ }))
  await userEvent.click(dialog.getByRole('button', { name: 'Run a restore drill' }))

  const refused = await dialog.findByRole('alert')
  expect(refused.textContent).toContain('There is nothing of the log to compare a restored copy with')
  expect(refused.textContent).toContain('audit-service has told no tally of this cluster yet')
  expect(dialog.getByText(/after the next tally a drill can be compared with the log/)).toBeDefined()

  await userEvent.click(dialog.getByRole('radio', { name: /databases as they are now/ }))
  expect(dialog.queryByRole('alert')).toBeNull()
  await userEvent.click(dialog.getByRole('button', { name: 'Run a restore drill' }))
  expect(await screen.findByText(/^Started\./)).toBeDefined()
  expect(posts(calls).map(({ body }) => body)).toEqual([
    { comparedWith: 'log', cluster: '7' },
    { comparedWith: 'source', cluster: '7' },
  ])
})

test('a comparison that the service does not know is said with what to do', async () => {
  store(
    'administrator',
    {},
    {
      'POST /api/backups/drills': problem(422, {
        title: 'A restored copy is not compared with that',
        detail: 'comparedWith is either source or log.',
        code: 'comparison-unknown',
      }),
    },
  )
  open('/backups')
  await userEvent.click(await screen.findByRole('button', { name: 'Run a restore drill' }))
  const dialog = within(await screen.findByRole('dialog'))
  await userEvent.click(dialog.getByRole('button', { name: 'Run a restore drill' }))

  expect((await dialog.findByRole('alert')).textContent).toContain('comparison-unknown')
  expect(dialog.getByText(/may be older than this page/)).toBeDefined()
})

test('a drill that is under way says what it is compared with', async () => {
  store(
    'auditor',
    {},
    {
      'GET /api/backups/drills': {
        items: [
          {
            id: 'd-2',
            cluster: '7',
            state: 'running',
            cause: 'requested',
            comparedWith: 'log',
            startedAt: '2026-11-24T10:00:00Z',
          },
        ],
      } satisfies Page<Drill>,
    },
  )
  open('/backups')

  const row = await screen.findByRole('row', { name: /Running/ })
  expect(row.textContent).toContain('Against the audit log of all changes')
})
