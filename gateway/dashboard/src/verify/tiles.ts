import { type Bytes, same } from './bytes'
import type { Checkpoint } from './checkpoint'
import { Failed, failed } from './failure'
import { HASH_LENGTH, nodeHash } from './hash'
import { checkConsistency } from './merkle'

/**
 * A log's hashes as it serves them (c2sp.org/tlog-tiles): 256 of one level to a tile, fewer at the right edge. Nothing
 * read is believed: a proof made from damaged tiles does not lead to the signed roots.
 */

/** The bytes at a path like `checkpoint` or `tile/0/x001/234.p/7`; nothing where there is none. */
export type TileSource = (path: string) => Promise<Bytes | undefined>

/** A place in the log: 256 hashes of one level of the tree, or the 256 entries under a tile of level 0. */
export type Tile = { level: number | 'entries'; index: bigint; width: number }

export const FULL = 256

/** A tile of level n stands on tiles of level n - 1, eight levels of the tree below. */
export const HEIGHT = 8

/** The tile at this place as a log of so many entries has it. */
export function tileAt(level: Tile['level'], index: bigint, size: bigint): Tile {
  const count = level === 'entries' ? size : size >> BigInt(level * HEIGHT)
  return { level, index, width: Number(min(BigInt(FULL), count - index * BigInt(FULL))) }
}

export function tilePath({ level, index, width }: Tile): string {
  const digits = index.toString()
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.../g) as string[]
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === FULL ? '' : `.p/${width}`}`
}

/** The bytes of a tile or bundle, cut to its width. Where a partial one is gone, the full one that replaced it serves. */
export async function readTile(source: TileSource, tile: Tile): Promise<Bytes> {
  for (const width of tile.width === FULL ? [FULL] : [tile.width, FULL]) {
    const found = { ...tile, width }
    const bytes = await source(tilePath(found))
    if (bytes !== undefined) return cut(tile, found, bytes)
  }
  throw failed('missing', { path: tilePath(tile) })
}

function cut(wanted: Tile, found: Tile, bytes: Bytes): Bytes {
  const path = tilePath(found)
  if (wanted.level === 'entries') {
    const ends = endsOf(path, bytes)
    if (ends.length !== found.width) {
      throw failed('bundle-width', { path, entries: ends.length, needed: found.width })
    }
    return bytes.subarray(0, ends[wanted.width - 1])
  }
  if (bytes.length % HASH_LENGTH !== 0) throw failed('tile-uneven', { path, bytes: bytes.length })
  const hashes = bytes.length / HASH_LENGTH
  if (hashes !== found.width) throw failed('tile-width', { path, hashes, needed: found.width })
  return bytes.subarray(0, wanted.width * HASH_LENGTH)
}

/** Where each entry of a bundle ends, and with it where the next one's length begins: two bytes, then the entry. */
export function endsOf(path: string, bundle: Bytes): number[] {
  const ends: number[] = []
  for (let at = 0; at < bundle.length; ) {
    if (ends.length === FULL) throw failed('bundle-long', { path, byte: at })
    const end = at + 2 + (((bundle[at] as number) << 8) | (bundle[at + 1] ?? 0))
    if (end > bundle.length) throw failed('bundle-broke-off', { path, entry: ends.length, byte: at })
    ends.push(end)
    at = end
  }
  return ends
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
    const first = index << BigInt(above)
    const tile = tileAt((level - above) / HEIGHT, first / BigInt(FULL), this.#size)
    return perfectRoot(await this.#tile(tile), Number(first % BigInt(FULL)), 1 << above)
  }

  #tile(tile: Tile): Promise<Bytes> {
    const path = tilePath(tile)
    const known = this.#kept.get(path)
    if (known !== undefined) return known
    const read = readTile(this.#source, tile)
    this.#kept.set(path, read)
    return read
  }
}

async function perfectRoot(hashes: Bytes, first: number, count: number): Promise<Bytes> {
  if (count === 1) return hashes.slice(first * HASH_LENGTH, (first + 1) * HASH_LENGTH)
  const half = count / 2
  return nodeHash(await perfectRoot(hashes, first, half), await perfectRoot(hashes, first + half, half))
}

/**
 * The root of a tree of `size` leaves if `hash` is that of the perfect subtree over `start` to `end`, everything else being
 * as the tiles say.
 */
export function rootWith(
  hash: Bytes,
  [start, end]: [bigint, bigint],
  size: bigint,
  tree: Pick<TileReader, 'hash'>,
): Promise<Bytes> {
  const climb = async (from: bigint, to: bigint): Promise<Bytes> => {
    if (from === start && to === end) return hash
    const middle = from + split(to - from)
    return start < middle
      ? nodeHash(await climb(from, middle), await rootBetween(middle, to, tree))
      : nodeHash(await rootBetween(from, middle, tree), await climb(middle, to))
  }
  return climb(0n, size)
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
