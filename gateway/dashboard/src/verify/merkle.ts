import { type Bytes, same } from './bytes'
import { failed, require } from './failure'
import { HASH_LENGTH, nodeHash } from './hash'

/** Checking inclusion and consistency from nothing but the proof (RFC 9162 sections 2.1.3.2 and 2.1.4.2). */

/** A tree of 2^63 leaves has paths of 63 hashes; nothing longer is looked at. */
export const LONGEST_PATH = 63

const isOdd = (n: bigint): boolean => (n & 1n) === 1n

/** A node on the way up: `last` is the number of the last node on its level, and so tells the level. */
type Node = { number: bigint; last: bigint; hash: Bytes }

/**
 * The way from a leaf to the root, names as in the RFC. Each node that is reached is shown to `reached`, which may say
 * that the rest of the way is known.
 */
async function climb(
  index: bigint,
  size: bigint,
  leaf: Bytes,
  path: Bytes[],
  reached: (node: Node, step: number) => boolean = () => false,
): Promise<Bytes | 'known'> {
  require(path.length <= LONGEST_PATH, 'path-long', { limit: LONGEST_PATH })
  require(leaf.length === HASH_LENGTH, 'hash-length', { part: 'leaf', bytes: leaf.length })
  if (index >= size) throw failed('outside', { entry: index, size })
  let fn = index
  let sn = size - 1n
  let hash = leaf
  for (const [step, sibling] of path.entries()) {
    if (sn === 0n) throw failed('path-many', { hashes: path.length })
    if (isOdd(fn) || fn === sn) {
      hash = await nodeHash(sibling, hash)
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      hash = await nodeHash(hash, sibling)
    }
    fn >>= 1n
    sn >>= 1n
    if (reached({ number: fn, last: sn, hash }, step)) return 'known'
  }
  if (sn !== 0n) throw failed('path-few', { hashes: path.length })
  return hash
}

/** The root that a tree of `size` must have if `leaf` stands at `index` and `path` is its path. */
export async function rootOf(index: bigint, size: bigint, leaf: Bytes, path: Bytes[]): Promise<Bytes> {
  return (await climb(index, size, leaf, path)) as Bytes
}

export async function checkInclusion(
  index: bigint,
  size: bigint,
  leaf: Bytes,
  path: Bytes[],
  root: Bytes,
): Promise<void> {
  require(same(await rootOf(index, size, leaf, path), root), 'not-included', {})
}

/**
 * Checks leaf after leaf of one tree. Neighbours share the upper part of their paths: what was proved for the leaf before
 * is compared, not hashed again, so that a long export costs about two hashes a leaf and not the height of the tree.
 */
export class Inclusions {
  readonly #size: bigint
  readonly #root: Bytes
  #path: Bytes[] = []
  #proved = new Map<bigint, Node & { step: number }>()

  constructor(size: bigint, root: Bytes) {
    this.#size = size
    this.#root = root
  }

  async check(index: bigint, leaf: Bytes, path: Bytes[]): Promise<void> {
    const nodes = new Map<bigint, Node & { step: number }>()
    const end = await climb(index, this.#size, leaf, path, (node, step) => {
      nodes.set(node.last, { ...node, step })
      return this.#isProved(node, path, step)
    })
    if (end === 'known') {
      // The nodes above stay proved; only their steps are counted anew, since this path may be longer or shorter.
      const met = [...nodes.values()].at(-1) as Node & { step: number }
      const before = this.#proved.get(met.last) as Node & { step: number }
      for (const node of this.#proved.values()) {
        if (node.step > before.step)
          nodes.set(node.last, { ...node, step: node.step + met.step - before.step })
      }
    } else {
      require(same(end, this.#root), 'not-included', {})
    }
    this.#path = path
    this.#proved = nodes
  }

  #isProved({ number, last, hash }: Node, path: Bytes[], step: number): boolean {
    const before = this.#proved.get(last)
    return (
      before !== undefined &&
      before.number === number &&
      same(before.hash, hash) &&
      path.length - step === this.#path.length - before.step &&
      path.slice(step + 1).every((sibling, i) => same(sibling, this.#path[before.step + 1 + i] as Bytes))
    )
  }
}

/** How long the path of a leaf is. Inside the last perfect subtree that it shares with the last leaf every level counts. */
export function pathLength(index: bigint, size: bigint): number {
  const inner = bits(index ^ (size - 1n))
  let above = 0
  for (let rest = index >> BigInt(inner); rest > 0n; rest >>= 1n) above += Number(rest & 1n)
  return inner + above
}

/** Whether each sibling on the way stands to the left. */
export function sides(index: bigint, size: bigint, length: number): boolean[] {
  const inner = bits(index ^ (size - 1n))
  return Array.from({ length }, (_, i) => i >= inner || isOdd(index >> BigInt(i)))
}

const bits = (n: bigint): number => (n === 0n ? 0 : n.toString(2).length)

/**
 * That the tree of `oldSize` and `oldRoot` is the beginning of the tree of `newSize` and `newRoot`. An old size of 0 is
 * refused: it proves nothing.
 */
export async function checkConsistency(
  oldSize: bigint,
  oldRoot: Bytes,
  newSize: bigint,
  newRoot: Bytes,
  path: Bytes[],
): Promise<void> {
  require(oldSize <= newSize, 'older-larger', { older: oldSize, newer: newSize })
  require(oldSize !== 0n, 'older-empty', {})
  if (oldSize === newSize) {
    require(path.length === 0, 'path-needless', {})
    require(same(oldRoot, newRoot), 'two-trees', { size: oldSize })
    return
  }
  require(path.length <= LONGEST_PATH, 'path-long', { limit: LONGEST_PATH })
  let fn = oldSize - 1n
  let sn = newSize - 1n
  while (isOdd(fn)) {
    fn >>= 1n
    sn >>= 1n
  }
  // A perfect old tree is a node of the new one, and its root need not be sent.
  const nodes = fn === 0n ? [oldRoot, ...path] : path
  const [first, ...rest] = nodes
  if (first === undefined || path.length === 0) throw failed('path-empty', {})
  let oldHash = first
  let newHash = first
  for (const hash of rest) {
    if (sn === 0n) throw failed('path-many', { hashes: path.length })
    if (isOdd(fn) || fn === sn) {
      oldHash = await nodeHash(hash, oldHash)
      newHash = await nodeHash(hash, newHash)
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n
        sn >>= 1n
      }
    } else {
      newHash = await nodeHash(newHash, hash)
    }
    fn >>= 1n
    sn >>= 1n
  }
  if (sn !== 0n) throw failed('path-few', { hashes: path.length })
  require(same(oldHash, oldRoot), 'not-the-old-root', {})
  require(same(newHash, newRoot), 'not-the-new-root', {})
}
