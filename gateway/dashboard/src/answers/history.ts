import type { AnswerSpan, AnswerState } from '../api/types'

export type Span = { state: AnswerState; from: number; to: number }

export const DAYS = 365
const DAY = 86_400_000

/** The spans that touch the window before `now`, oldest first, cut to it; each ends where the next begins. */
export function spansWithin(items: AnswerSpan[], now: number, days = DAYS): Span[] {
  const start = now - days * DAY
  const ordered = items.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since))
  return ordered.flatMap(({ state, since, until }, i) => {
    const next = ordered[i + 1]
    const end = until ? Date.parse(until) : next ? Date.parse(next.since) : now
    const from = Math.max(Date.parse(since), start)
    const to = Math.min(end, now)
    return to > from ? [{ state, from, to }] : []
  })
}

/** Share of the recorded time in which the answer was proven, and how many days were recorded. */
export function provenShare(spans: Span[]): { share: number; days: number } | undefined {
  const recorded = spans.reduce((sum, { from, to }) => sum + to - from, 0)
  if (recorded === 0) return undefined
  const proven = spans.reduce((sum, { state, from, to }) => (state === 'proven' ? sum + to - from : sum), 0)
  return { share: proven / recorded, days: Math.max(1, Math.round(recorded / DAY)) }
}
