import { type Bytes, same, toBase64, unsigned } from './bytes'
import { renamed, signatureFailure } from './diagnosis'
import { failed } from './failure'
import { EMPTY_ROOT, parseHash } from './hash'
import { checkSignatures, secondsOf, type VerifierKey } from './key'
import { idOf, type Note, type Signature } from './note'

/** A log's statement of its whole content at one moment: so many entries, this root (c2sp.org/tlog-checkpoint). */
export type Checkpoint = { origin: string; size: bigint; root: Bytes; extensions: string[] }

/** A checkpoint whose signatures were checked; there is no other way to get one. */
export type SignedCheckpoint = Checkpoint & {
  signedBy: Signer[]
  /** Signatures of keys that were not given: nobody looked at them. */
  notChecked: string[]
}

/** @param at when a witness saw it */
export type Signer = { id: string; at?: string }

export function parseCheckpoint({ text, firstLine }: Note): Checkpoint {
  const lines = text.slice(0, -1).split('\n')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined) {
    throw failed('checkpoint-lines', { lines: lines.length }, { line: firstLine })
  }
  const empty = lines.indexOf('')
  if (empty >= 0) throw failed('checkpoint-empty-line', {}, { line: firstLine + empty })
  const checkpoint = {
    origin,
    size: unsigned(size, 'size', { line: firstLine + 1 }),
    root: parseHash(root, 'root', { line: firstLine + 2 }),
    extensions,
  }
  if (checkpoint.size === 0n && !same(checkpoint.root, EMPTY_ROOT)) {
    throw failed('checkpoint-empty-root', {}, { line: firstLine + 2 })
  }
  return checkpoint
}

/** The text that is signed. */
export const textOf = ({ origin, size, root, extensions }: Checkpoint): string =>
  [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('')

/**
 * The log itself must have signed: with a given key that is named as the origin. Given witnesses need not have, but what
 * they signed must verify.
 *
 * @param rootByPath where leaf, index and path of a proof lead to under a tree of that size
 */
export async function openCheckpoint(
  note: Note,
  keys: VerifierKey[],
  rootByPath?: (size: bigint) => Promise<Bytes | undefined>,
): Promise<SignedCheckpoint> {
  const checkpoint = parseCheckpoint(note)
  const { verified, wrong } = await checkSignatures(note, keys)
  if (wrong !== undefined) throw await signatureFailure(note, checkpoint, ...wrong, rootByPath)
  const changed = await renamed(note, keys)
  if (changed !== undefined) throw changed
  if (verified.length === 0) {
    throw failed('untrusted', { signed: note.signatures.map(idOf), trusted: keys.map(idOf) })
  }
  if (!verified.some(([, key]) => key.type === 'log' && key.name === checkpoint.origin)) {
    throw failed('not-the-log', { origin: checkpoint.origin }, { line: note.firstLine })
  }
  return {
    ...checkpoint,
    signedBy: verified.map(([signature, key]) => signerOf(signature, key)),
    notChecked: note.signatures.filter((each) => !verified.some(([known]) => known === each)).map(idOf),
  }
}

function signerOf(signature: Signature, key: VerifierKey): Signer {
  const seconds = key.type === 'witness' ? secondsOf(signature) : undefined
  // Later than a Date can say is later than anybody has seen anything.
  return seconds === undefined || seconds > 8_640_000_000_000n
    ? { id: idOf(signature) }
    : { id: idOf(signature), at: new Date(Number(seconds) * 1000).toISOString() }
}
