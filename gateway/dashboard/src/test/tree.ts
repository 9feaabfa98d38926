import type { Bytes } from '../verify/bytes'
import { leafHash, nodeHash, sha256 } from '../verify/hash'

/**
 * The definitions of RFC 6962 written down as they stand there: slow, and plain enough to be believed. Shares nothing with
 * the code under test but the hash.
 */
export class Tree {
  readonly leaves: Bytes[]
  readonly #roots = new Map<string, Promise<Bytes>>()

  private constructor(leaves: Bytes[]) {
    this.leaves = leaves
  }

  static async of(size: number, entry: (index: number) => Bytes): Promise<Tree> {
    return new Tree(await Promise.all(Array.from({ length: size }, (_, i) => leafHash(entry(i)))))
  }

  leaf(index: number): Bytes {
    return this.leaves[index] as Bytes
  }

  root(size: number): Promise<Bytes> {
    return this.between(0, size)
  }

  /** What a reader of tiles answers. */
  hash(level: number, index: bigint): Promise<Bytes> {
    const width = 2 ** level
    return this.between(Number(index) * width, (Number(index) + 1) * width)
  }

  between(start: number, end: number): Promise<Bytes> {
    const name = `${start} ${end}`
    const known = this.#roots.get(name) ?? this.#compute(start, end)
    this.#roots.set(name, known)
    return known
  }

  async #compute(start: number, end: number): Promise<Bytes> {
    if (end === start) return sha256()
    if (end - start === 1) return this.leaf(start)
    const middle = start + k(end - start)
    return nodeHash(await this.between(start, middle), await this.between(middle, end))
  }

  async path(index: number, end: number, start = 0): Promise<Bytes[]> {
    if (end - start === 1) return []
    const middle = start + k(end - start)
    return index < middle
      ? [...(await this.path(index, middle, start)), await this.between(middle, end)]
      : [...(await this.path(index, end, middle)), await this.between(start, middle)]
  }

  async proof(oldSize: number, end: number, start = 0, known = true): Promise<Bytes[]> {
    if (oldSize === end) return known ? [] : [await this.between(start, end)]
    const middle = start + k(end - start)
    return oldSize <= middle
      ? [...(await this.proof(oldSize, middle, start, known)), await this.between(middle, end)]
      : [...(await this.proof(oldSize, end, middle, false)), await this.between(start, middle)]
  }
}

/** The largest power of two below n. */
function k(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
