import type { Bytes } from './bytes'
import { EMPTY_ROOT, HASH_LENGTH } from './hash'
import { quickNode, quickRoot } from './quick-hash'
import { FULL } from './tiles'

export const hashAt = (hashes: Bytes, place: number): Bytes =>
  hashes.slice(place * HASH_LENGTH, (place + 1) * HASH_LENGTH)

/** The right edge of a growing tree: the roots of its perfect subtrees, largest first. */
export class Edge {
  readonly #roots: { hash: Bytes; level: number }[] = []

  append(hash: Bytes, level: number): void {
    let added = { hash, level }
    for (let left = this.#roots.at(-1); left?.level === added.level; left = this.#roots.at(-1)) {
      this.#roots.pop()
      added = { hash: quickNode(left.hash, added.hash), level: added.level + 1 }
    }
    this.#roots.push(added)
  }

  root(): Bytes {
    if (this.#roots.length === 0) return EMPTY_ROOT
    return this.#roots.map(({ hash }) => hash).reduceRight((right, left) => quickNode(left, right))
  }
}

/** The hashes of one level that are computed so far and not yet under the level above. */
export class Level {
  readonly #hashes = new Uint8Array(FULL * HASH_LENGTH)
  index = 0n
  width = 0

  add(hash: Bytes): void {
    this.#hashes.set(hash, this.width * HASH_LENGTH)
    this.width++
  }

  hashes(): Bytes {
    return this.#hashes.subarray(0, this.width * HASH_LENGTH)
  }

  /** The root of the full tile; the one after it begins. */
  next(): Bytes {
    this.index++
    this.width = 0
    return quickRoot(this.#hashes, 0, FULL)
  }
}
