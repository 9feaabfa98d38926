import { failed, type Part, type Place } from './failure'

/** Decoders that accept exactly one spelling of each value: a lenient one would let a changed byte through unseen. */

export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
// A byte order mark is a character like any other, or three bytes could be added unseen.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Bytes => encoder.encode(text)

export function text(bytes: Bytes): string {
  try {
    return decoder.decode(bytes)
  } catch {
    const { byte, line } = firstWrong(bytes)
    throw failed('utf8', { byte }, { line })
  }
}

/** Where it stops being UTF-8: the longest beginning that still is one, found by halving. */
function firstWrong(bytes: Bytes): { byte: number; line: number } {
  let right = 0
  let wrong = bytes.length
  while (right < wrong) {
    const middle = (right + wrong + 1) >> 1
    if (isBeginning(bytes.subarray(0, middle))) right = middle
    else wrong = middle - 1
  }
  return { byte: right, line: bytes.subarray(0, right).filter((byte) => byte === 10).length + 1 }
}

function isBeginning(bytes: Bytes): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Standard alphabet, padded, unused bits zero. */
export function base64(written: string, part: Part, place: Place = {}): Bytes {
  try {
    const binary = atob(written)
    // atob skips spaces and takes any unused bits; only what comes back the same was written right.
    if (btoa(binary) === written) return Uint8Array.from(binary, (c) => c.charCodeAt(0))
  } catch {
    // Told below like every other way to write it wrong.
  }
  throw failed('base64', { part }, place)
}

export function toBase64(bytes: Bytes): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export const hex = (bytes: Bytes): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Decimal, no sign, no leading zero, at most 2^64 - 1. */
export function unsigned(written: string, part: Part, place: Place = {}): bigint {
  if (/^(0|[1-9][0-9]{0,19})$/.test(written)) {
    const value = BigInt(written)
    if (value < 1n << 64n) return value
  }
  throw failed('number', { part, text: written.slice(0, 40) }, place)
}

export function concat(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export const same = (one: Bytes, other: Bytes): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i])
