import { type Bytes, same } from './bytes'
import { type Checkpoint, textOf } from './checkpoint'
import { Failed, failed } from './failure'
import { leafHash } from './hash'
import { names, type VerifierKey, verifies } from './key'
import { pathLength, rootOf, sides } from './merkle'
import { idOf, type Note, type Signature } from './note'
import type { Proof } from './proof-file'
import { quickLeaf, quickNode } from './quick-hash'

/**
 * Says *what* was changed in something that does not verify.
 *
 * The mathematics only says that leaf, path and root do not fit together. But a change of one character can be found by
 * trying each the other way round: the one that makes everything fit is the one that was made. After two changes the
 * answer is as wide as what is known.
 */

/** After so many candidates the page may draw. */
const BETWEEN_RESTS = 1000

/** Entries longer than this are not searched for the changed character. */
const LONGEST_SEARCHED = 4096

// The signature holds, so size and root are true; entry, index and path are not all.

export async function inclusionFailure(
  proof: Proof,
  entry: Bytes,
  { size, root }: Checkpoint,
  signal: AbortSignal,
): Promise<Failed> {
  const { index, path, pathLine } = proof
  const leaf = await leafHash(entry)
  const indexLine = { line: pathLine - 1 }
  for (const belongs of oneDigitChanged(index)) {
    const leadsTo = await rootOrNone(belongs, size, leaf, path)
    if (leadsTo !== undefined && same(leadsTo, root)) {
      return failed('index-changed', { says: index, belongs }, indexLine)
    }
  }
  if (index >= size) return failed('outside', { entry: index, size }, indexLine)
  const needed = pathLength(index, size)
  if (path.length !== needed) {
    const facts = { entry: index, size, hashes: path.length, needed }
    return failed('path-length', facts, { line: pathLine })
  }
  const left = sides(index, size, path.length)
  const climb = (start: Bytes, from: number): Bytes => {
    let hash = start
    for (let i = from; i < path.length; i++) hash = join(hash, path[i] as Bytes, left[i] as boolean)
    return hash
  }
  const isRoot = (hash: Bytes) => same(hash, root)
  let below = leaf
  for (const [i, hash] of path.entries()) {
    const fits = (was: Bytes) => isRoot(climb(join(below, was, left[i] as boolean), i + 1))
    const was = await changedCharacter(hash, fits, signal)
    if (was !== undefined && isRoot(await rootOf(index, size, leaf, path.with(i, was.bytes)))) {
      const facts = { number: i + 1, of: path.length, character: was.character }
      return failed('path-hash-changed', facts, { line: pathLine + i })
    }
    below = join(below, hash, left[i] as boolean)
  }
  if (entry.length <= LONGEST_SEARCHED) {
    const was = await changedCharacter(entry, (candidate) => isRoot(climb(quickLeaf(candidate), 0)), signal)
    if (was !== undefined && isRoot(await rootOf(index, size, await leafHash(was.bytes), path))) {
      return failed('leaf-changed', { character: 'extra '.length + was.character }, { line: 2 })
    }
  }
  return failed('leaf-or-path', { entry: index, from: pathLine, to: pathLine + path.length - 1 })
}

const join = (hash: Bytes, sibling: Bytes, siblingIsLeft: boolean): Bytes =>
  siblingIsLeft ? quickNode(sibling, hash) : quickNode(hash, sibling)

export async function rootOrNone(
  index: bigint,
  size: bigint,
  leaf: Bytes,
  path: Bytes[],
): Promise<Bytes | undefined> {
  try {
    return await rootOf(index, size, leaf, path)
  } catch (error) {
    if (error instanceof Failed) return undefined
    throw error
  }
}

type Candidate = { character: number; bytes: Bytes }

/** Tries every change of one base64 character; the page stays alive meanwhile, and may give up. */
async function changedCharacter(
  bytes: Bytes,
  fits: (was: Bytes) => boolean,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  let tried = 0
  for (const candidate of sixBitChanges(bytes)) {
    if (tried++ % BETWEEN_RESTS === 0) {
      await new Promise((rested) => setTimeout(rested))
      signal.throwIfAborted()
    }
    if (fits(candidate.bytes)) return candidate
  }
  return undefined
}

function* sixBitChanges(bytes: Bytes): Generator<Candidate> {
  for (let bit = 0; bit < bytes.length * 8; bit += 6) {
    const at = bit >> 3
    // The six bits lie in this byte and the next; the last character's unused ones stay zero.
    const shift = 10 - (bit & 7)
    const used = Math.min(6, bytes.length * 8 - bit)
    for (let mask = 1; mask < 1 << used; mask++) {
      const bits = (mask << (6 - used)) << shift
      const was = bytes.slice()
      was[at] = (was[at] as number) ^ (bits >> 8)
      if (at + 1 < was.length) was[at + 1] = (was[at + 1] as number) ^ (bits & 0xff)
      yield { character: bit / 6 + 1, bytes: was }
    }
  }
}

function oneDigitChanged(number: bigint): bigint[] {
  const digits = number.toString()
  return [...digits].flatMap((digit, i) =>
    [...'0123456789']
      .filter((other) => other !== digit && !(other === '0' && i === 0 && digits.length > 1))
      .map((other) => BigInt(digits.slice(0, i) + other + digits.slice(i + 1)))
      .filter((changed) => changed < 1n << 64n),
  )
}

// The signature does not hold: text or signature was changed.

export async function signatureFailure(
  note: Note,
  checkpoint: Checkpoint,
  signature: Signature,
  key: VerifierKey,
  rootByPath?: (size: bigint) => Promise<Bytes | undefined>,
): Promise<Failed> {
  const id = idOf(key)
  const at = { line: signature.line }
  const holds = (changed: Partial<Checkpoint>) =>
    verifies(key, textOf({ ...checkpoint, ...changed }), signature)
  if (key.name !== checkpoint.origin && (await holds({ origin: key.name }))) {
    const facts = { key: id, says: checkpoint.origin, signed: key.name }
    return failed('signed-origin', facts, { line: note.firstLine })
  }
  for (const size of oneDigitChanged(checkpoint.size)) {
    if (size !== 0n && (await holds({ size }))) {
      const sizeLine = note.firstLine + 1
      const facts = { key: id, says: checkpoint.size, signed: size, sizeLine }
      return failed('signed-size', facts, { line: sizeLine })
    }
  }
  const root = await rootByPath?.(checkpoint.size)
  if (root === undefined) return failed('signed-text', { key: id }, at)
  if (same(root, checkpoint.root)) return failed('signature-itself', { key: id }, at)
  if (checkpoint.size !== 0n && (await holds({ root }))) {
    const rootLine = note.firstLine + 2
    const written = textOf({ ...checkpoint, root }).split('\n')[2] as string
    return failed('signed-root', { key: id, root: written, rootLine }, { line: rootLine })
  }
  return failed('signed-text-and-path', { key: id }, at)
}

/**
 * A signature that a given key made, under another name or key id: for the reader of a note one of an unknown key, to be
 * ignored, and so the one place where a changed character would go unseen.
 */
export async function renamed(note: Note, keys: VerifierKey[]): Promise<Failed | undefined> {
  for (const key of keys) {
    for (const signature of note.signatures) {
      const sameName = key.name === signature.name
      const sameId = key.key === signature.key
      if (sameName === sameId) continue
      for (const was of restored(signature, key)) {
        if (names(key, was) && (await verifies(key, note.text, was))) {
          const facts = { key: idOf(key), wrong: sameName ? ('id' as const) : ('name' as const) }
          return failed('renamed', facts, { line: signature.line })
        }
      }
    }
  }
  return undefined
}

/**
 * What the signature may have been if it is this key's. One base64 character holds the last two bits of the key id and
 * the first four of the signature: where those two bits differ, the four may too.
 */
function restored(signature: Signature, key: VerifierKey): Signature[] {
  const sharedCharacter = (signature.key ^ key.key) >>> 2 === 0
  return Array.from({ length: sharedCharacter ? 16 : 1 }, (_, bits) => {
    const made = signature.made.slice()
    made[0] = (made[0] as number) ^ (bits << 4)
    return { name: key.name, key: key.key, made, line: signature.line }
  })
}
