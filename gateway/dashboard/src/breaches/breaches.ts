import type { Breach } from '../api/types'
import type { Tone } from '../ui/parts'

export const openStates: Breach['state'][] = ['open', 'assessed', 'decided', 'notified']

export const isOpen = ({ state }: Breach): boolean => state !== 'closed'

export function severityTone(severity: Breach['severity']): Tone {
  if (severity === 'high') return 'bad'
  if (severity === 'medium') return 'warn'
  return 'plain'
}
