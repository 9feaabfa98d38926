import { type Bytes, concat, text } from './bytes'
import { Failed, failed } from './failure'

/** A file, or what stands in for one: only a piece of it is in memory at a time. */
export type Source = Pick<Blob, 'size' | 'slice'>

/** @param whole whether a newline ended it */
export type Line = { number: number; text: string; whole: boolean }

const PIECE = 1 << 20
const LONGEST_LINE = 64 << 20

/**
 * The lines of a file that may be larger than the memory.
 *
 * @param read told how many bytes were read so far
 */
export async function* linesOf(
  file: Source,
  signal: AbortSignal,
  read: (bytes: number) => void,
): AsyncGenerator<Line> {
  let number = 0
  let pieces: Bytes[] = []
  let held = 0
  for (let at = 0; at < file.size; at += PIECE) {
    signal.throwIfAborted()
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer())
    let start = 0
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      number++
      yield line(number, concat(...pieces, piece.subarray(start, end)), true)
      pieces = []
      held = 0
      start = end + 1
    }
    pieces.push(piece.subarray(start))
    held += piece.length - start
    if (held > LONGEST_LINE) throw failed('line-long', { limit: LONGEST_LINE }, { line: number + 1 })
    read(Math.min(file.size, at + PIECE))
  }
  if (held > 0) yield line(number + 1, concat(...pieces), false)
}

function line(number: number, bytes: Bytes, whole: boolean): Line {
  // What was saved on Windows may end its lines with two characters.
  const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length
  try {
    return { number, text: text(bytes.subarray(0, end)), whole }
  } catch (error) {
    if (!(error instanceof Failed)) throw error
    // What broke off may have done so inside a character; the line is not complete in any case.
    if (!whole) return { number, text: '', whole }
    throw new Failed({ ...error.failure, place: { line: number } })
  }
}
