import { type Bytes, same, toBase64 } from './bytes'
import type { Checkpoint } from './checkpoint'
import { type Difference, Failed, type FailureCode, failed } from './failure'
import { HASH_LENGTH } from './hash'
import { Edge, hashAt, Level } from './levels'
import { leafInto, quickRoot } from './quick-hash'
import { TenantChains } from './tenant-chains'
import {
  endsOf,
  FULL,
  HEIGHT,
  readTile,
  rootWith,
  type Tile,
  TileReader,
  type TileSource,
  tileAt,
  tilePath,
} from './tiles'

/**
 * Recomputes a whole log from its entries: every leaf hash, every hash of every tile, the root, and the chain of every
 * tenant (`foundation/tlog`, `Fsck`). Nothing stored is believed but the root that was signed.
 *
 * Bundles are read some ahead and taken in order, so the first thing that is wrong is the one reported.
 */
export type Recomputed = { entries: number; entryBytes: number; auditLeaves: number; tenants: number }

/** What of a checkpoint is believed once its signature was checked. */
export type SignedRoot = Pick<Checkpoint, 'size' | 'root'>

/** Reads under way at once: enough to hide a network's latency. */
const AT_ONCE = 32

/** What is read ahead fits in here; a bundle of largest entries has 16 MB, one of this house's 42 KB. */
const AHEAD = 64 << 20
const LARGEST_BUNDLE = FULL * (2 + 0xffff)

/** @param progress told how many entries are done */
export function recompute(
  source: TileSource,
  signed: SignedRoot,
  progress: (entries: number) => void = () => {},
): Promise<Recomputed> {
  return new Fsck(source, signed, progress).run()
}

/** One bundle, and the tile of level 0 that stands beside it. */
type Read = { tile: Tile; bundle: Bytes; stored: Bytes }

class Fsck {
  readonly #source: TileSource
  readonly #signed: SignedRoot
  readonly #progress: (entries: number) => void
  readonly #edge = new Edge()
  readonly #chains = new TenantChains()
  readonly #levels = new Map<number, Level>()
  #entries = 0
  #entryBytes = 0
  #broken: Failed | undefined

  constructor(source: TileSource, signed: SignedRoot, progress: (entries: number) => void) {
    // Larger than any log, and than the numbers counted with here.
    if (signed.size > BigInt(Number.MAX_SAFE_INTEGER)) throw failed('log-size', { size: signed.size })
    this.#source = source
    this.#signed = signed
    this.#progress = progress
  }

  async run(): Promise<Recomputed> {
    const { size, root } = this.#signed
    for await (const read of this.#bundles()) {
      await this.#take(read)
      this.#progress(this.#entries)
    }
    // From below upwards: in this order they were made.
    for (const [number, level] of this.#levels) await this.#compareLevel(number, level)
    const computed = this.#edge.root()
    if (!same(computed, root)) {
      throw failed('log-root', { size, computed: toBase64(computed), signed: toBase64(root) })
    }
    if (this.#broken !== undefined) throw this.#broken
    return {
      entries: this.#entries,
      entryBytes: this.#entryBytes,
      auditLeaves: this.#chains.leaves,
      tenants: this.#chains.tenants,
    }
  }

  async *#bundles(): AsyncGenerator<Read> {
    const { size } = this.#signed
    const underWay: Promise<Read>[] = []
    let largest = LARGEST_BUNDLE
    let asked = 0n
    for (let number = 0n; number * BigInt(FULL) < size; number++) {
      const ahead = Math.min(AT_ONCE, Math.max(1, Math.floor(AHEAD / largest)))
      for (; underWay.length < ahead && asked * BigInt(FULL) < size; asked++) {
        const read = this.#read(asked)
        // One before it may end it all, and nobody would wait for this one any more.
        read.catch(() => {})
        underWay.push(read)
      }
      const read = await (underWay.shift() as Promise<Read>)
      largest = number === 0n ? read.bundle.length : Math.max(largest, read.bundle.length)
      yield read
    }
  }

  async #read(number: bigint): Promise<Read> {
    const { size } = this.#signed
    const tile = tileAt(0, number, size)
    const stored = readTile(this.#source, tile)
    stored.catch(() => {})
    const bundle = await readTile(this.#source, { ...tile, level: 'entries' })
    return { tile, bundle, stored: await stored }
  }

  async #take({ tile, bundle, stored }: Read): Promise<void> {
    const computed = new Uint8Array(tile.width * HASH_LENGTH)
    let start = 0
    for (const [i, end] of endsOf(tilePath(tile), bundle).entries()) {
      const entry = bundle.subarray(start + 2, end)
      leafInto(computed, i * HASH_LENGTH, entry)
      this.#entryBytes += entry.length
      this.#broken ??= this.#chains.add(this.#entries + i, entry)
      start = end
    }
    await this.#compare(tile, stored, computed)
    this.#entries += tile.width
    if (tile.width < FULL) {
      for (let i = 0; i < tile.width; i++) this.#edge.append(hashAt(computed, i), 0)
    } else {
      const root = quickRoot(computed, 0, FULL)
      this.#edge.append(root, HEIGHT)
      await this.#add(1, root)
    }
  }

  async #add(number: number, hash: Bytes): Promise<void> {
    const level = this.#levels.get(number) ?? new Level()
    this.#levels.set(number, level)
    level.add(hash)
    if (level.width < FULL) return
    await this.#compareLevel(number, level)
    await this.#add(number + 1, level.next())
  }

  async #compareLevel(number: number, level: Level): Promise<void> {
    if (level.width === 0) return
    const tile = { level: number, index: level.index, width: level.width }
    await this.#compare(tile, await readTile(this.#source, tile), level.hashes())
  }

  async #compare(tile: Tile, stored: Bytes, computed: Bytes): Promise<void> {
    for (let i = 0; i < computed.length; i++) {
      if (stored[i] !== computed[i])
        throw await this.#explain(tile, Math.floor(i / HASH_LENGTH), stored, computed)
    }
  }

  /** Entry and tile disagree. The signed root tells which is right: only the true hash leads there. */
  async #explain(tile: Tile, place: number, stored: Bytes, computed: Bytes): Promise<Failed> {
    const height = BigInt((tile.level as number) * HEIGHT)
    const number = tile.index * BigInt(FULL) + BigInt(place)
    const span: [bigint, bigint] = [number << height, (number + 1n) << height]
    const differs = (code: Extract<FailureCode, 'entry-changed' | 'tile-changed' | 'entry-or-tile'>) => {
      const facts: Difference = { tile: tilePath(tile), place, index: span[0] }
      if (tile.level !== 0) return failed(code, facts)
      return failed(code, { ...facts, bundle: tilePath({ ...tile, level: 'entries' }) }, { index: span[0] })
    }
    if (await this.#leadsToRoot(hashAt(stored, place), span)) return differs('entry-changed')
    if (await this.#leadsToRoot(hashAt(computed, place), span)) return differs('tile-changed')
    return differs('entry-or-tile')
  }

  async #leadsToRoot(hash: Bytes, span: [bigint, bigint]): Promise<boolean> {
    const { size, root } = this.#signed
    try {
      return same(await rootWith(hash, span, size, new TileReader(this.#source, size)), root)
    } catch (error) {
      if (error instanceof Failed) return false
      throw error
    }
  }
}
