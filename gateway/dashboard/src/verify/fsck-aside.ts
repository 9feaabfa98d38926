import type { Bytes } from './bytes'
import { Failed, type Failure } from './failure'
import { type Recomputed, recompute, type SignedRoot } from './fsck'
import type { TileSource } from './tiles'

/**
 * The recomputation of a log in a worker: some millions of hashes, while the page stays alive. The page reads, since only it
 * has the files a person chose and the session; the worker computes.
 */
type ToWorker = { signed: SignedRoot } | { answer: number; bytes: Bytes | undefined }

type FromWorker =
  | { ready: true }
  | { want: number; path: string }
  | { entries: number }
  | { found: Recomputed }
  | { failure: Failure }
  | { fault: string }

/** What a worker and its page have in common. */
type Port = {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent) => unknown) | null
}

/** The bar is drawn no more often. */
const BETWEEN_TOLD = 100

/** Inside the worker. */
export function serve(port: Port): void {
  const tell = (message: FromWorker) => port.postMessage(message)
  const waiting = new Map<number, (bytes: Bytes | undefined) => void>()
  let asked = 0
  const source: TileSource = (path) =>
    new Promise((resolve) => {
      waiting.set(++asked, resolve)
      tell({ want: asked, path })
    })
  port.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    if ('answer' in data) {
      waiting.get(data.answer)?.(data.bytes)
      waiting.delete(data.answer)
      return
    }
    recompute(
      source,
      data.signed,
      sometimes((entries) => tell({ entries })),
    ).then(
      (found) => tell({ found }),
      (error: unknown) =>
        tell(error instanceof Failed ? { failure: error.failure } : { fault: String(error) }),
    )
  }
  tell({ ready: true })
}

/**
 * On the page. Where no worker can be had, for example because its file was never loaded and there is no network any more,
 * the page computes itself.
 *
 * @param source fails once `signal` is aborted
 */
export async function recomputeAside(
  source: TileSource,
  signed: SignedRoot,
  signal: AbortSignal,
  progress: (entries: number) => void,
): Promise<Recomputed> {
  const worker = await started()
  if (worker === undefined) return recompute(source, signed, sometimes(progress))
  try {
    return await ask(worker, source, signed, signal, progress)
  } finally {
    worker.terminate()
  }
}

function started(): Promise<Worker | undefined> {
  return new Promise((resolve) => {
    if (typeof Worker === 'undefined') {
      resolve(undefined)
      return
    }
    const worker = new Worker(new URL('./fsck-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = () => resolve(worker)
    worker.onerror = () => {
      worker.terminate()
      resolve(undefined)
    }
  })
}

function ask(
  worker: Worker,
  source: TileSource,
  signed: SignedRoot,
  signal: AbortSignal,
  progress: (entries: number) => void,
): Promise<Recomputed> {
  const tell = (message: ToWorker, given: Transferable[] = []) => worker.postMessage(message, given)
  const answer = async (number: number, path: string) => {
    const bytes = await source(path)
    // Handed over, not copied; what is part of something larger stays here.
    const whole = bytes !== undefined && bytes.length === bytes.buffer.byteLength
    tell({ answer: number, bytes }, whole ? [bytes.buffer] : [])
  }
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason))
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ('want' in data) answer(data.want, data.path).catch(reject)
      else if ('entries' in data) progress(data.entries)
      else if ('found' in data) resolve(data.found)
      else if ('failure' in data) reject(new Failed(data.failure))
      else if ('fault' in data) reject(new Error(data.fault))
    }
    tell({ signed })
  })
}

function sometimes(tell: (entries: number) => void): (entries: number) => void {
  let told = Date.now()
  return (entries) => {
    if (Date.now() - told < BETWEEN_TOLD) return
    told = Date.now()
    tell(entries)
  }
}
