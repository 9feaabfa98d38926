import type { Bytes } from './bytes'

/**
 * SHA-256 without waiting, for the search for a changed character only: it hashes some hundred thousand candidates, and
 * WebCrypto takes each over to another thread. No verdict rests on this; what the search finds is tried with WebCrypto.
 */
export function quickSha256(message: Bytes): Bytes {
  const length = message.length
  const padded = new Uint8Array(((length + 8) & ~63) + 64)
  padded.set(message)
  padded[length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 4, length * 8)
  const state = START.slice()
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at)
  const hash = new Uint8Array(32)
  const out = new DataView(hash.buffer)
  for (let i = 0; i < state.length; i++) out.setInt32(i * 4, state[i] as number)
  return hash
}

export function quickNode(left: Bytes, right: Bytes): Bytes {
  const message = new Uint8Array(65)
  message[0] = 1
  message.set(left, 1)
  message.set(right, 33)
  return quickSha256(message)
}

export function quickLeaf(entry: Bytes): Bytes {
  const message = new Uint8Array(entry.length + 1)
  message.set(entry, 1)
  return quickSha256(message)
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

const words = new Int32Array(64)

/** Plain loops over plain indices: this is where the search spends its time. */
function compress(state: Int32Array, view: DataView, at: number): void {
  const at32 = (array: Int32Array, i: number): number => array[i] as number
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = at32(words, i - 15)
    const y = at32(words, i - 2)
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    words[i] = (at32(words, i - 16) + s0 + at32(words, i - 7) + s1) | 0
  }
  let a = at32(state, 0)
  let b = at32(state, 1)
  let c = at32(state, 2)
  let d = at32(state, 3)
  let e = at32(state, 4)
  let f = at32(state, 5)
  let g = at32(state, 6)
  let h = at32(state, 7)
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at32(ROUND, i) + at32(words, i)) | 0
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = at32(state, 0) + a
  state[1] = at32(state, 1) + b
  state[2] = at32(state, 2) + c
  state[3] = at32(state, 3) + d
  state[4] = at32(state, 4) + e
  state[5] = at32(state, 5) + f
  state[6] = at32(state, 6) + g
  state[7] = at32(state, 7) + h
}
