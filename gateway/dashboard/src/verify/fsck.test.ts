import { expect, test } from 'vitest'
import { en } from '../i18n/en'
import { damaged, damages, entriesOf, hash, logOf, rootOfTile, sampleLog, sourceOf } from '../test/logs'
import { type Bytes, utf8 } from './bytes'
import { parseCheckpoint } from './checkpoint'
import { Failed } from './failure'
import { recompute, type SignedRoot } from './fsck'
import { parseNote } from './note'
import { quickRoot } from './quick-hash'
import { placeOf, told } from './told'

type Files = Map<string, Bytes>

/** What was found, or how it is told. */
async function outcome(files: Files, signed: SignedRoot) {
  try {
    return await recompute(sourceOf(files), signed)
  } catch (error) {
    if (error instanceof Failed) return told(error.failure, en)
    throw error
  }
}

const sampled = sampleLog()
const signedSample = parseCheckpoint(parseNote(new TextDecoder().decode(sampled.get('checkpoint'))))
const leaves = [
  ...entriesOf(sampled.get('tile/entries/000') as Bytes),
  ...entriesOf(sampled.get('tile/entries/001.p/4') as Bytes),
]

test('the log that the other verifier wrote is recomputed', async () => {
  expect(await outcome(sampled, signedSample)).toEqual({
    entries: 260,
    entryBytes: 260 * 164,
    auditLeaves: 260,
    tenants: 3,
  })
})

test('whatever is damaged is told word for word as the other verifier tells it', async () => {
  expect(damages().length).toBeGreaterThan(20)
  for (const [damage, java] of damages()) {
    const here = await outcome(damaged(sampled, damage), signedSample)
    expect(here, damage).toBe(`${java.replaceAll("'", '’')}.`)
  }
})

test('the place of a changed entry is its index', async () => {
  const run = recompute(sourceOf(damaged(sampled, 'flip tile/entries/001.p/4 10')), signedSample)
  const { failure } = (await run.catch((error: unknown) => error)) as Failed
  expect(failure.code).toBe('entry-changed')
  expect(placeOf(failure.place, en)).toBe('Entry 256')
})

// Logs of any size, of entries that are no audit leaves.

const numbered = Array.from({ length: 66_000 }, (_, i) => utf8(`entry ${i}`))

test('logs of every small size and around the borders of tiles are recomputed', async () => {
  for (const size of [0, 1, 2, 3, 4, 5, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1030]) {
    const { files, signed } = logOf(numbered.slice(0, size))
    expect(await outcome(files, signed), `${size}`).toMatchObject({
      entries: size,
      auditLeaves: 0,
      tenants: 0,
    })
  }
})

test('a changed hash is named at every level of a large log, also where all below it was made to fit', async () => {
  const { files, signed } = logOf(numbered)
  const seen: number[] = []
  expect(await recompute(sourceOf(files), signed, (entries) => seen.push(entries))).toMatchObject({
    entries: 66_000,
  })
  expect(seen.at(-1)).toBe(66_000)

  for (const [tile, at, what] of [
    ['tile/0/003', 32, 'entry 1'],
    ['tile/0/257.p/208', 0, 'entry 0'],
    ['tile/1/000', 64, 'hash 2'],
    ['tile/1/001.p/1', 5, 'hash 0'],
    ['tile/2/000.p/1', 31, 'hash 0'],
  ]) {
    const text = await outcome(damaged(files, `flip ${tile} ${at}`), signed)
    expect(text, `${tile}`).toContain(`${tile} ${what} differs: the tile was changed; `)
  }

  const changed = new Map(files)
  const entries = numbered.slice(768, 1024).with(17, utf8('another'))
  const fork = logOf(entries).files
  changed.set('tile/entries/003', fork.get('tile/entries/000') as Bytes)
  changed.set('tile/0/003', fork.get('tile/0/000') as Bytes)
  expect(await outcome(changed, signed)).toContain(
    'tile/1/000 hash 3 differs: the entries under hash 3 of tile/1/000 (from index 768) changed',
  )

  const above = (changed.get('tile/1/000') as Bytes).slice()
  above.set(rootOfTile(changed.get('tile/0/003') as Bytes), 3 * 32)
  changed.set('tile/1/000', above)
  expect(await outcome(changed, signed)).toContain('tile/2/000.p/1 hash 0 differs: the entries under hash 0')
}, 60_000)

test('a history rewritten from end to end fails at the signed root', async () => {
  const { signed } = logOf(numbered.slice(0, 600))
  const { files } = logOf(numbered.slice(0, 600).with(17, utf8('another')))

  expect(await outcome(files, signed)).toMatch(
    /^The root computed from all 600 entries is \S{44}, the signed checkpoint says \S{44}\.$/,
  )
})

test('reordered, inserted and removed entries are found', async () => {
  const entries = numbered.slice(0, 600)
  const { signed } = logOf(entries)
  for (const other of [
    entries.with(300, entries[301] as Bytes).with(301, entries[300] as Bytes),
    entries.toSpliced(100, 0, entries[0] as Bytes).slice(0, 600),
    [...entries.toSpliced(100, 1), entries[0] as Bytes],
  ]) {
    expect(await outcome(logOf(other).files, signed)).toContain('The root computed from all 600 entries is')
  }
})

test('a full bundle and a full tile serve where the partial ones are gone', async () => {
  const { files } = logOf(numbered.slice(0, 512))
  const { signed } = logOf(numbered.slice(0, 300))
  // As a log has them that has grown since the checkpoint.
  files.set('tile/1/000.p/1', rootOfTile(files.get('tile/0/000') as Bytes))
  files.delete('tile/1/000.p/2')

  expect(await outcome(files, signed)).toMatchObject({ entries: 300 })
})

test('a hole in a tenant’s chain fails even where everything is signed', async () => {
  const { files, signed } = logOf(leaves.toSpliced(100, 1))
  const text = await outcome(files, signed)
  expect(text).toMatch(
    /^It breaks the chain of tenant [0-9a-f]{64}: it is number 35 after entry 100, must be number 34 after entry 97\.$/,
  )
})

test('what was logged damaged is told, and with what', async () => {
  const short = leaves.with(10, (leaves[10] as Bytes).slice(0, 100))
  const { files, signed } = logOf(short)
  expect(await outcome(files, signed)).toBe('It was logged damaged. An entry has 164 bytes, this one 100.')

  const turned = (leaves[10] as Bytes).slice()
  turned[5] = (turned[5] as number) ^ 1
  const other = logOf(leaves.with(10, turned))
  expect(await outcome(other.files, other.signed)).toContain(
    'It was logged damaged. Kind or flags of the entry',
  )
  // A changed entry is the better explanation of a broken chain.
  const fork = { ...other, files: new Map(other.files).set('tile/0/000', sampled.get('tile/0/000') as Bytes) }
  expect(await outcome(fork.files, fork.signed)).toContain('tile/0/000 entry 10 differs')
})

test('a log larger than any can be is not begun', async () => {
  const signed = { size: 1n << 63n, root: hash() }
  expect(() => recompute(sourceOf(new Map()), signed)).toThrow('log-size')
})

test('so much is read ahead, and no more than memory is meant for', async () => {
  const small = logOf(numbered.slice(0, 50 * 256))
  expect(await mostAtOnce(small.files, small.signed)).toBe(32)

  const largest = logOf(Array<Bytes>(256).fill(new Uint8Array(65_535)))
  const bundle = largest.files.get('tile/entries/000') as Bytes
  const source = (path: string) =>
    path.startsWith('tile/entries/') ? bundle : (largest.files.get('tile/0/000') as Bytes)
  const files = { get: source } as unknown as Files
  expect(await mostAtOnce(files, { size: 2048n, root: hash() })).toBe(3)
}, 60_000)

async function mostAtOnce(files: Files, signed: SignedRoot): Promise<number> {
  let most = 0
  let now = 0
  await recompute(async (path) => {
    if (!path.startsWith('tile/entries/')) return files.get(path)
    most = Math.max(most, ++now)
    await new Promise((rested) => setTimeout(rested))
    now--
    return files.get(path)
  }, signed).catch((error: unknown) => expect(error).toBeInstanceOf(Failed))
  return most
}

test('the root over a tile is that of its hashes', () => {
  const tile = Uint8Array.from({ length: 256 * 32 }, (_, i) => i * 7)
  expect(quickRoot(tile, 0, 256)).toEqual(rootOfTile(tile))
  expect(quickRoot(tile, 3, 1)).toEqual(tile.slice(96, 128))
  expect(quickRoot(tile, 4, 4)).toEqual(rootOfTile(tile.slice(128, 256)))
})
