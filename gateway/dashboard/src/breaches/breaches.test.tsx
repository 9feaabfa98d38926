import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import type {
  Assessment,
  BreachDetail,
  BreachEvent,
  BreachNotice,
  Decision,
  NewDecision,
  Page,
} from '../api/types'
import { open } from '../test/render'
import { as, gateway, problem } from '../test/server'

const breach: BreachDetail = {
  id: 'b-1',
  title: { da: 'Ændring uden ophav', en: 'Change without an author' },
  kind: 'unattributed-change',
  findings: 1,
  state: 'open',
  severity: 'high',
  tenant: 'nord',
  discoveredAt: new Date(Date.now() - 3_600_000).toISOString(),
  deadline: new Date(Date.now() + 71 * 3_600_000).toISOString(),
  facts: { kinds: ['C', 'I'], permanentLoss: false, cause: 'direct change' },
  clocks: [],
}

const around = {
  'GET /api/breaches/b-1/timeline': {
    items: [
      {
        time: breach.discoveredAt,
        kind: 'opened',
        actor: { kind: 'system', id: 'breach/findings' },
        detail: {},
      },
    ],
  } satisfies Page<BreachEvent>,
  'GET /api/breaches/b-1/assessment': {
    document: true,
    notifyAuthority: true,
    notifySubjects: false,
    rules: [{ id: 'r', text: { da: 'Integriteten kan være brudt.', en: 'Integrity may be broken.' } }],
    enisa: {
      score: 1.75,
      band: 'low',
      inputs: { dpc: 1, ei: 0.5, confidentiality: 0.5, integrity: 0.75, availability: 0, malicious: 0 },
    },
    nearest: [],
    missing: [],
  } satisfies Assessment,
  'GET /api/breaches/b-1/notices': {
    items: [
      {
        id: '1',
        number: 1,
        audience: 'authority',
        state: 'draft',
        text: { da: 'Udkast', en: 'Draft' },
        createdAt: breach.discoveredAt,
      },
    ],
  } satisfies Page<BreachNotice>,
}

test('the list shows state, severity and the running clock', async () => {
  gateway({
    'GET /api/me': as('dpo'),
    'GET /api/breaches': {
      items: [
        breach,
        {
          ...breach,
          id: 'b-2',
          title: { da: 'Gammel sag', en: 'Old case' },
          state: 'closed',
          deadline: undefined,
        },
      ],
    },
  })
  open('/breaches')

  expect(await screen.findByRole('link', { name: 'Change without an author' })).toBeDefined()
  expect(screen.getAllByText('High')).toHaveLength(2)
  expect(screen.getByRole('timer').textContent).toMatch(/2 days 2[23] hrs left/)
  expect(screen.getByText('No clock running')).toBeDefined()
})

test('an empty list says what would open a case', async () => {
  gateway({ 'GET /api/me': as('dpo'), 'GET /api/breaches': { items: [] } })
  open('/breaches')

  expect(await screen.findByText(/A finding from any service opens one here/)).toBeDefined()
})

test('a case shows its facts in words and what the rules advise', async () => {
  gateway({ 'GET /api/me': as('auditor'), 'GET /api/breaches/b-1': breach, ...around })
  open('/breaches/b-1')

  expect(await screen.findByText('confidentiality, integrity')).toBeDefined()
  expect(screen.getByText('Permanent loss').nextSibling?.textContent).toBe('No')
  expect(await screen.findByText('Integrity may be broken.')).toBeDefined()
  expect(await screen.findByText(/breach\/findings/)).toBeDefined()
  expect(await screen.findByRole('row', { name: 'authority draft No' })).toBeDefined()
  expect(screen.getByText('Only the data protection officer decides.')).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Record decision' })).toBeNull()
})

test('the decision needs a reason, is sent once and is shown', async () => {
  let decided: Decision | undefined
  const calls = gateway({
    'GET /api/me': as('dpo'),
    'GET /api/breaches/b-1': () => ({
      ...breach,
      ...(decided ? { state: 'decided', decision: decided } : {}),
    }),
    'POST /api/breaches/b-1/decision': ({ body }) => {
      decided = { ...(body as NewDecision), decidedAt: new Date().toISOString(), decidedBy: 'u-1' }
      return decided
    },
    ...around,
  })
  open('/breaches/b-1')
  await userEvent.click(await screen.findByRole('button', { name: 'Record decision' }))
  expect(screen.getByText('Write the reason: it is part of the register.')).toBeDefined()
  expect(calls.some(({ method }) => method === 'POST')).toBe(false)

  await userEvent.click(screen.getByLabelText('Tell the authority'))
  await userEvent.type(screen.getByLabelText(/Reason/), 'Integrity was broken.')
  await userEvent.click(screen.getByRole('button', { name: 'Record decision' }))

  expect(await screen.findByText('The decision is recorded.')).toBeDefined()
  expect(await screen.findByText('Integrity was broken.')).toBeDefined()
  const posts = calls.filter(({ method }) => method === 'POST')
  expect(posts.map(({ body }) => body)).toEqual([
    { notifyAuthority: true, notifySubjects: false, reason: 'Integrity was broken.' },
  ])
})

test('a refused decision shows why, keeps the text, and a second try repeats the same key', async () => {
  const calls = gateway({
    'GET /api/me': as('dpo'),
    'GET /api/breaches/b-1': breach,
    'POST /api/breaches/b-1/decision': problem(409, {
      title: 'The facts changed',
      code: 'breach.facts-changed',
    }),
    ...around,
  })
  open('/breaches/b-1')
  await userEvent.type(await screen.findByLabelText(/Reason/), 'Because.')
  await userEvent.click(screen.getByRole('button', { name: 'Record decision' }))
  expect(await screen.findByText('The facts changed')).toBeDefined()

  await userEvent.click(screen.getByRole('button', { name: 'Record decision' }))
  await waitFor(() => expect(calls.filter(({ method }) => method === 'POST')).toHaveLength(2))

  const keys = calls
    .filter(({ method }) => method === 'POST')
    .map(({ headers }) => headers.get('Idempotency-Key'))
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(keys[1]).toBe(keys[0])
  expect(screen.getByLabelText<HTMLTextAreaElement>(/Reason/).value).toBe('Because.')
})
