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
  const state = Int32Array.from(START)
  for (let at = 0; at < padded.length; at += 64) compress(state, view, at)
  const hash = new Uint8Array(32)
  const out = new DataView(hash.buffer)
  for (const [i, word] of state.entries()) out.setInt32(i * 4, word)
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

function compress(state: Int32Array, view: DataView, at: number): void {
  const w = words as unknown as { [i: number]: number }
  const k = ROUND as unknown as { [i: number]: number }
  const s = state as unknown as { [i: number]: number }
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] as number
    const y = w[i - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (k[i] as number) + (w[i] as number)) | 0
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
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) s[i] = ((s[i] as number) + value) | 0
}
