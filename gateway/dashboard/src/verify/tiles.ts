import { type Bytes, same } from './bytes'
import type { Checkpoint } from './checkpoint'
import { Failed, failed } from './failure'
import { HASH_LENGTH, nodeHash } from './hash'
import { checkConsistency } from './merkle'

/**
 * A log's hashes as it serves them (c2sp.org/tlog-tiles): 256 of one level to a tile, fewer at the right edge. Nothing
 * read is believed: a proof made from damaged tiles does not lead to the signed roots.
 */

/** The bytes at a path like `tile/0/x001/234.p/7`; nothing where there is none. */
export type TileSource = (path: string) => Promise<Bytes | undefined>

const FULL = 256
const HEIGHT = 8

export function tilePath(level: number, index: bigint, width: number): string {
  const digits = index.toString()
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) as string[]
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === FULL ? '' : `.p/${width}`}`
}

/** The hashes of a log of one size. */
export class TileReader {
  readonly #source: TileSource
  readonly #size: bigint
  readonly #kept = new Map<string, Promise<Bytes>>()

  constructor(source: TileSource, size: bigint) {
    this.#source = source
    this.#size = size
  }

  /** The root over the leaves from `index * 2^level` on, `2^level` of them. */
  async hash(level: number, index: bigint): Promise<Bytes> {
    // A tile holds the levels 0, 8, 16, ... of the tree; those between are computed from the hashes below them.
    const above = level % HEIGHT
    const tileLevel = (level - above) / HEIGHT
    const first = index << BigInt(above)
    const count = this.#size >> BigInt(tileLevel * HEIGHT)
    const tile = first / BigInt(FULL)
    const width = Number(min(BigInt(FULL), count - tile * BigInt(FULL)))
    return perfectRoot(await this.#tile(tileLevel, tile, width), Number(first % BigInt(FULL)), 1 << above)
  }

  #tile(level: number, index: bigint, width: number): Promise<Bytes> {
    const path = tilePath(level, index, width)
    const known = this.#kept.get(path)
    if (known !== undefined) return known
    const read = this.#read(level, index, width)
    this.#kept.set(path, read)
    return read
  }

  async #read(level: number, index: bigint, width: number): Promise<Bytes> {
    const path = tilePath(level, index, width)
    // Where a partial tile is gone, the full one that replaced it serves.
    for (const found of width === FULL ? [width] : [width, FULL]) {
      const bytes = await this.#source(tilePath(level, index, found))
      if (bytes === undefined) continue
      const needed = found * HASH_LENGTH
      if (bytes.length !== needed) throw failed('tile-length', { path, bytes: bytes.length, needed })
      return bytes
    }
    throw failed('tile-missing', { path })
  }
}

async function perfectRoot(hashes: Bytes, first: number, count: number): Promise<Bytes> {
  if (count === 1) return hashes.slice(first * HASH_LENGTH, (first + 1) * HASH_LENGTH)
  const half = count / 2
  return nodeHash(await perfectRoot(hashes, first, half), await perfectRoot(hashes, first + half, half))
}

/** That the tree of `oldSize` is the beginning of the tree of `newSize` (RFC 9162 section 2.1.4.1); 0 < old <= new. */
export async function consistency(
  oldSize: bigint,
  newSize: bigint,
  tree: Pick<TileReader, 'hash'>,
): Promise<Bytes[]> {
  const path: Bytes[] = []
  let start = 0n
  let end = newSize
  let known = true
  const others: [bigint, bigint][] = []
  while (oldSize !== end) {
    const middle = start + split(end - start)
    if (oldSize <= middle) {
      others.push([middle, end])
      end = middle
    } else {
      others.push([start, middle])
      start = middle
      known = false
    }
  }
  if (!known) path.push(await rootBetween(start, end, tree))
  for (const [from, to] of others.reverse()) path.push(await rootBetween(from, to, tree))
  return path
}

async function rootBetween(start: bigint, end: bigint, tree: Pick<TileReader, 'hash'>): Promise<Bytes> {
  const size = end - start
  if ((size & (size - 1n)) === 0n) {
    const level = size.toString(2).length - 1
    return tree.hash(level, start >> BigInt(level))
  }
  const middle = start + split(size)
  return nodeHash(await rootBetween(start, middle, tree), await rootBetween(middle, end, tree))
}

/** The largest power of two below n; n > 1. */
const split = (n: bigint): bigint => 1n << BigInt((n - 1n).toString(2).length - 1)

const min = (one: bigint, other: bigint): bigint => (one < other ? one : other)

/** That the log of the newer checkpoint goes on where that of the older one was. Both were opened before. */
export async function checkContinues(
  older: Checkpoint,
  newer: Checkpoint,
  source: TileSource,
): Promise<void> {
  if (older.origin !== newer.origin) throw failed('other-log', { older: older.origin, newer: newer.origin })
  if (older.size === 0n) return
  if (older.size === newer.size) {
    if (!same(older.root, newer.root)) throw failed('two-trees', { size: older.size })
    return
  }
  const path = await consistency(older.size, newer.size, new TileReader(source, newer.size))
  try {
    await checkConsistency(older.size, older.root, newer.size, newer.root, path)
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    throw failed('rewritten', { older: older.size, newer: newer.size })
  }
}
