import { expect, test, vi } from 'vitest'
import { chosen, dropped, sampleLog } from '../test/logs'
import { sampleKeys } from '../test/samples'
import { gateway, problem } from '../test/server'
import { text, utf8 } from './bytes'
import { chosenFolder, droppedFolder, type LogPlace, publishedLog } from './log-place'
import { verifyLog } from './verify-log'

const never = new AbortController().signal
const log = sampleLog()
const read = (place: LogPlace, path: string) => place.source(never)(path)
const readText = async (place: LogPlace) => text((await read(place, 'checkpoint')) ?? utf8('nothing'))

test('a folder that was chosen or dropped is a log, and is verified', async () => {
  for (const items of [chosenFolder(chosen('my-log', log)), await droppedFolder(dropped('my-log', log))]) {
    const [place] = items as [LogPlace]
    expect(items).toHaveLength(1)
    expect(place.name).toBe('my-log')
    const found = await verifyLog(place, await sampleKeys(), never)
    expect(found).toMatchObject({ kind: 'log', entries: 260, tenants: 3, checkpoint: { size: 260n } })
    // A folder beside a file is not the file.
    expect(await read(place, 'tile/0')).toBeUndefined()
    expect(await read(place, 'tile/0/001')).toBeUndefined()
  }
})

test('a folder of proofs is its proofs, and another one nothing', async () => {
  const files = new Map(
    ['b.tlog-proof', 'a.tlog-proof', 'letter.txt', 'deep/c.tlog-proof'].map((name) => [name, utf8('')]),
  )
  for (const items of [
    chosenFolder(chosen('proofs', files)),
    await droppedFolder(dropped('proofs', files)),
  ]) {
    expect(items.map(({ name }) => name)).toEqual(['a.tlog-proof', 'b.tlog-proof'])
  }
  expect(chosenFolder(chosen('letters', new Map([['letter.txt', utf8('')]])))).toEqual([])
})

test('a log without its checkpoint, or with a changed one, fails by name', async () => {
  const without = new Map(log)
  without.delete('checkpoint')
  const note = new TextDecoder().decode(log.get('checkpoint'))
  const resized = new Map(log).set('checkpoint', utf8(note.replace('\n260\n', '\n261\n')))
  const resigned = new Map(log).set('checkpoint', utf8(note.replace(/(— log\S+ .{60})./, '$1x')))
  for (const [files, code] of [
    [without, 'missing'],
    [resized, 'signed-size'],
    [resigned, 'signed-text'],
  ] as const) {
    const [place] = chosenFolder(chosen('log', files)) as [LogPlace]
    await expect(verifyLog(place, await sampleKeys(), never)).rejects.toMatchObject({ failure: { code } })
  }
})

test('nothing more is read of a folder when it was given up', async () => {
  const stop = new AbortController()
  const [place] = chosenFolder(chosen('log', log)) as [LogPlace]
  stop.abort()
  await expect(place.source(stop.signal)('checkpoint')).rejects.toMatchObject({ name: 'AbortError' })
})

test('a published log is fetched as it is now, and asked again when its site says later', async () => {
  let busy = 2
  const calls = gateway({
    'GET /api/log/checkpoint': () =>
      busy-- > 0 ? problem(429, {}, { 'Retry-After': '0.01' }) : new Response(log.get('checkpoint')),
  })
  const place = publishedLog('https://elleve.test/api/log')
  expect(await readText(place)).toContain('log.elleve.example\n260\n')
  expect(calls).toHaveLength(3)
  expect(await read(place, 'tile/0/000')).toBeUndefined()
})

test('a site that fails once is asked once more, and then it is away', async () => {
  let failures = 1
  const answers = { 'GET /log/checkpoint': () => (failures-- > 0 ? problem(503, {}) : new Response('x')) }
  const calls = gateway(answers)
  const place = publishedLog('https://elleve.test/log')
  expect(await readText(place)).toBe('x')

  failures = 9
  await expect(read(place, 'checkpoint')).rejects.toMatchObject({ name: 'Problem', status: 503 })
  expect(calls).toHaveLength(4)
})

test('a page is no log', async () => {
  gateway({
    'GET /checkpoint': new Response('<!doctype html>', {
      headers: { 'Content-Type': 'text/html;charset=UTF-8' },
    }),
  })
  await expect(read(publishedLog('https://elleve.test'), 'checkpoint')).rejects.toMatchObject({
    name: 'Unreachable',
  })

  vi.stubGlobal('fetch', async () => ({ ok: false, type: 'opaqueredirect', headers: new Headers() }))
  await expect(read(publishedLog('https://elleve.test'), 'checkpoint')).rejects.toMatchObject({
    name: 'Unreachable',
  })
})
