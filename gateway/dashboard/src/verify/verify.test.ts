import { expect, test } from 'vitest'
import { fileOf, sample, sampleKeys, sampleText } from '../test/samples'
import { vectors } from '../test/vectors'
import { type Bytes, text, utf8 } from './bytes'
import { openCheckpoint } from './checkpoint'
import type { VerifiedExport } from './export-file'
import { Failed, type FailureCode } from './failure'
import { EMPTY_ROOT, leafHash, nodeHash, sha256 } from './hash'
import { parseKey } from './key'
import { checkInclusion } from './merkle'
import { parseNote } from './note'
import { parseProof, verifyProof } from './proof-file'
import { quickLeaf, quickNode, quickSha256 } from './quick-hash'
import { checkContinues, type TileSource, tilePath } from './tiles'
import { verifyFile } from './verify'

const never = new AbortController().signal

const verified = async (content: string | Bytes, name = 'file') =>
  verifyFile(fileOf(content, name), await sampleKeys(), never)

async function failureOf(run: Promise<unknown>) {
  try {
    await run
  } catch (error) {
    if (error instanceof Failed) return error.failure
    throw error
  }
  throw new Error('It verified')
}

const failed = (content: string | Bytes, name?: string) => failureOf(verified(content, name))

// Proofs

const proof = sampleText('entry-123.tlog-proof')

test('a proof verifies with the key alone and says what it proves', async () => {
  const found = await verified(proof)

  expect(found).toMatchObject({
    kind: 'proof',
    index: 123n,
    checkpoint: { origin: 'log.elleve.example', size: 260n },
    entry: { kind: 'change', flags: [], time: '2026-11-23T12:02:03.124Z' },
  })
})

test('the message says which character of a proof was changed', async () => {
  const lines = proof.split('\n')
  const change = (number: number, from: string | RegExp, to: string) => {
    const line = lines[number - 1] as string
    const changed = lines.with(number - 1, line.replace(from, to)).join('\n')
    expect(changed).not.toBe(proof)
    return changed
  }
  const other = (number: number, at: number) => {
    const line = lines[number - 1] as string
    return change(number, line, line.slice(0, at) + (line[at] === 'A' ? 'B' : 'A') + line.slice(at + 1))
  }
  const path = parseProof(proof).path.length
  const origin = 4 + path + 1
  const changes: [string, FailureCode, number | undefined, object?][] = [
    [change(1, 'v1', 'v2'), 'proof-header', 1],
    [other(2, 30), 'leaf-changed', 2, { character: 31 }],
    [change(3, '123', '122'), 'index-changed', 3, { says: 122n, belongs: 123n }],
    [change(3, '123', '923'), 'index-changed', 3],
    [change(3, '123', '0123'), 'number', 3],
    [change(3, 'index', 'jndex'), 'proof-index', 3],
    [other(4, 20), 'path-hash-changed', 4, { number: 1, of: path, character: 21 }],
    [other(4 + path - 1, 0), 'path-hash-changed', 4 + path - 1, { number: path, character: 1 }],
    [other(4, 43), 'hash-length', 4, { bytes: 33 }],
    [change(4, /.=$/, 'B='), 'base64', 4],
    [lines.toSpliced(4, 1).join('\n'), 'path-length', 4, { hashes: path - 1, needed: path }],
    [lines.toSpliced(4, 0, lines[4] as string).join('\n'), 'path-length', 4],
    [
      lines
        .with(3, lines[4] as string)
        .with(4, lines[3] as string)
        .join('\n'),
      'leaf-or-path',
      undefined,
    ],
    [change(origin, 'log.', 'lug.'), 'signed-origin', origin],
    [change(origin + 1, '260', '261'), 'signed-size', origin + 1, { says: 261n, signed: 260n }],
    [other(origin + 2, 5), 'signed-root', origin + 2, { root: lines[origin + 1] }],
    [other(origin + 4, 50), 'signature-itself', origin + 4],
    [lines.slice(0, 3).join('\n'), 'proof-broke-off', 3],
    [
      lines
        .slice(0, origin - 1)
        .concat('')
        .join('\n'),
      'proof-no-checkpoint',
      origin,
    ],
    [lines.toSpliced(1, 1).join('\n'), 'proof-no-entry', 2],
  ]
  for (const [changed, code, line, facts] of changes) {
    const failure = await failed(changed)
    expect([failure.code, failure.place.line], code).toEqual([code, line])
    if (facts !== undefined) expect(failure.facts).toMatchObject(facts)
  }
})

test('no changed byte of a proof goes unseen, and nearly all are named by their line', async () => {
  const bytes = sample('entry-123.tlog-proof')
  let line = 1
  for (let i = 0; i < bytes.length; i++) {
    const newline = bytes[i] === 10
    // Lines of hashes take the same way at each place.
    if (newline || i % 61 === 0) {
      const changed = bytes.slice()
      changed[i] = (changed[i] as number) ^ 1
      const { place, code } = await failed(changed, 'x.tlog-proof')
      const named = place.line === line || code === 'note-divide' || code === 'signature-itself'
      expect(newline || named, `byte ${i} in line ${line}: ${code} in line ${place.line}`).toBe(true)
    }
    line += newline ? 1 : 0
  }
}, 120_000)

test('looking for the change can be given up', async () => {
  const lines = proof.split('\n')
  const exchanged = lines
    .with(3, lines[4] as string)
    .with(4, lines[3] as string)
    .join('\n')
  const stop = new AbortController()
  const run = verifyFile(fileOf(exchanged), await sampleKeys(), stop.signal)
  stop.abort()

  await expect(run).rejects.toMatchObject({ name: 'AbortError' })
})

test('the search hashes as WebCrypto does', async () => {
  for (let length = 0; length < 200; length++) {
    const message = Uint8Array.from({ length }, (_, i) => i * length)
    expect(quickSha256(message)).toEqual(await sha256(message))
  }
  const one = await leafHash(utf8('one'))
  expect(quickLeaf(utf8('one'))).toEqual(one)
  expect(quickNode(one, EMPTY_ROOT)).toEqual(await nodeHash(one, EMPTY_ROOT))
})

// Exports

const whole = sampleText('audit.jsonl')
const lines = whole.split('\n')
const line = (number: number): string => `${lines[number - 1]}\n`

test('a whole export verifies and says which chains have no gap', async () => {
  const found = (await verified(whole)) as VerifiedExport

  expect(found).toMatchObject({ kind: 'export', parts: 1, entries: 24, told: 23, first: 0n, last: 23n })
  expect(found.chains.map(({ name, first, last, gaps, head }) => [name, first, last, gaps, head])).toEqual([
    ['nord', 1n, 8n, 0, undefined],
    ['havn', 1n, 8n, 0, '2026-11-23T12:00:16.123457Z'],
    [undefined, 1n, 8n, 0, undefined],
  ])
})

test('redacted and filtered exports verify, and the gaps are told', async () => {
  expect(await verified(sample('redacted.jsonl'))).toMatchObject({ entries: 24, told: 0 })
  const filtered = (await verified(sample('filtered.jsonl'))) as VerifiedExport
  expect(filtered.entries).toBe(4)
  expect(filtered.chains.some(({ gaps }) => gaps > 0)).toBe(true)
})

test('an export that broke off says where to go on, and is whole with its continuation', async () => {
  const first = sampleText('broke-off.jsonl')
  const rest = sampleText('continued.jsonl')

  expect(await failed(first)).toMatchObject({ code: 'export-broke-off', facts: { after: 195n } })
  expect(await failed(first.slice(0, -100))).toMatchObject({
    code: 'export-broke-off-inside',
    facts: { after: 194n },
    place: { line: 7 },
  })
  expect(await verified(first + rest)).toMatchObject({ parts: 2, entries: 20, first: 190n, last: 209n })
  expect(await failed(rest + first)).toMatchObject({ code: 'export-order', place: { index: 190n, line: 18 } })
})

test('the ends of lines may be those of Windows', async () => {
  expect(await verified(whole.replaceAll('\n', '\r\n'))).toMatchObject({ entries: 24 })
})

test('whatever is changed in an export is found with its line and its index', async () => {
  const changes: [string, string, FailureCode, number | undefined, bigint?][] = [
    ['text', whole.replace('"level":4', '"level":5'), 'export-text', 6, 4n],
    ['kind', whole.replace('"kind":"update"', '"kind":"insert"'), 'export-head', 3, 1n],
    ['flags', whole.replace('"flags":["attributed"]', '"flags":[]'), 'export-head', 2, 0n],
    ['time', whole.replace('"time":"2026', '"time":"2025'), 'export-head', 2, 0n],
    ['index', whole.replace('{"index":3,', '{"index":4,'), 'not-included', 5, 4n],
    ['leaf', whole.replace(/"leaf":"RUxWAQAB/, '"leaf":"RUxWAQAC'), 'leaf-inverse', 2, 0n],
    ['later in the leaf', whole.replace(/("leaf":".{100})./, '$1x'), 'not-included', 2, 0n],
    ['salt', whole.replace(/"salt":"[^"]*"/, '"salt":null'), 'export-salt', 2, 0n],
    ['shorter salt', whole.replace(/"salt":"[^"]*"/, '"salt":"AAAA"'), 'salt-length', 2, 0n],
    [
      'text without a key',
      whole.replace('"content":null,"salt":null', '"content":{},"salt":null'),
      'export-salt',
      18,
      16n,
    ],
    ['doubled', whole.replace(line(5), line(5) + line(5)), 'export-order', 6, 3n],
    ['exchanged', whole.replace(line(5) + line(6), line(6) + line(5)), 'export-order', 6, 3n],
    ['inserted', whole.replace(line(5), `${line(5)}{"index":99}\n`), 'export-line', 6],
    ['after the end', `${whole}{"index":99}\n`, 'export-line', 27],
    ['a path of one', whole.replace(/"path":\["[^"]*"/, '"path":[""'), 'hash-length', 2, 0n],
    ['a path that is no list', whole.replace(/"path":\["/, '"path":[7,"'), 'export-path', 2, 0n],
    ['size', whole.replace('example\\n260', 'example\\n261'), 'signed-size', 1],
    [
      'another log',
      whole.replaceAll('log.elleve.example\\n260', 'log.other.example\\n260'),
      'signed-origin',
      1,
    ],
    ['beginning', whole.replace('{"elleve-export":1', '{"elleve-export":2'), 'export-line', 1],
    ['no beginning', lines.slice(1).join('\n'), 'export-line', 1],
    ['cut', `${lines.slice(0, 9).join('\n')}\n`, 'export-broke-off', undefined],
    ['only a beginning', line(1), 'export-broke-off', undefined],
    ['an empty line', whole.replace(line(5), `\n${line(5)}`), 'export-line', 5],
  ]
  for (const [what, changed, code, number, index] of changes) {
    expect(changed, what).not.toBe(whole)
    const failure = await failed(changed, 'audit.jsonl')
    expect([failure.code, failure.place.line, failure.place.index], what).toEqual([code, number, index])
  }
})

test('what is left out of an export is no failure but a gap', async () => {
  const found = (await verified(whole.replace(line(9), ''))) as VerifiedExport

  expect(found.entries).toBe(23)
  expect(found.chains.map(({ gaps }) => gaps).sort()).toEqual([0, 0, 1])
})

test('each line of an export that is deleted, doubled, exchanged or flipped is seen', async () => {
  const last = lines.length - 2
  for (let i = 1; i < last; i += 2) {
    const found = (await verified(lines.toSpliced(i, 1).join('\n'))) as VerifiedExport
    // The first and the last of a chain are its beginning and its end; in between there is a gap.
    const inside = i > 3 && i < last - 3
    expect(
      found.chains.reduce((sum, { gaps }) => sum + gaps, 0),
      `line ${i + 1} deleted`,
    ).toBe(inside ? 1 : 0)

    const doubled = await failed(lines.toSpliced(i, 0, lines[i] as string).join('\n'))
    expect([doubled.code, doubled.place.line]).toEqual(['export-order', i + 2])

    const before = lines[i - 1] as string
    const exchanged = await failed(
      lines
        .with(i, before)
        .with(i - 1, lines[i] as string)
        .join('\n'),
      'a.jsonl',
    )
    expect(exchanged.place.line).toBe(i === 1 ? 1 : i + 1)

    const at = utf8(`${lines.slice(0, i).join('\n')}\n`).length + 7 + i * 13
    const flipped = utf8(whole)
    flipped[at] = (flipped[at] as number) ^ 1
    const changed = await failed(flipped, 'a.jsonl')
    expect(changed.place.line, `line ${i + 1} flipped: ${changed.code}`).toBe(i + 1)
  }
})

test('bytes that are no UTF-8 are named with their line', async () => {
  const bytes = utf8(whole)
  bytes[utf8(line(1) + line(2)).length + 40] = 0xff
  expect(await failed(bytes)).toMatchObject({ code: 'utf8', place: { line: 3 } })
})

test('a long export is read in pieces, tells how far it is, and can be given up', async () => {
  const size = 3 << 20
  const asked: number[] = []
  const long = {
    name: 'audit.jsonl',
    size,
    slice: (from = 0, to = size) => {
      asked.push(to - from)
      return new Blob([utf8(from === 0 ? line(1) : ' '.repeat(to - from))])
    },
  }
  const seen: number[] = []
  const failure = await failureOf(
    verifyFile(long, await sampleKeys(), never, { read: (bytes) => seen.push(bytes), searching: () => {} }),
  )

  expect(Math.max(...asked)).toBe(1 << 20)
  expect(seen.at(-1)).toBe(size)
  expect(failure.code).toBe('export-broke-off-inside')

  const stop = new AbortController()
  const given = verifyFile(long, await sampleKeys(), stop.signal, {
    read: () => stop.abort(),
    searching: () => {},
  })
  await expect(given).rejects.toMatchObject({ name: 'AbortError' })
})

// Others

test('a checkpoint alone is verified by its signatures', async () => {
  expect(await verified(sample('checkpoint-200'))).toMatchObject({
    kind: 'checkpoint',
    checkpoint: { size: 200n },
  })
})

test('a file of another kind is said to be one', async () => {
  expect(await failed('Dear auditor,\n')).toMatchObject({ code: 'not-recognised' })
  expect(await failed('')).toMatchObject({ code: 'not-recognised' })
  expect(await failed(new Uint8Array(5 << 20))).toMatchObject({ code: 'too-large' })
})

// Two checkpoints

const checkpoint = async (size: number) =>
  openCheckpoint(parseNote(sampleText(`checkpoint-${size}`)), await sampleKeys())

const tiles: TileSource = async (path) => sample(path)

test('a log goes on where an older checkpoint was', async () => {
  const asked: string[] = []
  await checkContinues(await checkpoint(200), await checkpoint(260), async (path) => {
    asked.push(path)
    return sample(path)
  })

  expect(asked.toSorted()).toEqual(['tile/0/000', 'tile/0/001.p/4'])
})

test('a rewritten history is seen, whatever the tiles say', async () => {
  const old = await checkpoint(200)
  const now = await checkpoint(260)
  const rewritten = { ...old, root: now.root }

  expect(await failureOf(checkContinues(rewritten, now, tiles))).toMatchObject({
    code: 'rewritten',
    facts: { older: 200n, newer: 260n },
  })
  const damaged: TileSource = async (path) => sample(path).map((byte, i) => (i === 99 ? byte ^ 1 : byte))
  expect((await failureOf(checkContinues(old, now, damaged))).code).toBe('rewritten')
  expect((await failureOf(checkContinues({ ...now, root: old.root }, now, tiles))).code).toBe('two-trees')
  expect((await failureOf(checkContinues({ ...old, origin: 'x' }, now, tiles))).code).toBe('other-log')
  await checkContinues(now, now, tiles)
})

test('a tile that is missing or too short is named', async () => {
  const old = await checkpoint(200)
  const now = await checkpoint(260)

  expect(await failureOf(checkContinues(old, now, async () => undefined))).toMatchObject({
    code: 'missing',
  })
  const short: TileSource = async (path) => sample(path).slice(0, -1)
  expect(await failureOf(checkContinues(old, now, short))).toMatchObject({ code: 'tile-uneven' })
  // A partial tile may be gone once the full one is there.
  const asked: string[] = []
  const full: TileSource = async (path) => {
    asked.push(path)
    return path === 'tile/0/001.p/4' ? undefined : path === 'tile/0/001' ? filled : sample(path)
  }
  const filled = new Uint8Array(8192)
  filled.set(sample('tile/0/001.p/4'))
  await checkContinues(old, now, full)
  expect(asked).toContain('tile/0/001')
})

// The published vectors

test('proof files are read or refused as the published vectors say', async (context) => {
  type Row = { name: string; proof: string; ok: boolean; index?: number; hashes?: string[] }
  const { vectors: all } = vectors<{ vectors: Row[] }>(context, 'tlog-proof.json')
  expect(all).toHaveLength(10)
  for (const row of all) {
    if (row.ok) {
      const read = parseProof(row.proof)
      expect([Number(read.index), read.path.length], row.name).toEqual([row.index, row.hashes?.length])
    } else {
      expect(() => parseProof(row.proof), row.name).toThrow(Failed)
    }
  }
})

test('proofs over the published log verify', async (context) => {
  type Row = { entryUtf8: string; logVkey: string; proof: string }
  const { endToEnd } = vectors<{ endToEnd: Row[] }>(context, 'tlog-proof.json')
  expect(endToEnd).toHaveLength(5)
  for (const { entryUtf8, logVkey, proof } of endToEnd) {
    const keys = [await parseKey(logVkey)]
    const bare = parseProof(proof)
    const entry = btoa(entryUtf8)
    const carrying = proof.replace('\nindex', `\nextra ${entry}\nindex`)

    const found = await verifyProof(utf8(carrying), keys, never)
    expect(found.entry).toEqual({ bytes: entryUtf8.length })
    expect((await failureOf(verifyProof(utf8(proof), keys, never))).code).toBe('proof-no-entry')
    const { size, root } = found.checkpoint
    await checkInclusion(bare.index, size, await leafHash(utf8(entryUtf8)), bare.path, root)
  }
})

test('any two checkpoints of the published log are consistent by its tiles', async (context) => {
  type Log = { vkey: string; checkpointBySize: Record<string, string>; tilesHex: Record<string, string> }
  const log = vectors<Log>(context, 'tlog-tiles-testlog.json')
  const keys = [await parseKey(log.vkey)]
  const source: TileSource = async (path) => {
    const digits = log.tilesHex[path]
    return digits === undefined ? undefined : new Uint8Array(Buffer.from(digits, 'hex'))
  }
  const all = await Promise.all(
    Object.values(log.checkpointBySize).map((note) => openCheckpoint(parseNote(note), keys)),
  )
  expect(all).toHaveLength(16)
  for (const newer of all) {
    for (const older of all.filter(({ size }) => size <= newer.size)) {
      await checkContinues(older, newer, source)
      if (0n < older.size && older.size < newer.size) {
        const other = { ...older, root: newer.root }
        expect((await failureOf(checkContinues(other, newer, source))).code).toBe('rewritten')
      }
    }
  }
})

test('paths of tiles are the published ones', (context) => {
  const { indexToPath } = vectors<{ indexToPath: [number, string][] }>(context, 'tlog-tiles-paths.json')
  for (const [index, path] of indexToPath)
    expect(tilePath({ level: 0, index: BigInt(index), width: 256 })).toBe(`tile/0/${path}`)
  expect(tilePath({ level: 1, index: 1234067n, width: 7 })).toBe('tile/1/x001/x234/067.p/7')
})

test('the samples hold odd characters, and they count', () => {
  expect(text(sample('audit.jsonl'))).toContain('\u2028\u0085 æøå 🔑 \\"salt\\":null')
})
