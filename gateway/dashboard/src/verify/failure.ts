import type { Link } from './leaf'

/** What a text was expected to be when it was not. */
export type Part =
  | 'extra'
  | 'index'
  | 'leaf'
  | 'salt'
  | 'size'
  | 'root'
  | 'signature'
  | 'key'
  | { pathHash: number }

/**
 * Everything that can be wrong, with what is known about it. One of these is a whole answer: which check failed and why.
 * The words stand in `i18n/`.
 */
export type Failures = {
  // How things are written.
  utf8: { byte: number }
  base64: { part: Part }
  number: { part: Part; text: string }
  'hash-length': { part: Part; bytes: number }
  'line-long': { limit: number }
  'too-large': { limit: number }
  'not-recognised': object

  // Keys.
  'no-key': object
  'key-form': { text: string }
  'key-type': { type: number }
  'key-length': { bytes: number }
  'key-damaged': { says: string; is: string }
  'key-point': object

  // Notes and their signatures.
  'note-long': { limit: number }
  'note-control': { character: string }
  'note-divide': object
  'note-unsigned': object
  'note-newline': object
  'note-many': { limit: number }
  'signature-line': object
  'signature-name': object
  'signature-short': object
  untrusted: { signed: string[]; trusted: string[] }
  'not-the-log': { origin: string }
  renamed: { key: string; wrong: 'id' | 'name' }
  'signed-origin': { key: string; says: string; signed: string }
  'signed-size': { key: string; says: bigint; signed: bigint; sizeLine: number }
  'signed-root': { key: string; root: string; rootLine: number }
  'signature-itself': { key: string }
  'signed-text': { key: string }
  'signed-text-and-path': { key: string }

  // Checkpoints.
  'checkpoint-lines': { lines: number }
  'checkpoint-empty-line': object
  'checkpoint-empty-root': object

  // Proofs.
  'proof-header': { expected: string }
  'proof-index': object
  'proof-broke-off': object
  'proof-no-checkpoint': object
  'proof-no-entry': object
  'proof-form': object
  'path-long': { limit: number }
  'path-many': { hashes: number }
  'path-few': { hashes: number }
  outside: { entry: bigint; size: bigint }
  'not-included': object
  'index-changed': { says: bigint; belongs: bigint }
  'path-length': { entry: bigint; size: bigint; hashes: number; needed: number }
  'path-hash-changed': { number: number; of: number; character: number }
  'leaf-changed': { character: number }
  'leaf-or-path': { entry: bigint; from: number; to: number }

  // Entries of this house.
  'leaf-length': { bytes: number; needed: number }
  'leaf-magic': object
  'leaf-version': { version: number }
  'leaf-inverse': object
  'leaf-kind': { kind: number }
  'leaf-flags': { bits: number }
  'leaf-attribution': object
  'leaf-sequence': { sequence: bigint }
  'leaf-previous': { sequence: bigint; previous: bigint }
  'leaf-time': object
  'leaf-payload': object
  'salt-length': { bytes: number; needed: number }

  // Exports.
  'export-line': object
  'export-order': { after: bigint }
  'export-log': { origin: string }
  'export-path': object
  'export-head': object
  'export-salt': object
  'export-text': object
  'export-chain': { tenant: string; sequence: bigint; last: bigint }
  'export-broke-off': { after: bigint | undefined }
  'export-broke-off-inside': { after: bigint | undefined }

  // Two checkpoints.
  'older-larger': { older: bigint; newer: bigint }
  'older-empty': object
  'path-needless': object
  'path-empty': object
  'two-trees': { size: bigint }
  'not-the-old-root': object
  'not-the-new-root': object
  'other-log': { older: string; newer: string }
  rewritten: { older: bigint; newer: bigint }

  // Whole logs.
  missing: { path: string }
  'tile-uneven': { path: string; bytes: number }
  'tile-width': { path: string; hashes: number; needed: number }
  'bundle-width': { path: string; entries: number; needed: number }
  'bundle-long': { path: string; byte: number }
  'bundle-broke-off': { path: string; entry: number; byte: number }
  'entry-changed': Difference
  'tile-changed': Difference
  'entry-or-tile': Difference
  'log-size': { size: bigint }
  'log-root': { size: bigint; computed: string; signed: string }
  'logged-damaged': { why: Failure }
  'chain-broken': { tenant: string; is: Link; must: Link }
}

/**
 * A hash of a tile is not what is computed from the entries below it.
 *
 * @param bundle where the entry stands; absent above level 0, where it is some of those from `index` on
 */
export type Difference = { tile: string; place: number; bundle?: string; index: bigint }

export type FailureCode = keyof Failures

/** Where in the file: counted from 1, and the entry's index in the log where one is spoken of. */
export type Place = { line?: number; index?: bigint }

export type Failure = { [C in FailureCode]: { code: C; facts: Failures[C] } }[FailureCode] & { place: Place }

/** Thrown by every check: there is no result that nobody looks at and that could be taken for a yes. */
export class Failed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.code)
    this.name = 'Failed'
    this.failure = failure
  }

  /** The same, somewhere; what is known of the place already stays. */
  at(place: Place): Failed {
    return new Failed({ ...this.failure, place: { ...place, ...this.failure.place } })
  }
}

export function failed<C extends FailureCode>(code: C, facts: Failures[C], place: Place = {}): Failed {
  // The pair is right by the signature above; the union of all pairs is more than the compiler follows here.
  return new Failed({ code, facts, place } as Failure)
}

export function require<C extends FailureCode>(holds: boolean, code: C, facts: Failures[C]): void {
  if (!holds) throw failed(code, facts)
}
