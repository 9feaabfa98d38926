import type { Messages } from '../i18n'
import type { Failure, Place } from './failure'

/** Which check failed, and why, in the reader's language. */
export function told({ code, facts }: Failure, t: Messages): string {
  // The one failure inside another.
  if (code === 'logged-damaged') return `${t.verify.failure[code]()} ${told(facts.why, t)}`
  // Each code has its own facts, and its own text that takes them.
  const text = t.verify.failure[code] as (facts: Failure['facts']) => string
  return text(facts)
}

export function placeOf(place: Place, t: Messages): string | undefined {
  const written = t.verify.where(place)
  return written === '' ? undefined : written.charAt(0).toUpperCase() + written.slice(1)
}
