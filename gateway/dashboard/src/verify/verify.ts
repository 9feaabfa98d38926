import { type Bytes, text } from './bytes'
import { openCheckpoint, type SignedCheckpoint } from './checkpoint'
import { EXPORT_MARK, type VerifiedExport, verifyExport } from './export-file'
import { failed } from './failure'
import type { VerifierKey } from './key'
import type { Source } from './lines'
import { parseNote } from './note'
import { PROOF_HEADER, type VerifiedProof, verifyProof } from './proof-file'

/** What `./elleve verify FILE` does, in the browser: a file, keys and arithmetic, and nothing of the server. */

export type VerifiedFile =
  | VerifiedProof
  | VerifiedExport
  | { kind: 'checkpoint'; checkpoint: SignedCheckpoint }

/** A proof or a checkpoint is a page of text; only exports are long. */
const LONGEST = 4 << 20

/** What is told on the way. */
export type Progress = {
  /** How many bytes of an export were read so far. */
  read: (bytes: number) => void
  /** Something does not fit, and it is looked for what was changed. */
  searching: () => void
}

const silent: Progress = { read: () => {}, searching: () => {} }

export async function verifyFile(
  file: Source & { name: string },
  keys: VerifierKey[],
  signal: AbortSignal,
  { read, searching }: Progress = silent,
): Promise<VerifiedFile> {
  const beginning = new TextDecoder().decode(await file.slice(0, EXPORT_MARK.length).arrayBuffer())
  if (beginning === EXPORT_MARK || file.name.endsWith('.jsonl')) return verifyExport(file, keys, signal, read)
  if (file.size > LONGEST) throw failed('too-large', { limit: LONGEST })
  const bytes: Bytes = new Uint8Array(await file.slice(0, LONGEST).arrayBuffer())
  // Looked at leniently: what is wrong in it is told by who reads it.
  const written = new TextDecoder().decode(bytes)
  if (isProof(file.name, written)) return verifyProof(bytes, keys, signal, searching)
  if (!written.includes('\n— ')) throw failed('not-recognised', {})
  return { kind: 'checkpoint', checkpoint: await openCheckpoint(parseNote(text(bytes)), keys) }
}

const isProof = (name: string, written: string): boolean =>
  name.endsWith('.tlog-proof') ||
  written.split('\n').some((line) => line.startsWith(PROOF_HEADER) || line.startsWith('index '))
