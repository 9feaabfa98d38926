import { rmSync } from 'node:fs'
import { MatchersV3, Pact } from '@pact-foundation/pact'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { get, type Query, send } from './client'
import { Problem } from './problem'
import type {
  Answer,
  AnswerHistory,
  Area,
  Assessment,
  AuditEntry,
  Backup,
  BackupStatus,
  Breach,
  BreachDetail,
  BreachEvent,
  Cluster,
  Collection,
  Comparison,
  ComparisonsAsked,
  DataRecord,
  Drill,
  Erasure,
  Hold,
  Me,
  Member,
  Page,
  Rules,
  SavedSearch,
  Tenant,
  Verification,
} from './types'

/**
 * What the dashboard relies on of the gateway and the services behind it, written down as `pact/dashboard-gateway.json`.
 * `pact/verify.mjs` asks a running platform on which the demo was told the same questions. Only what a page reads
 * stands here: a field that no page needs may go.
 */

const { boolean, eachLike, integer, like, number, regex, string } = MatchersV3

const pact = new Pact({
  consumer: 'dashboard',
  provider: 'gateway',
  dir: 'pact',
  logLevel: 'error',
})

const INSTANT = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$'
const DURATION = '^P.+$'
const instant = () => regex(INSTANT, '2026-11-24T12:00:00Z')
const duration = () => regex(DURATION, 'PT30M')
const oneOf = (...words: [string, ...string[]]) => regex(`^(${words.join('|')})$`, words[0])
const text = () => ({ da: string('Hændelse'), en: string('Incident') })
const id = () => regex('^\\S+$', '01930051-0000-7000-8000-000000000051')

// Pact adds to the file; what is no longer asked must not stay in it.
beforeAll(() => rmSync('pact/dashboard-gateway.json', { force: true }))
afterEach(() => vi.unstubAllGlobals())

/** `who` is a demo user of the local realm; none is somebody without a token. */
function asked(
  what: string,
  who: string | undefined,
  route: string,
  answer: object,
  check: (ask: <T>() => Promise<T>) => Promise<void>,
  query: Query = {},
) {
  test(what, async () => {
    await pact
      .addInteraction()
      .given('the demo was told')
      .given(who === undefined ? 'signed out' : `signed in as ${who}`)
      .uponReceiving(what)
      .withRequest('GET', route, (request) => {
        request.headers({ Accept: 'application/json' })
        for (const [name, value] of Object.entries(query)) request.query({ [name]: String(value) })
      })
      .willRespondWith(200, (response) => {
        response
          .headers({ 'Content-Type': regex('^application/json.*', 'application/json') })
          .jsonBody(answer)
      })
      .executeTest(async (mock) => {
        at(mock.url)
        await check(<T>() => get<T>(route, query))
      })
  })
}

/** A change, which the platform makes when it is asked. */
function posted<T>(
  what: string,
  who: string,
  route: string,
  body: object,
  status: number,
  answer: object,
  check: (answer: T | undefined) => Promise<void>,
) {
  test(what, async () => {
    await pact
      .addInteraction()
      .given('the demo was told')
      .given(`signed in as ${who}`)
      .uponReceiving(what)
      .withRequest('POST', route, (request) => {
        request.headers({ Accept: 'application/json' }).jsonBody(body)
      })
      .willRespondWith(status, (response) => {
        response
          .headers({ 'Content-Type': regex('^application/json.*', 'application/json') })
          .jsonBody(answer)
      })
      .executeTest(async (mock) => {
        at(mock.url)
        await check(await send<T>('POST', route, body))
      })
  })
}

/** The page's own client asks the address that stands for the gateway. */
function at(address: string) {
  vi.unstubAllGlobals()
  const plain = globalThis.fetch
  vi.stubGlobal('fetch', (route: string, init: RequestInit) => plain(address + route, init))
}

asked(
  'who is signed in',
  'dpo',
  '/api/me',
  { id: id(), name: string('dpo'), roles: eachLike('dpo') },
  async (ask) => {
    expect((await ask<Me>()).roles).toContain('dpo')
  },
)

asked(
  'the eleven answers, for everybody',
  undefined,
  '/api/answers',
  {
    items: eachLike({
      number: integer(5),
      question: text(),
      state: oneOf('proven', 'stale', 'broken', 'unproven'),
      claims: eachLike({
        id: string('backup.wal'),
        text: text(),
        state: oneOf('proven', 'stale', 'broken', 'unproven'),
        freshFor: duration(),
      }),
    }),
  },
  async (ask) => {
    const [answer] = (await ask<Page<Answer>>()).items
    expect(answer?.claims[0]?.state).toBe('proven')
  },
)

asked(
  'the history of an answer, for everybody',
  undefined,
  '/api/answers/2/history',
  { items: eachLike({ state: oneOf('proven', 'stale', 'broken', 'unproven'), since: instant() }) },
  async (ask) => {
    expect((await ask<AnswerHistory>()).items[0]?.since).toContain('T')
  },
)

const breach = {
  id: id(),
  title: text(),
  state: oneOf('open', 'assessed', 'decided', 'closed', 'notified'),
  severity: oneOf('high', 'medium', 'low'),
  kind: string('unattributed-change'),
  discoveredAt: instant(),
}

asked(
  'the open breach cases',
  'dpo',
  '/api/breaches',
  { items: eachLike(breach) },
  async (ask) => {
    expect((await ask<Page<Breach>>()).items[0]?.title).toHaveProperty('da')
  },
  { limit: 25 },
)

const CASE = '01930051-0000-7000-8000-000000000051'

test('one breach case, its timeline and its assessment', async () => {
  for (const [what, part, answer] of [
    ['a breach case', '', { ...breach, facts: like({}) }],
    [
      'the timeline of a breach case',
      '/timeline',
      {
        items: eachLike({
          time: instant(),
          kind: oneOf('opened', 'finding', 'facts', 'assessed', 'decided', 'notice', 'notified', 'closed'),
          actor: like({ id: string('breach/findings') }),
        }),
      },
    ],
    [
      'the assessment of a breach case',
      '/assessment',
      {
        document: boolean(true),
        notifyAuthority: boolean(true),
        notifySubjects: boolean(false),
        rules: eachLike({ id: string('art-33-1'), text: text() }),
        enisa: { score: number(1.75), band: oneOf('low', 'medium', 'high', 'very-high') },
      },
    ],
  ] as const) {
    await pact
      .addInteraction()
      .given('the demo was told')
      .given('signed in as dpo')
      .uponReceiving(what)
      .withRequest(
        'GET',
        MatchersV3.fromProviderState(`/api/breaches/\${breach}${part}`, `/api/breaches/${CASE}${part}`),
        (request) => {
          request.headers({ Accept: 'application/json' })
        },
      )
      .willRespondWith(200, (response) => {
        response.jsonBody(answer)
      })
      .executeTest(async (mock) => {
        at(mock.url)
        const seen = await get<BreachDetail | Page<BreachEvent> | Assessment>(`/api/breaches/${CASE}${part}`)
        expect(seen).toBeDefined()
      })
  }
})

asked(
  'the newest entries of the audit log',
  'auditor',
  '/api/audit/entries',
  {
    items: eachLike({ index: integer(17), time: instant(), kind: string('update'), flags: like([]) }),
    next: string('c29tZXdoZXJl'),
  },
  async (ask) => {
    const page = await ask<Page<AuditEntry>>()
    expect(page.items[0]?.index).toBe(17)
    expect(page.next).toBeDefined()
  },
  { limit: 8 },
)

const savedSearch = {
  id: id(),
  name: string('Changes without an author'),
  query: like({}),
  mine: boolean(true),
  createdAt: instant(),
}

posted(
  'a search to be saved',
  'auditor',
  '/api/audit/searches',
  { name: 'Changes without an author', query: { unattributed: true, last: 'PT24H' } },
  201,
  savedSearch,
  async (answer: SavedSearch | undefined) => {
    expect(answer?.mine).toBe(true)
  },
)

asked(
  'saved searches',
  'auditor',
  '/api/audit/searches',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Page<SavedSearch>>()).items).toEqual([])
  },
  { limit: 500 },
)

asked(
  'comparisons of the databases with their log',
  'auditor',
  '/api/audit/reconciliations',
  {
    items: eachLike({
      id: id(),
      source: string('tenant_data'),
      state: oneOf('equal', 'different'),
      began: instant(),
      ended: instant(),
      rows: integer(12),
      tables: eachLike({
        name: string('data.record'),
        state: oneOf('equal', 'begun', 'different', 'unreadable'),
        logged: integer(12),
        live: integer(12),
      }),
    }),
  },
  async (ask) => {
    expect((await ask<Page<Comparison>>()).items[0]?.tables[0]?.live).toBe(12)
  },
  { limit: 50 },
)

posted(
  'the databases to be compared now',
  'administrator',
  '/api/audit/reconciliations',
  {},
  202,
  { sources: eachLike('tenant_data') },
  async (answer: ComparisonsAsked | undefined) => {
    expect(answer?.sources).toEqual(['tenant_data'])
  },
)

asked(
  'how long entries of the audit log are kept',
  'dpo',
  '/api/audit/retention',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Rules>()).items).toEqual([])
  },
)

posted(
  'a legal hold to be placed',
  'dpo',
  '/api/audit/holds',
  { reason: 'dispute-2026-17', tenant: 'nord', from: '2026-01-01T00:00:00Z' },
  201,
  {
    id: id(),
    state: oneOf('holding', 'released'),
    tenant: string('nord'),
    reason: string('dispute-2026-17'),
    from: instant(),
    placed: instant(),
  },
  async (answer: Hold | undefined) => {
    expect(answer?.state).toBe('holding')
  },
)

asked(
  'legal holds',
  'dpo',
  '/api/audit/holds',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Page<Hold>>()).items).toEqual([])
  },
  { limit: 20 },
)

asked(
  'what was taken away of the audit log',
  'dpo',
  '/api/audit/entries',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Page<AuditEntry>>()).items).toEqual([])
  },
  { actor: 'audit/retention', kind: 'erasure', limit: 10 },
)

asked(
  'backups',
  'administrator',
  '/api/backups',
  {
    items: eachLike({
      id: id(),
      kind: oneOf('full', 'incremental'),
      state: oneOf('completed', 'queued', 'running', 'failed', 'expired', 'damaged'),
      requestedAt: instant(),
      attempts: integer(1),
      damagedPages: integer(0),
    }),
  },
  async (ask) => {
    expect((await ask<Page<Backup>>()).items[0]?.kind).toBe('full')
  },
  { limit: 20 },
)

asked(
  'readings of the backups',
  'administrator',
  '/api/backups/verifications',
  {
    items: eachLike({
      id: id(),
      kind: oneOf('whole', 'sample'),
      state: oneOf('passed', 'running', 'failed'),
      startedAt: instant(),
      objects: integer(12),
      total: integer(12),
      bytes: integer(1024),
      problems: like([]),
      orphans: like([]),
    }),
  },
  async (ask) => {
    expect((await ask<Page<Verification>>()).items[0]?.objects).toBe(12)
  },
  { limit: 10 },
)

asked(
  'whether everything is in the vault',
  'administrator',
  '/api/backups/status',
  {
    state: oneOf('protected', 'unprotected'),
    walAge: duration(),
    maxWalGap: duration(),
    walLimit: duration(),
    gaps: like([]),
  },
  async (ask) => {
    expect((await ask<BackupStatus>()).walAge).toBe('PT30M')
  },
)

asked(
  'the clusters that are backed up',
  'administrator',
  '/api/backups/clusters',
  {
    items: eachLike({
      id: id(),
      name: string('main'),
      seenAt: instant(),
      drills: boolean(true),
      claims: like([]),
    }),
  },
  async (ask) => {
    expect((await ask<Page<Cluster>>()).items[0]?.name).toBe('main')
  },
)

asked(
  'restore drills',
  'administrator',
  '/api/backups/drills',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Page<Drill>>()).items).toEqual([])
  },
  { limit: 10 },
)

asked(
  'erasures that no restore undoes',
  'auditor',
  '/api/backups/erasures',
  { items: like([]) },
  async (ask) => {
    expect((await ask<Page<Erasure>>()).items).toEqual([])
  },
  { limit: 10 },
)

asked(
  'tenants',
  'administrator',
  '/api/tenants',
  {
    items: eachLike({
      id: regex('^[a-z][a-z0-9-]+$', 'nord'),
      name: string('Nord A/S'),
      state: oneOf('open', 'opening', 'closing', 'closed'),
    }),
  },
  async (ask) => {
    expect((await ask<Page<Tenant>>()).items[0]?.state).toBe('open')
  },
  { limit: 50 },
)

asked(
  'the members of a tenant',
  'nord-admin',
  '/api/tenants/nord/members',
  { items: eachLike({ id: id(), login: string('nord-admin'), enabled: boolean(true) }) },
  async (ask) => {
    expect((await ask<Page<Member>>()).items[0]?.login).toBe('nord-admin')
  },
  { limit: 50 },
)

const area = {
  id: string('customers'),
  purpose: string('Delivering what customers ordered'),
  legalBasis: string('6.1.b'),
  dataSubjects: eachLike('customers'),
  dataCategories: eachLike('contact details'),
  recipients: like([]),
  retention: duration(),
}

asked('areas', 'nord-admin', '/api/areas', { items: eachLike(area) }, async (ask) => {
  expect((await ask<Page<Area>>()).items[0]?.retention).toBe('PT30M')
})

asked('one area', 'nord-admin', '/api/areas/customers', area, async (ask) => {
  expect((await ask<Area>()).id).toBe('customers')
})

asked(
  'the collections of an area',
  'nord-admin',
  '/api/areas/customers/collections',
  { items: eachLike({ id: string('people'), schema: like({ properties: like({}) }) }) },
  async (ask) => {
    expect((await ask<Page<Collection>>()).items[0]?.id).toBe('people')
  },
)

asked(
  'records',
  'nord-user',
  '/api/areas/customers/collections/people/records',
  { items: eachLike({ id: id(), createdAt: instant(), updatedAt: instant() }), next: string('c29tZXdoZXJl') },
  async (ask) => {
    expect((await ask<Page<DataRecord>>()).items[0]?.createdAt).toContain('T')
  },
  { limit: 25 },
)

test('a problem says what is wrong in words and by a stable code', async () => {
  for (const [what, who, route, status] of [
    ['somebody without a session', 'signed out', '/api/me', 401],
    ['somebody without the role', 'signed in as nord-user', '/api/backups', 403],
    ['an area that is not there', 'signed in as nord-admin', '/api/areas/nothing-here', 404],
  ] as const) {
    await pact
      .addInteraction()
      .given('the demo was told')
      .given(who)
      .uponReceiving(what)
      .withRequest('GET', route)
      .willRespondWith(status, (response) => {
        response
          .headers({ 'Content-Type': regex('^application/problem\\+json.*', 'application/problem+json') })
          .jsonBody({
            status: integer(status),
            title: string('It is not there'),
            detail: string('There is nothing like this.'),
            code: regex('^[a-z]+(-[a-z]+)*$', 'not-found'),
            instance: regex('^urn:uuid:.+$', 'urn:uuid:01930051-0000-7000-8000-000000000051'),
          })
      })
      .executeTest(async (mock) => {
        at(mock.url)
        await expect(get(route)).rejects.toBeInstanceOf(Problem)
      })
  }
})
