import { expect, test } from 'vitest'
import { sample, sampleKeys, sampleText } from '../test/samples'
import { vectors } from '../test/vectors'
import { base64, hex, text, utf8 } from './bytes'
import { openCheckpoint, parseCheckpoint } from './checkpoint'
import { Failed, type FailureCode } from './failure'
import { checkSignatures, ed25519, hasEd25519, importPoint, parseKey, parseKeys, secondsOf } from './key'
import { keyHex, type Note, parseNote } from './note'

async function failureOf(run: () => unknown) {
  try {
    await run()
  } catch (error) {
    if (error instanceof Failed) return error.failure
    throw error
  }
  throw new Error('It verified')
}

const opened = (note: string) => async () => openCheckpoint(parseNote(note), await sampleKeys())

test('a checkpoint is opened with the keys of its log and its witness', async () => {
  const signed = await openCheckpoint(parseNote(sampleText('checkpoint-260')), await sampleKeys())

  expect(signed.origin).toBe('log.elleve.example')
  expect(signed.size).toBe(260n)
  expect(signed.signedBy.map(({ id, at }) => [id.split('+')[0], at])).toEqual([
    ['log.elleve.example', undefined],
    ['witness.example', '2026-11-23T12:00:00.000Z'],
  ])
  expect(signed.notChecked).toEqual([])
})

test('a signature of a key that was not given is not checked, and is named', async () => {
  const [log] = await sampleKeys()
  const signed = await openCheckpoint(parseNote(sampleText('checkpoint-260')), log === undefined ? [] : [log])

  expect(signed.notChecked).toHaveLength(1)
  expect(signed.notChecked[0]).toContain('witness.example+')
})

test('a witness alone is not enough', async () => {
  const [, witness] = await sampleKeys()
  const keys = witness === undefined ? [] : [witness]

  const failure = await failureOf(() => openCheckpoint(parseNote(sampleText('checkpoint-260')), keys))

  expect(failure).toMatchObject({ code: 'not-the-log', facts: { origin: 'log.elleve.example' } })
})

test('what was changed in a checkpoint is named with its line', async () => {
  const note = sampleText('checkpoint-260')
  const lines = note.split('\n')
  const [, , root = '', , log = '', witness = ''] = lines
  const other = root.replace(/^./, root.startsWith('A') ? 'B' : 'A')
  const damaged = log.replace(/(.{40})./, (_, before: string) => `${before}${log[40] === 'A' ? 'B' : 'A'}`)
  const changes: [string, FailureCode, number | undefined, object?][] = [
    [note.replace('\n260\n', '\n261\n'), 'signed-size', 2, { says: 261n, signed: 260n }],
    [note.replace('log.elleve', 'lug.elleve'), 'signed-origin', 1, { says: 'lug.elleve.example' }],
    [note.replace(root, other), 'signed-text', 5],
    [note.replace(log, damaged), 'signed-text', 5],
    [note.replace('— log.elleve.example', '— log.elleve.exampla'), 'renamed', 5, { wrong: 'name' }],
    [note.replace('— witness.example', '— witness.exampla'), 'renamed', 6, { wrong: 'name' }],
    [note.replace(witness, witness.replace(/ (\S)\S(\S+)$/, ' $1x$2')), 'renamed', 6, { wrong: 'id' }],
    [note.replace('\n260\n', '\n0260\n'), 'number', 2],
    [note.replace(root, `${root.slice(0, -2)}==`), 'base64', 3],
    [note.replace(root, 'AAAA'), 'hash-length', 3, { bytes: 3 }],
    [note.replace('\n\n', '\n'), 'note-divide', undefined],
    [note.slice(0, -1), 'note-newline', 6],
    [note.replace('— log', '- log'), 'signature-line', 5],
    [note.replace('\n260\n', '\n260\t\n'), 'note-control', 2, { character: 'U+0009' }],
    [lines.slice(0, 4).join('\n').concat('\n'), 'note-unsigned', 5],
    [lines.toSpliced(2, 1).join('\n'), 'checkpoint-lines', 1, { lines: 2 }],
  ]
  for (const [changed, code, line, facts] of changes) {
    expect(changed, code).not.toBe(note)
    const failure = await failureOf(opened(changed))
    expect([failure.code, failure.place.line], JSON.stringify(changed)).toEqual([code, line])
    if (facts !== undefined) expect(failure.facts).toMatchObject(facts)
  }
})

test('no changed byte of a checkpoint goes unseen', async () => {
  const bytes = sample('checkpoint-260')
  const keys = await sampleKeys()
  for (let i = 0; i < bytes.length; i++) {
    const changed = bytes.slice()
    changed[i] = (changed[i] as number) ^ 1
    await failureOf(() => openCheckpoint(parseNote(text(changed)), keys))
  }
})

test('a key is taken only as it was given', async () => {
  const [log = ''] = sampleText('log.vkey').split('\n').slice(1)
  const of = (written: string) => async () => (await failureOf(() => parseKeys(written))).code

  expect(await parseKeys(`# the log\r\n\r\n  ${log}\r\n`)).toHaveLength(1)
  expect(await of('')()).toBe('no-key')
  expect(await of('# none\n')()).toBe('no-key')
  expect(await of('nonsense')()).toBe('key-form')
  expect(await of(log.replace('log.elleve', 'log elleve'))()).toBe('key-form')
  expect(await of(log.replace('log.elleve', 'lug.elleve'))()).toBe('key-damaged')
  expect(await of(log.replace(/.$/, '!'))()).toBe('base64')
  expect(await of('x+00000000+AgAA')()).toBe('key-type')
  expect(await of('x+00000000+AQAA')()).toBe('key-length')
})

test('this browser knows Ed25519', async () => {
  expect(await hasEd25519()).toBe(true)
})

test('a text with more than a note may have is refused', async () => {
  const note = sampleText('checkpoint-260')
  const [line = ''] = note.split('\n').slice(4)

  expect((await failureOf(opened(note + `${line}\n`.repeat(99)))).code).toBe('note-many')
  expect((await failureOf(opened('x'.repeat((1 << 20) + 1)))).code).toBe('note-long')
  expect((await failureOf(opened(note.replace('log', '\ud800log')))).code).toBe('note-control')
  expect((await failureOf(() => text(Uint8Array.of(0x41, 0x0a, 0x42, 0xff, 0x43)))).place.line).toBe(2)
  expect((await failureOf(() => text(Uint8Array.of(0x41, 0x0a, 0xc3)))).facts).toEqual({ byte: 3 })
})

// The published vectors.

type NoteVector = {
  name: string
  note: string
  noteBase64?: string
  vkeys: string[]
  expect: string
  verified?: string[]
}

type NoteVectors = { vectors: NoteVector[]; keyIds: { vkey: string; name: string; keyIdHex: string }[] }

async function outcome(vector: NoteVector): Promise<string> {
  const keys = await Promise.all(vector.vkeys.map(parseKey))
  let note: Note
  try {
    note = parseNote(vector.noteBase64 === undefined ? vector.note : text(base64(vector.noteBase64, 'extra')))
  } catch (error) {
    if (error instanceof Failed) return 'malformed'
    throw error
  }
  const { verified, wrong } = await checkSignatures(note, keys)
  if (wrong !== undefined) return 'invalid signature'
  return verified.length === 0 ? 'no verifiable signatures' : verified.map(([{ name }]) => name).join(' ')
}

test('notes are taken and refused as the published vectors say', async (context) => {
  const { vectors: all } = vectors<NoteVectors>(context, 'signed-note.json')
  expect(all).toHaveLength(14)
  for (const vector of all) {
    const expected = vector.expect === 'ok' ? vector.verified?.join(' ') : vector.expect
    expect(await outcome(vector), vector.name).toBe(expected)
  }
})

test('key ids are the published ones', async (context) => {
  const { keyIds } = vectors<NoteVectors>(context, 'signed-note.json')
  expect(keyIds).toHaveLength(6)
  for (const { vkey, name, keyIdHex } of keyIds) {
    const key = await parseKey(vkey)
    expect([key.name, keyHex(key.key)]).toEqual([name, keyIdHex])
  }
})

test('published cosignatures verify, at their second', async (context) => {
  type Cosignature = { vkey: string; timestamp: number; cosignedCheckpoint: string }
  const file = vectors<{ ed25519Cosignatures: Cosignature[] }>(context, 'witness-cosignature.json')
  for (const { vkey, timestamp, cosignedCheckpoint } of file.ed25519Cosignatures) {
    const { verified, wrong } = await checkSignatures(parseNote(cosignedCheckpoint), [await parseKey(vkey)])
    expect(wrong).toBeUndefined()
    expect(verified.map(([signature]) => secondsOf(signature))).toEqual([BigInt(timestamp)])
  }
})

test('checkpoint bodies are read or refused as the vectors say', async (context) => {
  const file = vectors<{ vectors: { name: string; body: string; valid: boolean }[] }>(
    context,
    'checkpoint-body.json',
  )
  for (const { name, body, valid } of file.vectors) {
    // The valid ones carry roots that are no SHA-256 values: a strict reader refuses them for their length alone.
    const failure = await failureOf(() => parseCheckpoint({ text: body, signatures: [], firstLine: 1 }))
    if (valid) expect([failure.code, failure.place.line], name).toEqual(['hash-length', 3])
    else expect(failure.code, name).not.toBe('hash-length')
  }
})

test('Ed25519 accepts nothing that another verifier would refuse', async (context) => {
  type Edge = { number: number; key: string; sig: string; msg: string; flags: string[] | null }
  const file = vectors<{ vectors: Edge[] }>(context, 'ed25519-edge-cases.json')
  const unhex = (digits: string) =>
    Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  let accepted = 0
  for (const { number, key, sig, msg, flags } of file.vectors) {
    let verified = false
    try {
      verified = await ed25519(await importPoint(unhex(key)), utf8(msg), unhex(sig))
    } catch (error) {
      if (!(error instanceof Failed)) throw error
    }
    accepted += verified ? 1 : 0
    const doubtful = ['non_canonical_A', 'non_canonical_R', 'low_order_residue']
    expect(verified, `vector ${number} ${flags} ${hex(unhex(key))}`).toBe(
      !(flags ?? []).some((flag) => doubtful.includes(flag)),
    )
  }
  // As many as the verifier for the command line.
  expect(accepted).toBe(172)
})
