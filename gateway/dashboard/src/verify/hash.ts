import { type Bytes, base64, concat } from './bytes'
import { failed, type Part, type Place } from './failure'

/** SHA-256, and the ways a Merkle log uses it (RFC 6962 section 2.1): a leaf can never pass for an inner node. */

export const HASH_LENGTH = 32

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export const sha256 = async (...parts: Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', concat(...parts)))

export const leafHash = (entry: Bytes): Promise<Bytes> => sha256(LEAF, entry)

export const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(NODE, left, right)

/** The root of a log without entries: SHA-256 of nothing. */
export const EMPTY_ROOT = base64('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'root')

export function parseHash(written: string, part: Part, place: Place = {}): Bytes {
  const bytes = base64(written, part, place)
  if (bytes.length !== HASH_LENGTH) throw failed('hash-length', { part, bytes: bytes.length }, place)
  return bytes
}
