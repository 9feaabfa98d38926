import { type Bytes, hex, same } from './bytes'
import { failed, require } from './failure'
import { HASH_LENGTH, sha256 } from './hash'

/**
 * The one entry this house logs: 164 bytes about an event, its text not among them. Numbers are big-endian; there is
 * exactly one way to write each leaf (`foundation/tlog`, `AuditLeaf`).
 */
export type Leaf = {
  kind: string
  flags: string[]
  /** A pseudonym: the log does not know the tenant's name. */
  tenant: string
  sequence: bigint
  /** The index of the tenant's leaf before; -1 for the first. */
  previous: bigint
  time: string
  source: string
  hasPayload: boolean
  commitment: Bytes
}

const LENGTH = 164
const VERSION = 1
const SALT_LENGTH = 32

type Span = [from: number, to: number]
const KEY_ID: Span = [84, 100]
const CIPHERTEXT_HASH: Span = [100, 132]
const COMMITMENT: Span = [132, LENGTH]

const kinds: Record<number, string> = {
  1: 'insert',
  2: 'update',
  3: 'delete',
  4: 'truncate',
  5: 'ddl',
  16: 'access',
  17: 'read',
  18: 'login',
  19: 'grant',
  20: 'change',
  21: 'evidence',
  22: 'incident',
  23: 'tenant',
  24: 'backup',
  25: 'audit-read',
  31: 'other',
  32: 'tenant-head',
  33: 'erasure',
  34: 'gap',
}

/** A leaf at the end of a tenant's chain: until then nothing lacks. */
export const TENANT_HEAD = 'tenant-head'

/** By the bit that stands for it, the lowest first. */
const flags = [
  'attributed',
  'unattributed',
  'forged',
  'gap',
  'erasure',
  'ddl',
  'under-grant',
  'staff',
  'system',
  'mass',
]

/** Only one of the first three can be said of a change. */
const ATTRIBUTIONS = 0b111

/** Whether these bytes claim to be such a leaf, of whatever version. */
export const isLike = (entry: Bytes): boolean =>
  entry.length >= 4 && entry[0] === 0x45 && entry[1] === 0x4c && entry[2] === 0x56

/** What the chain of a tenant needs to know of a leaf; for a whole log there is no time for more. */
export type Link = Pick<Leaf, 'sequence' | 'previous'>

/** @throws Failed unless this is written as a leaf is written; only its time may be one that no calendar has */
export function linkOf(entry: Bytes): Link {
  require(entry.length === LENGTH, 'leaf-length', { bytes: entry.length, needed: LENGTH })
  require(isLike(entry), 'leaf-magic', {})
  const view = new DataView(entry.buffer, entry.byteOffset)
  const version = view.getUint8(3)
  if (version !== VERSION) throw failed('leaf-version', { version })
  const kind = view.getUint16(4)
  const bits = view.getUint16(6)
  require((view.getUint32(4) ^ view.getUint32(8)) === -1, 'leaf-inverse', {})
  if (kinds[kind] === undefined) throw failed('leaf-kind', { kind })
  if (bits >> flags.length !== 0) throw failed('leaf-flags', { bits })
  const sequence = view.getBigInt64(44)
  const previous = view.getBigInt64(52)
  if (sequence < 1n) throw failed('leaf-sequence', { sequence })
  const fits = sequence === 1n ? previous === -1n : previous >= sequence - 2n
  if (!fits) throw failed('leaf-previous', { sequence, previous })
  const payload = hasPayload(entry)
  require(payload === !isZero(entry, ...CIPHERTEXT_HASH) &&
    payload === !isZero(entry, ...COMMITMENT), 'leaf-payload', {})
  const said = bits & ATTRIBUTIONS
  require((said & (said - 1)) === 0, 'leaf-attribution', {})
  return { sequence, previous }
}

export function parseLeaf(entry: Bytes): Leaf {
  const link = linkOf(entry)
  const view = new DataView(entry.buffer, entry.byteOffset)
  const bits = view.getUint16(6)
  return {
    ...link,
    kind: kinds[view.getUint16(4)] as string,
    flags: flags.filter((_, bit) => (bits >> bit) & 1),
    tenant: hex(tenantOf(entry)),
    time: instant(view.getBigInt64(60)),
    source: uuid(entry.slice(68, 84)),
    hasPayload: hasPayload(entry),
    commitment: entry.slice(...COMMITMENT),
  }
}

export const tenantOf = (entry: Bytes): Bytes => entry.subarray(12, 12 + HASH_LENGTH)

const hasPayload = (entry: Bytes): boolean => !isZero(entry, ...KEY_ID)

function isZero(bytes: Bytes, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0) return false
  return true
}

function uuid(bytes: Bytes): string {
  const digits = hex(bytes)
  return [0, 8, 12, 16, 20].map((from, i, all) => digits.slice(from, all[i + 1])).join('-')
}

/** As exports write it: with no fraction of a second, with three digits, or with six. */
function instant(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const date = new Date(Number((micros - fraction) / 1000n))
  if (Number.isNaN(date.getTime())) throw failed('leaf-time', {})
  const year = date.getUTCFullYear()
  const sign = year < 0 ? '-' : year > 9999 ? '+' : ''
  const rest = date
    .toISOString()
    .replace(/^[+-]?\d+/, '')
    .slice(0, -'.000Z'.length)
  const digits = fraction
    .toString()
    .padStart(6, '0')
    .replace(/^(...)000$/, '$1')
  return `${sign}${Math.abs(year).toString().padStart(4, '0')}${rest}${digits === '000' ? '' : `.${digits}`}Z`
}

/** That this text was sealed when the leaf was logged: a text that is easy to guess is hidden by its salt. */
export async function checkText(leaf: Leaf, salt: Bytes, text: Bytes): Promise<void> {
  require(salt.length === SALT_LENGTH, 'salt-length', { bytes: salt.length, needed: SALT_LENGTH })
  require(leaf.hasPayload && same(await sha256(salt, text), leaf.commitment), 'export-text', {})
}
