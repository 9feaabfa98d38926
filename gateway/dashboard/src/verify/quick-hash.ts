import type { Bytes } from './bytes'
import { HASH_LENGTH } from './hash'

/**
 * SHA-256 without waiting. WebCrypto takes each message over to another thread, which costs more than hashing it where
 * messages are short and there are millions: the recomputation of a whole log, and the search for a changed character.
 *
 * That it is SHA-256 need not be believed: what is recomputed must come to a root that others computed and signed, and what
 * the search finds is tried with WebCrypto.
 */
export function quickSha256(message: Bytes): Bytes {
  const hash = new Uint8Array(HASH_LENGTH)
  room(message.length)
  padded.set(message)
  digest(message.length, hash, 0)
  return hash
}

export function quickNode(left: Bytes, right: Bytes): Bytes {
  const hash = new Uint8Array(HASH_LENGTH)
  padded[0] = 1
  padded.set(left, 1)
  padded.set(right, 1 + HASH_LENGTH)
  digest(1 + 2 * HASH_LENGTH, hash, 0)
  return hash
}

export function quickLeaf(entry: Bytes): Bytes {
  const hash = new Uint8Array(HASH_LENGTH)
  leafInto(hash, 0, entry)
  return hash
}

/** Writes the leaf hash of an entry where hashes stand one after the other. */
export function leafInto(hashes: Bytes, at: number, entry: Bytes): void {
  room(1 + entry.length)
  padded[0] = 0
  padded.set(entry, 1)
  digest(1 + entry.length, hashes, at)
}

/** The root over `count` hashes that stand one after the other, a power of two, from number `first` on. */
export function quickRoot(hashes: Bytes, first: number, count: number): Bytes {
  const level = hashes.slice(first * HASH_LENGTH, (first + count) * HASH_LENGTH)
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width / 2; i++) {
      // Both are read before the node takes the place of a pair that was read.
      padded[0] = 1
      const from = 2 * HASH_LENGTH * i
      for (let byte = 0; byte < 2 * HASH_LENGTH; byte++) padded[1 + byte] = level[from + byte] as number
      digest(1 + 2 * HASH_LENGTH, level, i * HASH_LENGTH)
    }
  }
  return level.slice(0, HASH_LENGTH)
}

// The message and what is added to it, taken again for each: no memory is asked for where a log is hashed.
let padded = new Uint8Array(1024)
let view = new DataView(padded.buffer)

function room(length: number): void {
  if (length + 128 <= padded.length) return
  padded = new Uint8Array(2 * length + 128)
  view = new DataView(padded.buffer)
}

function digest(length: number, out: Bytes, at: number): void {
  const end = ((length + 8) & ~63) + 64
  padded[length] = 0x80
  for (let i = length + 1; i < end - 8; i++) padded[i] = 0
  view.setUint32(end - 8, Math.floor(length / 0x2000_0000))
  view.setUint32(end - 4, length << 3)
  for (let i = 0; i < 8; i++) state[i] = START[i] as number
  for (let block = 0; block < end; block += 64) compress(block)
  for (let i = 0; i < 8; i++) {
    const word = state[i] as number
    out[at + 4 * i] = word >>> 24
    out[at + 4 * i + 1] = word >>> 16
    out[at + 4 * i + 2] = word >>> 8
    out[at + 4 * i + 3] = word
  }
}

/** The first 32 bits of the fractions of the square roots of the first primes, and of the cube roots. */
const primes: number[] = []
for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
const START = Int32Array.from(primes.slice(0, 8), (prime) => fraction(BigInt(prime) << 64n, 2n))
const ROUND = Int32Array.from(primes, (prime) => fraction(BigInt(prime) << 96n, 3n))

/** Of a root of n whose value is 32 bits longer; found by halving, since numbers are not exact enough. */
function fraction(n: bigint, root: bigint): number {
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** root <= n) low = middle
    else high = middle
  }
  return Number(BigInt.asIntN(32, low))
}

const state = new Int32Array(8)
const words = new Int32Array(64)

/** Plain loops over plain numbers: this is where the time is spent. */
function compress(at: number): void {
  const w = words
  const k = ROUND
  const from = view
  for (let i = 0; i < 16; i++) w[i] = from.getInt32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number
    const y = w[i - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (k[i] as number) + (w[i] as number)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (c & (a ^ b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}
