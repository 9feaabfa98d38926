import { expect, test, vi } from 'vitest'
import { damaged, sampleLog, sourceOf } from '../test/logs'
import { parseCheckpoint } from './checkpoint'
import { recomputeAside, serve } from './fsck-aside'
import { parseNote } from './note'

const never = new AbortController().signal
const files = sampleLog()
const signed = parseCheckpoint(parseNote(new TextDecoder().decode(files.get('checkpoint'))))
const source = sourceOf(files)

/** Runs in a worker’s stead: what goes to it and comes back is copied as between threads. */
class Beside {
  static live = 0
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: (() => void) | null = null
  readonly #inside: Parameters<typeof serve>[0] = {
    onmessage: null,
    postMessage: (message) => this.#pass(message, () => this.onmessage),
  }
  #ended = false

  constructor() {
    Beside.live++
    serve(this.#inside)
  }

  postMessage(message: unknown, transfer: Transferable[]) {
    this.#pass(structuredClone(message, { transfer }), () => this.#inside.onmessage)
  }

  terminate() {
    Beside.live--
    this.#ended = true
  }

  #pass(message: unknown, to: () => ((event: MessageEvent) => unknown) | null) {
    const data = structuredClone(message)
    setTimeout(() => this.#ended || to()?.({ data } as MessageEvent))
  }
}

/** Its file cannot be loaded. */
class Missing {
  onerror: (() => void) | null = null

  constructor() {
    setTimeout(() => this.onerror?.())
  }

  terminate() {}
}

test('a worker recomputes the log from what the page reads', async () => {
  vi.stubGlobal('Worker', Beside)
  const copies = sampleLog()
  expect(await recomputeAside(sourceOf(copies), signed, never, () => {})).toMatchObject({ entries: 260 })

  expect(copies.get('tile/0/000')?.length, 'handed over').toBe(0)
  expect(Beside.live).toBe(0)
})

test('what is wrong comes back from the worker with its facts and its place', async () => {
  vi.stubGlobal('Worker', Beside)
  const wrong = damaged(files, 'flip tile/entries/001.p/4 10')
  const run = recomputeAside(
    async (path) => wrong.get(path)?.slice(),
    signed,
    never,
    () => {},
  )
  await expect(run).rejects.toMatchObject({
    failure: { code: 'entry-changed', facts: { place: 0, index: 256n }, place: { index: 256n } },
  })
  expect(Beside.live).toBe(0)
})

test('what cannot be read ends it, and is no verdict', async () => {
  vi.stubGlobal('Worker', Beside)
  const gone = new DOMException('gone', 'NotReadableError')
  await expect(
    recomputeAside(
      () => Promise.reject(gone),
      signed,
      never,
      () => {},
    ),
  ).rejects.toBe(gone)
  expect(Beside.live).toBe(0)
})

test('a worker that is stopped reads nothing more', async () => {
  vi.stubGlobal('Worker', Beside)
  const stop = new AbortController()
  let reads = 0
  const run = recomputeAside(
    () => {
      reads++
      stop.abort()
      return new Promise(() => {})
    },
    signed,
    stop.signal,
    () => {},
  )

  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
  expect(reads).toBeGreaterThan(0)
  expect(Beside.live).toBe(0)
})

test('without a worker the page computes itself', async () => {
  for (const worker of [undefined, Missing]) {
    vi.stubGlobal('Worker', worker)
    expect(await recomputeAside(source, signed, never, () => {})).toMatchObject({ entries: 260 })
  }
})
