import { type Bytes, base64, concat, hex, utf8 } from './bytes'
import { failed } from './failure'
import { HASH_LENGTH, sha256 } from './hash'
import { isKeyName, keyHex, type Note, type Signature } from './note'

/** The public half of a note key, written `name+hash+base64`. Trust comes from how one got it. */
export type VerifierKey = { name: string; key: number; type: KeyType; point: CryptoKey }

/** A log signs its checkpoint; a witness, that it saw the checkpoint at a certain second (c2sp.org/tlog-cosignature). */
export type KeyType = 'log' | 'witness'

const types: Record<number, KeyType> = { 1: 'log', 4: 'witness' }
const SIGNATURE_LENGTH = 64
const TIME_LENGTH = 8

/** One key a line; what follows a `#` at a line's beginning is for people. */
export async function parseKeys(written: string): Promise<VerifierKey[]> {
  const keys: VerifierKey[] = []
  for (const line of written.split(/\r?\n/).map((each) => each.trim())) {
    if (line !== '' && !line.startsWith('#')) keys.push(await parseKey(line))
  }
  if (keys.length === 0) throw failed('no-key', {})
  return keys
}

export async function parseKey(written: string): Promise<VerifierKey> {
  const first = written.indexOf('+')
  const second = written.indexOf('+', first + 1)
  const name = written.slice(0, Math.max(first, 0))
  if (second < 0 || !isKeyName(name)) throw failed('key-form', { text: written.slice(0, 80) })
  const blob = base64(written.slice(second + 1), 'key')
  const code = blob[0] ?? 0
  const type = types[code]
  if (type === undefined) throw failed('key-type', { type: code })
  const raw = blob.slice(1)
  if (raw.length !== HASH_LENGTH) throw failed('key-length', { bytes: raw.length })
  const key = await keyId(name, blob)
  const says = written.slice(first + 1, second)
  if (says !== keyHex(key)) throw failed('key-damaged', { says, is: keyHex(key) })
  return { name, key, type, point: await importPoint(raw) }
}

async function keyId(name: string, typeAndKey: Bytes): Promise<number> {
  return new DataView((await sha256(utf8(`${name}\n`), typeAndKey)).buffer).getUint32(0)
}

/** @param raw a point in the one spelling RFC 8032 has for it; implementations differ about the others */
export async function importPoint(raw: Bytes): Promise<CryptoKey> {
  if (!isCanonical(raw)) throw failed('key-point', {})
  try {
    return await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotSupportedError') throw cause
    throw failed('key-point', {})
  }
}

const P = (1n << 255n) - 19n

function isCanonical(raw: Bytes): boolean {
  const number = BigInt(`0x${hex(raw.toReversed() as Bytes)}`)
  const y = number & ((1n << 255n) - 1n)
  const sign = number >> 255n
  // Where y is 1 or -1, x is 0, which has no sign.
  return y < P && !(sign === 1n && (y === 1n || y === P - 1n))
}

/** Whether this browser can check an Ed25519 signature at all. */
export async function hasEd25519(): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined
  if (subtle === undefined) return false
  // The base point of the curve, a key like any other.
  const base = Uint8Array.of(0x58, ...Array<number>(31).fill(0x66))
  try {
    await subtle.importKey('raw', base, { name: 'Ed25519' }, false, ['verify'])
    return true
  } catch {
    return false
  }
}

export const names = (key: VerifierKey, signature: Signature): boolean =>
  key.name === signature.name && key.key === signature.key

/** Whether this key made this signature for this text. */
export async function verifies(key: VerifierKey, text: string, signature: Signature): Promise<boolean> {
  if (!names(key, signature)) return false
  if (key.type === 'log') return ed25519(key.point, utf8(text), signature.made)
  const seconds = secondsOf(signature)
  if (seconds === undefined) return false
  const cosigned = utf8(`cosignature/v1\ntime ${seconds}\n${text}`)
  return ed25519(key.point, cosigned, signature.made.slice(TIME_LENGTH))
}

export async function ed25519(point: CryptoKey, message: Bytes, signature: Bytes): Promise<boolean> {
  return (
    signature.length === SIGNATURE_LENGTH &&
    (await crypto.subtle.verify({ name: 'Ed25519' }, point, signature, message))
  )
}

/** When a witness says it saw the checkpoint. Believe it only of a signature that verifies. */
export function secondsOf({ made }: Signature): bigint | undefined {
  if (made.length !== TIME_LENGTH + SIGNATURE_LENGTH) return undefined
  const seconds = new DataView(concat(made).buffer).getBigInt64(0)
  return seconds < 0n ? undefined : seconds
}

/**
 * Checks what the given keys made and leaves signatures of unknown keys alone.
 *
 * @returns those that hold, and the first that does not
 */
export async function checkSignatures(
  note: Note,
  keys: VerifierKey[],
): Promise<{ verified: [Signature, VerifierKey][]; wrong?: [Signature, VerifierKey] }> {
  const verified: [Signature, VerifierKey][] = []
  for (const signature of note.signatures) {
    for (const key of keys.filter((each) => names(each, signature))) {
      if (!(await verifies(key, note.text, signature))) return { verified, wrong: [signature, key] }
      verified.push([signature, key])
    }
  }
  return { verified }
}
