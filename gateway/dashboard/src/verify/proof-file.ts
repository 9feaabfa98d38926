import { type Bytes, base64, same, text, toBase64, unsigned, utf8 } from './bytes'
import { openCheckpoint, type SignedCheckpoint } from './checkpoint'
import { inclusionFailure, rootOrNone } from './diagnosis'
import { Failed, failed } from './failure'
import { leafHash, parseHash } from './hash'
import type { VerifierKey } from './key'
import { isLike, type Leaf, parseLeaf } from './leaf'
import { checkInclusion, LONGEST_PATH } from './merkle'
import { parseNote } from './note'

/** That an entry is in a log (c2sp.org/tlog-proof@v1): its index, its path, the checkpoint; here the entry, too. */
export type Proof = {
  extra: Bytes | undefined
  index: bigint
  path: Bytes[]
  checkpoint: string
  /** The number of the line of the first path hash. */
  pathLine: number
}

export type VerifiedProof = {
  kind: 'proof'
  index: bigint
  leafHash: string
  checkpoint: SignedCheckpoint
  entry: Leaf | { bytes: number }
}

export const PROOF_HEADER = 'c2sp.org/tlog-proof@v1'

const EXTRA = 'extra '
const INDEX = 'index '

export function parseProof(file: string): Proof {
  const lines = new Lines(file)
  if (lines.next() !== PROOF_HEADER) throw failed('proof-header', { expected: PROOF_HEADER }, { line: 1 })
  let line = lines.next()
  let extra: Bytes | undefined
  if (line.startsWith(EXTRA)) {
    extra = base64(line.slice(EXTRA.length), 'extra', { line: lines.number })
    line = lines.next()
  }
  if (!line.startsWith(INDEX)) throw failed('proof-index', {}, { line: lines.number })
  const index = unsigned(line.slice(INDEX.length), 'index', { line: lines.number })
  const pathLine = lines.number + 1
  const path: Bytes[] = []
  for (line = lines.next(); line !== ''; line = lines.next()) {
    if (path.length === LONGEST_PATH)
      throw failed('path-long', { limit: LONGEST_PATH }, { line: lines.number })
    path.push(parseHash(line, { pathHash: path.length + 1 }, { line: lines.number }))
  }
  const checkpoint = lines.rest()
  if (checkpoint === '') throw failed('proof-no-checkpoint', {}, { line: lines.number + 1 })
  return { extra, index, path, checkpoint, pathLine }
}

const format = ({ extra, index, path, checkpoint }: Proof): string =>
  [
    PROOF_HEADER,
    ...(extra === undefined ? [] : [EXTRA + toBase64(extra)]),
    `${INDEX}${index}`,
    ...path.map(toBase64),
    '',
    checkpoint,
  ].join('\n')

export async function verifyProof(
  file: Bytes,
  keys: VerifierKey[],
  signal: AbortSignal,
  searching: () => void = () => {},
): Promise<VerifiedProof> {
  const proof = parseProof(text(file))
  const { extra: entry, index, path } = proof
  if (entry === undefined) throw failed('proof-no-entry', {}, { line: 2 })
  const leaf = await leafHash(entry)
  const note = parseNote(proof.checkpoint, proof.pathLine + path.length + 1)
  const checkpoint = await openCheckpoint(note, keys, (size) => rootOrNone(index, size, leaf, path))
  try {
    await checkInclusion(index, checkpoint.size, leaf, path, checkpoint.root)
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    searching()
    throw await inclusionFailure(proof, entry, checkpoint, signal)
  }
  // Nothing may stand in the file that was not looked at.
  if (!same(utf8(format(proof)), file)) throw failed('proof-form', {})
  return {
    kind: 'proof',
    index,
    leafHash: toBase64(leaf),
    checkpoint,
    entry: isLike(entry) ? parseLeaf(entry) : { bytes: entry.length },
  }
}

class Lines {
  number = 0
  readonly #file: string
  #at = 0

  constructor(file: string) {
    this.#file = file
  }

  next(): string {
    const end = this.#file.indexOf('\n', this.#at)
    if (end < 0) throw failed('proof-broke-off', {}, { line: this.number + 1 })
    const line = this.#file.slice(this.#at, end)
    this.#at = end + 1
    this.number++
    return line
  }

  rest(): string {
    return this.#file.slice(this.#at)
  }
}
