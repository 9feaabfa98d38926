import { type Bytes, base64, hex } from './bytes'
import { failed } from './failure'

/** A text with signatures below it (c2sp.org/signed-note). It says nothing until its signatures were checked. */
export type Note = {
  text: string
  signatures: Signature[]
  /** The number of the note's first line within the file it stands in. */
  firstLine: number
}

/** `key` is the first four bytes of a hash: with the name it tells keys apart, and proves nothing. */
export type Signature = { name: string; key: number; made: Bytes; line: number }

export const MOST_SIGNATURES = 100
const LONGEST = 1 << 20
const DASH = '— '

export function parseNote(note: string, firstLine = 1): Note {
  if (note.length > LONGEST) throw failed('note-long', { limit: LONGEST })
  requireCharacters(note, firstLine)
  const divide = note.lastIndexOf('\n\n')
  if (divide < 0) throw failed('note-divide', {})
  const text = note.slice(0, divide + 1)
  const below = note.slice(divide + 2)
  const signaturesLine = firstLine + text.split('\n').length
  if (below === '') throw failed('note-unsigned', {}, { line: signaturesLine })
  if (!below.endsWith('\n')) {
    throw failed('note-newline', {}, { line: signaturesLine + below.split('\n').length - 1 })
  }
  const lines = below.slice(0, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) throw failed('note-many', { limit: MOST_SIGNATURES })
  return { text, signatures: lines.map((line, i) => parseSignature(line, signaturesLine + i)), firstLine }
}

function parseSignature(written: string, line: number): Signature {
  const [name, blob, ...more] = written.slice(DASH.length).split(' ')
  if (!written.startsWith(DASH) || name === undefined || blob === undefined || more.length > 0) {
    throw failed('signature-line', {}, { line })
  }
  if (!isKeyName(name)) throw failed('signature-name', {}, { line })
  const bytes = base64(blob, 'signature', { line })
  if (bytes.length < 5) throw failed('signature-short', {}, { line })
  return { name, key: new DataView(bytes.buffer).getUint32(0), made: bytes.slice(4), line }
}

function requireCharacters(note: string, firstLine: number): void {
  let line = firstLine
  for (const character of note) {
    if (character === '\n') line++
    else if (character < ' ') {
      throw failed('note-control', { character: codePoint(character) }, { line })
    } else if (character >= '\ud800' && character <= '\udfff' && character.length === 1) {
      // Half a pair: an encoder would quietly put something else in its place.
      throw failed('note-control', { character: codePoint(character) }, { line })
    }
  }
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

export const isKeyName = (name: string): boolean =>
  name !== '' && !/[+\p{White_Space}]/u.test(name) && [...name].every((character) => character >= ' ')

/** Name and key id, as `log.example+33d7b496`: enough to tell keys apart in a message. */
export const idOf = ({ name, key }: { name: string; key: number }): string => `${name}+${keyHex(key)}`

export const keyHex = (key: number): string => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, key)
  return hex(bytes)
}
