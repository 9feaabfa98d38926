import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import type { Answer, AnswerHistory, Page } from '../api/types'
import { open } from '../test/render'
import { gateway, problem, signedOut } from '../test/server'
import { provenShare, spansWithin } from './history'

const answers: Page<Answer> = {
  items: [
    {
      number: 1,
      question: { da: 'Hvor er data?', en: 'Where is the data?' },
      state: 'proven',
      since: '2026-11-01T10:00:00Z',
      claims: [
        {
          id: '1.region',
          text: { da: 'Alt ligger i EU.', en: 'Everything lies in the EU.' },
          state: 'proven',
          lastProof: '2026-11-24T10:00:00Z',
          freshFor: 'PT26H',
          evidence: { facts: {}, holds: true, measuredAt: '2026-11-24T10:00:00Z', index: 42 },
        },
      ],
    },
    { number: 2, question: { da: 'Backup?', en: 'Backup?' }, state: 'stale', claims: [] },
    { number: 3, question: { da: 'Antivirus?', en: 'Antivirus?' }, state: 'unproven', claims: [] },
    { number: 9, question: { da: 'Test?', en: 'Testing?' }, state: 'broken', claims: [] },
  ],
}

test('every state is told in words, not by colour alone', async () => {
  gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': answers })
  open('/')

  const cards = await screen.findAllByRole('article')

  expect(cards).toHaveLength(4)
  expect(within(cards[0] as HTMLElement).getAllByText('Proven')).not.toHaveLength(0)
  expect(within(cards[1] as HTMLElement).getByText('Proof too old')).toBeDefined()
  expect(within(cards[2] as HTMLElement).getByText('Not yet proven')).toBeDefined()
  expect(within(cards[3] as HTMLElement).getByText('Broken')).toBeDefined()
  expect(screen.getByText('1 of 4 proven now')).toBeDefined()
  expect(screen.getByRole('link', { name: 'Answer 9: Broken' }).getAttribute('href')).toBe('#answer-9')
})

test('a weaker answer does not repeat its promise', async () => {
  const broken = { ...answers.items[0], state: 'broken' }
  gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': { items: [broken] } })
  open('/')

  const card = await screen.findByRole('article')

  expect(within(card).getByText(/The latest proof failed/)).toBeDefined()
})

test('a claim shows its last proof, how long it holds, and where to see it', async () => {
  gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': answers })
  open('/')
  await userEvent.click(await screen.findByText('1 claim'))

  expect(screen.getByText('26 hours')).toBeDefined()
  expect(screen.getByRole('link', { name: 'Entry 42 in the audit log' }).getAttribute('href')).toBe(
    '/api/audit/entries/42/proof',
  )
})

test('the language can be switched, is remembered, and reaches the server', async () => {
  const calls = gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': answers })
  open('/')
  await screen.findByText('Where is the data?')

  await userEvent.click(screen.getByRole('button', { name: 'Dansk' }))

  expect(await screen.findByText('Hvor er data?')).toBeDefined()
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Elleve svar, målt')
  expect(within(await screen.findByRole('main')).getAllByText('Endnu ikke bevist')).not.toHaveLength(0)
  expect(document.documentElement.lang).toBe('da')
  expect(localStorage.getItem('elleve.language')).toBe('da')
  expect(
    calls
      .filter(({ path }) => path === '/api/answers')
      .at(-1)
      ?.headers.get('Accept-Language'),
  ).toBe('da')
})

test('a failing service is shown in its own words, and can be asked again', async () => {
  let healthy = false
  gateway({
    'GET /api/me': signedOut(),
    'GET /api/answers': () =>
      healthy
        ? answers
        : problem(500, {
            title: 'The log is being rebuilt',
            detail: 'About a minute left.',
            code: 'audit.rebuilding',
          }),
  })
  open('/')

  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain('The log is being rebuilt')
  expect(alert.textContent).toContain('About a minute left.')
  expect(alert.textContent).toContain('audit.rebuilding')

  healthy = true
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }))

  expect(await screen.findByText('Where is the data?')).toBeDefined()
})

test('a gateway that does not answer is said so, and asked again on demand', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  open('/')
  const alert = await screen.findByRole('alert', {}, { timeout: 4000 })
  expect(alert.textContent).toContain('No answer from Elleve')

  gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': answers })
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }))

  expect(await screen.findByText('Where is the data?')).toBeDefined()
})

test('the detail page tells the history', async () => {
  gateway({
    'GET /api/me': signedOut(),
    'GET /api/answers': answers,
    'GET /api/answers/1/history': {
      items: [
        { state: 'broken', since: new Date(Date.now() - 10 * 86_400_000).toISOString() },
        { state: 'proven', since: new Date(Date.now() - 5 * 86_400_000).toISOString() },
      ],
    } satisfies AnswerHistory,
  })
  open('/answers/1')

  expect(await screen.findByText(/Proven 50\.\d\d% of the last 10 days/)).toBeDefined()
  await waitFor(() => expect(document.title).toBe('Where is the data? · Elleve'))
})

test('history is cut to the window and each span ends where the next begins', () => {
  const now = Date.parse('2026-11-24T00:00:00Z')

  const spans = spansWithin(
    [
      { state: 'proven', since: '2026-11-23T00:00:00Z' },
      { state: 'proven', since: '2020-01-01T00:00:00Z' },
      { state: 'broken', since: '2026-11-21T00:00:00Z' },
    ],
    now,
    4,
  )

  expect(spans.map(({ state, from, to }) => [state, (to - from) / 86_400_000])).toEqual([
    ['proven', 1],
    ['broken', 2],
    ['proven', 1],
  ])
  expect(provenShare(spans)).toEqual({ share: 0.5, days: 4 })
  expect(provenShare([])).toBeUndefined()
})
