import type { Breach } from '../api/types'
import type { Tone } from '../ui/parts'

export const openStates = ['open', 'assessed', 'decided', 'notified']

export const isOpen = ({ state }: Breach): boolean => state !== 'closed'

export function severityTone(severity: string): Tone {
  if (/^(high|very|critical)/.test(severity)) return 'bad'
  if (severity === 'medium') return 'warn'
  return 'plain'
}
