import { createHash } from 'node:crypto'
import { type Bytes, concat } from '../verify/bytes'
import type { SignedRoot } from '../verify/fsck'
import { endsOf, type TileSource, tilePath } from '../verify/tiles'
import { sample, sampleText } from './samples'

/** Whole logs, hashed with what Node brings along and not with what is tested. */
export type Log = { files: Map<string, Bytes>; signed: SignedRoot }

/** The one that tlog wrote: 260 entries of three tenants. */
export function sampleLog(): Map<string, Bytes> {
  const paths = ['entries/000', 'entries/001.p/4', '0/000', '0/001.p/4', '1/000.p/1']
  return new Map([
    ['checkpoint', sample('checkpoint-260')],
    ...paths.map((path): [string, Bytes] => [`tile/${path}`, sample(`tile/${path}`)]),
  ])
}

/** What tlog tried on it, and how it told what was wrong. */
export const damages = (): [damage: string, told: string][] =>
  sampleText('damages.tsv')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t') as [string, string])

/** @param damage steps like `flip tile/0/000 32` or `remove tile/entries/000`, between semicolons */
export function damaged(files: Map<string, Bytes>, damage: string): Map<string, Bytes> {
  const changed = new Map(files)
  for (const [verb, path = '', what = '', bytes = ''] of damage.split('; ').map((step) => step.split(' '))) {
    const content = (changed.get(path) as Bytes).slice()
    if (verb === 'remove') changed.delete(path)
    else if (verb === 'cut') changed.set(path, content.slice(0, Number(what)))
    else if (verb === 'copy') changed.set(what, content)
    else {
      const written = Uint8Array.from(Buffer.from(bytes, 'hex'))
      content.set(verb === 'flip' ? [(content[Number(what)] as number) ^ 4] : written, Number(what))
      changed.set(path, content)
    }
  }
  return changed
}

export const sourceOf =
  (files: Map<string, Bytes>): TileSource =>
  async (path) =>
    files.get(path)

export function entriesOf(bundle: Bytes): Bytes[] {
  const ends = endsOf('', bundle)
  return ends.map((end, i) => bundle.slice((ends[i - 1] ?? 0) + 2, end))
}

export function logOf(entries: Bytes[]): Log {
  const files = new Map<string, Bytes>()
  const write = (level: number | 'entries', all: Bytes[]) => {
    for (let first = 0; first < all.length; first += 256) {
      const some = all.slice(first, first + 256)
      files.set(tilePath({ level, index: BigInt(first / 256), width: some.length }), concat(...some))
    }
  }
  const leaves = entries.map((entry) => hash(Uint8Array.of(0), entry))
  write(
    'entries',
    entries.map((entry) => concat(Uint8Array.of(entry.length >> 8, entry.length), entry)),
  )
  for (let level = 0, hashes = leaves; hashes.length > 0; level++) {
    write(level, hashes)
    hashes = Array.from({ length: hashes.length >> 8 }, (_, i) => root(hashes, i * 256, (i + 1) * 256))
  }
  return { files, signed: { size: BigInt(entries.length), root: root(leaves, 0, leaves.length) } }
}

/** The definition itself (RFC 9162 section 2.1.1). */
function root(hashes: Bytes[], from: number, to: number): Bytes {
  if (to === from) return hash()
  if (to - from === 1) return hashes[from] as Bytes
  let half = 1
  while (half * 2 < to - from) half *= 2
  return nodeOf(root(hashes, from, from + half), root(hashes, from + half, to))
}

export const nodeOf = (left: Bytes, right: Bytes): Bytes => hash(Uint8Array.of(1), left, right)

/** The root over a whole tile. */
export const rootOfTile = (tile: Bytes): Bytes =>
  root(
    Array.from({ length: tile.length / 32 }, (_, i) => tile.slice(i * 32, (i + 1) * 32)),
    0,
    tile.length / 32,
  )

export function hash(...parts: Bytes[]): Bytes {
  const sha256 = createHash('sha256')
  for (const part of parts) sha256.update(part)
  return new Uint8Array(sha256.digest())
}

/** As `<input webkitdirectory>` gives a folder. */
export const chosen = (name: string, files: Map<string, Bytes>): File[] =>
  [...files].map(([path, bytes]) => {
    const file = new File([bytes], path.split('/').at(-1) as string)
    Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/${path}` })
    return file
  })

/** As `webkitGetAsEntry` gives a folder that was dropped; only what the page asks of it. */
export function dropped(name: string, files: Map<string, Bytes>): FileSystemDirectoryEntry {
  const names = new Set([...files.keys()].map((path) => path.split('/')[0] as string))
  return {
    name,
    isDirectory: true,
    createReader: () => {
      const batches = [[...names].map((each) => ({ name: each, isFile: files.has(each) })), []]
      return { readEntries: (found: (some: object[]) => void) => found(batches.shift() as object[]) }
    },
    getFile: (
      path: string,
      _: object,
      found: (file: object) => void,
      wrong: (error: DOMException) => void,
    ) => {
      const bytes = files.get(path)
      const isFolder = [...files.keys()].some((each) => each.startsWith(`${path}/`))
      if (bytes === undefined) {
        wrong(new DOMException('no file', isFolder ? 'TypeMismatchError' : 'NotFoundError'))
      } else {
        const file = new File([bytes], path.split('/').at(-1) as string)
        found({ file: (given: (file: File) => void) => given(file) })
      }
    },
  } as unknown as FileSystemDirectoryEntry
}
