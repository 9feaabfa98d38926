import { getBytes } from '../api/client'
import { isPassing, Problem } from '../api/problem'
import type { Bytes } from './bytes'
import type { TileSource } from './tiles'

/** Where a whole log lies: a folder on this computer, or an address. */
export type LogPlace = {
  name: string
  /** Absent for a folder. */
  address?: string
  /** @param signal once aborted, nothing more can be read */
  source: (signal: AbortSignal) => TileSource
}

/** Whether it is on another site, which the page's policy lets it not ask. */
export const isElsewhere = ({ address }: LogPlace): boolean =>
  address !== undefined && new URL(address).origin !== window.location.origin

/** A bundle of largest entries has 16 MB; of what is larger enough is read to see that it is wrong. */
const LARGEST = 32 << 20

const PROOF = '.tlog-proof'

/** Whether a person can give this browser's pages a folder by choosing one; telephones mostly cannot. */
export const canChooseFolders = (): boolean => 'webkitdirectory' in HTMLInputElement.prototype

/** What can be verified in a folder that was chosen: a whole log, or proofs, or nothing. */
export function chosenFolder(files: File[]): (File | LogPlace)[] {
  const byPath = new Map(files.map((file) => [file.webkitRelativePath.replace(/^[^/]*\//, ''), file]))
  const paths = [...byPath.keys()]
  if (!paths.some((path) => path === 'checkpoint' || path.startsWith('tile/'))) {
    return paths
      .filter((path) => !path.includes('/') && path.endsWith(PROOF))
      .sort()
      .map((path) => byPath.get(path) as File)
  }
  const name = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  return [folder(name, async (path) => byPath.get(path))]
}

/** The same of a folder that was dropped. Its files are looked up when they are needed; there may be a great many. */
export async function droppedFolder(root: FileSystemDirectoryEntry): Promise<(File | LogPlace)[]> {
  const within = await entriesOf(root)
  if (within.some(({ name }) => name === 'checkpoint' || name === 'tile')) {
    return [folder(root.name, (path) => fileAt(root, path))]
  }
  const proofs = within.filter(({ name, isFile }) => isFile && name.endsWith(PROOF))
  const files = await Promise.all(proofs.map(({ name }) => fileAt(root, name)))
  return files.filter((file) => file !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function entriesOf(root: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = root.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // Told by the hundred; an empty list is the end.
    const some = await new Promise<FileSystemEntry[]>((found, wrong) => reader.readEntries(found, wrong))
    if (some.length === 0) return all
    all.push(...some)
  }
}

function fileAt(root: FileSystemDirectoryEntry, path: string): Promise<File | undefined> {
  return new Promise((resolve, reject) => {
    root.getFile(
      path,
      {},
      (found) => (found as FileSystemFileEntry).file(resolve, reject),
      (wrong) =>
        wrong.name === 'NotFoundError' || wrong.name === 'TypeMismatchError'
          ? resolve(undefined)
          : reject(wrong),
    )
  })
}

function folder(name: string, find: (path: string) => Promise<File | undefined>): LogPlace {
  return {
    name,
    source: (signal) => async (path) => {
      const file = await find(path)
      signal.throwIfAborted()
      return file === undefined ? undefined : new Uint8Array(await file.slice(0, LARGEST).arrayBuffer())
    },
  }
}

/** A log that publishes itself (c2sp.org/tlog-tiles). */
export function publishedLog(address: string): LogPlace {
  return {
    name: address,
    address,
    source: (signal) => {
      const patient = patience(signal)
      return (path) => patient(() => getBytes(`${address}/${path}`, signal))
    },
  }
}

/** Others read at the same time and may get there first; so often in a row it is no chance any more. */
const MOST_REFUSALS = 60

/** A log of some size is more requests than a site takes at once: asked to wait, all of them wait and go on. */
function patience(signal: AbortSignal) {
  let pause: Promise<void> = Promise.resolve()
  return async (read: () => Promise<Bytes | undefined>): Promise<Bytes | undefined> => {
    for (let failures = 0, refusals = 0; ; ) {
      await pause
      signal.throwIfAborted()
      try {
        return await read()
      } catch (error) {
        if (error instanceof Problem && error.status === 429 && refusals++ < MOST_REFUSALS) {
          const seconds = error.retryAfter ?? 1
          pause = new Promise((over) => setTimeout(over, seconds * 1000))
        } else if (!isPassing(error) || failures++ > 0) throw error
      }
    }
  }
}
