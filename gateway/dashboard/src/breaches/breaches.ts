import type { Breach } from '../api/types'
import type { Tone } from '../ui/parts'

export const isOpen = ({ state }: Breach): boolean => state !== 'closed'

/** The clock runs until the case is decided: afterwards the deadline is history. */
export const clockRuns = ({ state, deadline }: Breach): boolean =>
  Boolean(deadline) && !['decided', 'notified', 'closed'].includes(state)

export function severityTone(severity: string): Tone {
  if (/^(high|very|critical)/.test(severity)) return 'bad'
  if (severity === 'medium') return 'warn'
  return 'plain'
}
