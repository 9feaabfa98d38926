import { text } from './bytes'
import { openCheckpoint, type SignedCheckpoint } from './checkpoint'
import { failed } from './failure'
import type { Recomputed } from './fsck'
import { recomputeAside } from './fsck-aside'
import type { VerifierKey } from './key'
import type { LogPlace } from './log-place'
import { parseNote } from './note'

/** What `./elleve verify DIR` and `./elleve verify URL` do: a whole log is recomputed. */
export type VerifiedLog = Recomputed & {
  kind: 'log'
  checkpoint: SignedCheckpoint
  seconds: number
  place: LogPlace
}

/** How far it is. */
export type Pace = { entries: number; size: bigint; seconds: number }

export async function verifyLog(
  place: LogPlace,
  keys: VerifierKey[],
  signal: AbortSignal,
  progress: (pace: Pace) => void = () => {},
): Promise<VerifiedLog> {
  const source = place.source(signal)
  const note = await source('checkpoint')
  if (note === undefined) throw failed('missing', { path: 'checkpoint' })
  const checkpoint = await openCheckpoint(parseNote(text(note)), keys)
  const { size, root } = checkpoint
  const began = performance.now()
  const seconds = () => Math.max(1, performance.now() - began) / 1000
  progress({ entries: 0, size, seconds: 0 })
  const recomputed = await recomputeAside(source, { size, root }, signal, (entries) =>
    progress({ entries, size, seconds: seconds() }),
  )
  return { ...recomputed, kind: 'log', checkpoint, seconds: seconds(), place }
}
