import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { chooseLanguage } from '../i18n'
import { chosen, damaged, dropped, sampleLog } from '../test/logs'
import { open } from '../test/render'
import { fileOf, sample, sampleText } from '../test/samples'
import { as, type Call, gateway, signedOut } from '../test/server'

const person = userEvent.setup({ applyAccept: false })
let calls: Call[]

beforeEach(() => {
  calls = gateway({ 'GET /api/me': signedOut() })
})

const choose = (...files: File[]) => person.upload(screen.getByLabelText('Choose files'), files)

async function withKeys() {
  open('/verify')
  await screen.findByRole('heading', { name: 'Verify for yourself' })
  await person.upload(screen.getByLabelText('Choose a key file'), fileOf(sample('log.vkey'), 'log.vkey'))
  await screen.findByText('Key of the log')
}

const card = (name: string) => screen.findByRole('article', { name })

test('a proof is verified without signing in and without asking the network', async () => {
  await withKeys()
  const before = calls.length
  await choose(fileOf(sample('entry-123.tlog-proof'), '123.tlog-proof'))

  const found = within(await card('123.tlog-proof'))
  expect(await found.findByText('Verified')).toBeDefined()
  expect(found.getByText('log.elleve.example')).toBeDefined()
  expect(found.getByText('123')).toBeDefined()
  expect(found.getByText('260')).toBeDefined()
  expect(found.getByText(/witness\.example\+/)).toBeDefined()
  expect(calls.slice(before)).toEqual([])
  expect(calls.every(({ path }) => path === '/api/me')).toBe(true)
  expect(screen.getByText(/Verifying them asks no network/)).toBeDefined()
})

test('what fails says where and why, also in Danish', async () => {
  await withKeys()
  const changed = sampleText('audit.jsonl').replace('"level":4', '"level":5')
  await choose(fileOf(changed, 'audit.jsonl'))

  const found = within(await card('audit.jsonl'))
  expect(await found.findByText('Failed')).toBeDefined()
  const alert = await found.findByRole('alert')
  expect(alert.textContent).toBe('Line 6, entry 4The content is not the one that was logged.')

  chooseLanguage('da')
  await waitFor(() =>
    expect(alert.textContent).toBe('Linje 6, post 4Indholdet er ikke det, der blev logget.'),
  )
})

test('an export tells the chain of each tenant', async () => {
  await withKeys()
  await choose(fileOf(sample('audit.jsonl'), 'audit.jsonl'), fileOf(sample('filtered.jsonl'), 'some.jsonl'))

  const whole = within(await card('audit.jsonl'))
  expect(await whole.findByRole('row', { name: /havn .* 1 – 8 None/ })).toBeDefined()
  const some = within(await card('some.jsonl'))
  expect((await some.findAllByText(/^\d gaps?$/)).length).toBeGreaterThan(0)
})

test('nothing is verified before there is a key, and a damaged key is named', async () => {
  open('/verify')
  await screen.findByRole('heading', { name: 'Verify for yourself' })
  await choose(fileOf(sample('checkpoint-200'), 'checkpoint'))
  const found = within(await card('checkpoint'))
  expect(await found.findByText('Waits for a key')).toBeDefined()
  expect(screen.getByText(/A key that comes from this site proves nothing against this site/)).toBeDefined()

  const [, log = ''] = sampleText('log.vkey').split('\n')
  await person.click(screen.getByLabelText(/Public key of the log/))
  await person.paste(log.replace('log.elleve', 'lug.elleve'))
  expect(await screen.findByText(/The key is damaged/)).toBeDefined()
  expect(found.getByText('Waits for a key')).toBeDefined()

  await person.clear(screen.getByLabelText(/Public key of the log/))
  await person.paste(log)
  expect(await found.findByText('Verified')).toBeDefined()
  expect(found.getByText('Signatures not checked: no key was given')).toBeDefined()
})

test('an export that broke off and its rest are verified as one', async () => {
  await withKeys()
  await choose(fileOf(sample('broke-off.jsonl'), '1.jsonl'), fileOf(sample('continued.jsonl'), '2.jsonl'))
  const first = within(await card('1.jsonl'))
  expect(await first.findByText(/Fetch the rest with after=195/)).toBeDefined()

  await person.click(await screen.findByRole('button', { name: 'Verify the parts as one' }))

  const both = within(await card('1.jsonl + 2.jsonl'))
  expect(await both.findByText('Verified')).toBeDefined()
  expect(both.getByText('Parts').nextSibling?.textContent).toBe('2')
})

test('two checkpoints are one history when the tiles of the log lead to both', async () => {
  const tiles: string[] = []
  calls = gateway({
    'GET /api/me': signedOut(),
    'GET /log/tile/0/000': () => {
      tiles.push('000')
      return new Response(sample('tile/0/000'))
    },
    'GET /log/tile/0/001.p/4': new Response(sample('tile/0/001.p/4')),
  })
  await withKeys()
  await choose(fileOf(sample('checkpoint-260'), 'new'), fileOf(sample('checkpoint-200'), 'old'))
  const history = within(await screen.findByRole('region', { name: 'One history' }))
  expect(tiles).toEqual([])

  const address = history.getByLabelText('Address of the log')
  await person.clear(address)
  await person.type(address, 'https://log.example/log/')
  await person.click(history.getByRole('button', { name: 'Fetch and compare' }))

  expect(await history.findByText('Continues')).toBeDefined()
  expect(history.getByText('200 → 260 entries')).toBeDefined()
})

test('an address that gives nothing is not taken for a rewritten history', async () => {
  const plain = globalThis.fetch
  vi.stubGlobal('fetch', (address: string, init: RequestInit) =>
    address.startsWith('https://') ? Promise.reject(new TypeError('refused')) : plain(address, init),
  )
  await withKeys()
  await choose(fileOf(sample('checkpoint-260'), 'new'), fileOf(sample('checkpoint-200'), 'old'))
  const history = within(await screen.findByRole('region', { name: 'One history' }))
  const address = history.getByLabelText('Address of the log')
  await person.clear(address)
  await person.type(address, 'elsewhere')
  await person.click(history.getByRole('button', { name: 'Fetch and compare' }))
  expect(await history.findByText(/begins with http/)).toBeDefined()

  await person.clear(address)
  await person.type(address, 'https://elsewhere.example')
  await person.click(history.getByRole('button', { name: 'Fetch and compare' }))

  const alert = await history.findByRole('alert')
  expect(alert.textContent).toContain('https://elsewhere.example gave no hashes of the log')
  expect(alert.textContent).toContain('A page may ask only the site it comes from')
})

// Whole logs

function withFolders() {
  Object.defineProperty(HTMLInputElement.prototype, 'webkitdirectory', { configurable: true, value: '' })
}

function withoutFolders() {
  Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory')
}

/** The input takes one file only where nobody says otherwise, and jsdom knows no folders. */
const chooseFolder = (files: File[]) =>
  fireEvent.change(screen.getByLabelText('Choose the folder of a log'), { target: { files } })

test('a log in a folder is recomputed without asking the network', async () => {
  withFolders()
  await withKeys()
  const before = calls.length
  chooseFolder(chosen('my-log', sampleLog()))

  const found = within(await card('my-log'))
  expect(await found.findByText('Verified')).toBeDefined()
  expect(found.getByText('Whole log')).toBeDefined()
  expect(found.getByText('260 (42.6 kB)')).toBeDefined()
  expect(found.getByText(/\(.+ entries\/s\)$/)).toBeDefined()
  expect(found.getByText('Chains of the tenants').nextSibling?.textContent).toBe('3')
  expect(calls.slice(before)).toEqual([])
})

test('what is wrong in a dropped log is named as the command line names it', async () => {
  await withKeys()
  const folder = dropped('my-log', damaged(sampleLog(), 'flip tile/entries/000 2874'))
  const item = { kind: 'file', webkitGetAsEntry: () => folder, getAsFile: () => null }
  fireEvent.drop(screen.getByText('Drop files or a folder here'), { dataTransfer: { items: [item] } })

  const found = within(await card('my-log'))
  const alert = await found.findByRole('alert')
  expect(alert.textContent).toBe(
    'Entry 17tile/0/000 entry 17 differs: entry 17 of tile/entries/000 (index 17) changed; the tile’s hash leads to the signed root, the hash of what is there does not.',
  )

  chooseLanguage('da')
  await waitFor(() => expect(alert.textContent).toMatch(/^Post 17tile\/0\/000 post 17 afviger: post 17 i/))
})

test('dropped files are files', async () => {
  await withKeys()
  const file = fileOf(sample('checkpoint-200'), 'checkpoint')
  const item = { kind: 'file', webkitGetAsEntry: () => ({ isDirectory: false }), getAsFile: () => file }
  fireEvent.drop(screen.getByText('Drop files or a folder here'), { dataTransfer: { items: [item] } })

  expect(await within(await card('checkpoint')).findByText('Verified')).toBeDefined()
})

test('a folder of something else is said to be one', async () => {
  withFolders()
  await withKeys()
  chooseFolder(chosen('letters', new Map([['letter.txt', sample('checkpoint-200')]])))

  expect((await screen.findByRole('alert')).textContent).toContain('letters holds neither a log')
})

test('a browser without folders names the other way', async () => {
  withoutFolders()
  open('/verify')

  expect(await screen.findByText(/elleve verify FOLDER/)).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Choose the folder of a log' })).toBeNull()
})

const fetchLog = async (address: string) => {
  const input = screen.getByLabelText('Address of the log')
  await person.clear(input)
  await person.type(input, address)
  await person.click(screen.getByRole('button', { name: 'Fetch and recompute' }))
}

test('a log is fetched from its address and recomputed', async () => {
  const files = [...sampleLog()].map(([path, bytes]) => [`GET /api/log/${path}`, new Response(bytes)])
  calls = gateway({ 'GET /api/me': signedOut(), ...Object.fromEntries(files) })
  await withKeys()
  await fetchLog(`${window.location.origin}/api/log/`)

  const found = within(await card(`${window.location.origin}/api/log`))
  expect(await found.findByText('Verified')).toBeDefined()
  expect(calls.filter(({ path }) => path.startsWith('/api/log/'))).toHaveLength(6)
})

test('a log on another site is neither verified nor failed, and the other ways are named', async () => {
  const plain = globalThis.fetch
  vi.stubGlobal('fetch', (address: string, init: RequestInit) =>
    address.startsWith('https://') ? Promise.reject(new TypeError('refused')) : plain(address, init),
  )
  await withKeys()
  await fetchLog('https://elsewhere.example/log')

  const found = within(await card('https://elsewhere.example/log'))
  expect(await found.findByText('Could not be read')).toBeDefined()
  expect(found.getByText(/gave no log, or not all of it/)).toBeDefined()
  expect(found.getByText(/Choose a copy of the log’s folder instead/)).toBeDefined()
})

test('an older checkpoint is compared with the log in a folder, without the network', async () => {
  withFolders()
  await withKeys()
  const before = calls.length
  chooseFolder(chosen('my-log', sampleLog()))
  await choose(fileOf(sample('checkpoint-200'), 'old'))
  const history = within(await screen.findByRole('region', { name: 'One history' }))
  await person.click(history.getByRole('button', { name: 'Compare' }))

  expect(await history.findByText('Continues')).toBeDefined()
  expect(history.getByText('200 → 260 entries')).toBeDefined()
  expect(calls.slice(before)).toEqual([])
})

test('a log tells how far it is, can be stopped, and be verified again', async () => {
  withFolders()
  await withKeys()
  let go = () => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  const files = chosen('my-log', sampleLog())
  const bundle = files.find(({ webkitRelativePath }) => webkitRelativePath.endsWith('entries/000')) as File
  const slice = bundle.slice.bind(bundle)
  vi.spyOn(bundle, 'slice').mockImplementation((from, to) => {
    const part = slice(from, to)
    vi.spyOn(part, 'arrayBuffer').mockImplementation(() => held.then(() => slice(from, to).arrayBuffer()))
    return part
  })
  chooseFolder(files)
  const found = within(await card('my-log'))
  expect(await found.findByRole('progressbar', { name: 'How much of my-log was recomputed' })).toBeDefined()
  expect(found.getByText('0 of 260 entries')).toBeDefined()

  await person.click(found.getByRole('button', { name: 'Stop verifying my-log' }))
  expect(await found.findByText('Stopped')).toBeDefined()

  go()
  await person.click(found.getByRole('button', { name: 'Verify again' }))
  expect(await found.findByText('Verified')).toBeDefined()
})

test('a long export can be stopped, and verified again', async () => {
  await withKeys()
  let go = () => {}
  const file = fileOf(sample('audit.jsonl'), 'audit.jsonl')
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  const slice = file.slice.bind(file)
  vi.spyOn(file, 'slice').mockImplementation((from, to) => {
    const part = slice(from, to)
    vi.spyOn(part, 'arrayBuffer').mockImplementation(async () => {
      await held
      return slice(from, to).arrayBuffer()
    })
    return part
  })
  await choose(file)
  const found = within(await card('audit.jsonl'))
  expect(await found.findByRole('progressbar', { name: 'How much of audit.jsonl was read' })).toBeDefined()

  await person.click(found.getByRole('button', { name: 'Stop verifying audit.jsonl' }))
  expect(await found.findByText('Stopped')).toBeDefined()

  go()
  await person.click(found.getByRole('button', { name: 'Verify again' }))
  expect(await found.findByText('Verified')).toBeDefined()

  await person.click(found.getByRole('button', { name: 'Remove audit.jsonl' }))
  expect(screen.queryByRole('article')).toBeNull()
})

test('a file that the browser cannot read is said to be one', async () => {
  await withKeys()
  const file = fileOf(sample('audit.jsonl'), 'audit.jsonl')
  vi.spyOn(file, 'slice').mockImplementation(() => {
    throw new DOMException('gone', 'NotReadableError')
  })
  await choose(file)

  expect(await within(await card('audit.jsonl')).findByText(/could not read the file/)).toBeDefined()
})

test('a browser without Ed25519 is told so in one sentence', async () => {
  vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
  vi.stubGlobal('isSecureContext', true)
  open('/verify')

  expect((await screen.findByRole('alert')).textContent).toContain('WebCrypto has no Ed25519')
})

test('the verifier is reached from the answers, the audit log and an entry’s proof', async () => {
  gateway({
    'GET /api/me': as('auditor'),
    'GET /api/answers': { items: [] },
    'GET /api/audit/entries': {
      items: [{ index: 3, time: '2026-11-24T10:00:00Z', kind: 'update', flags: [] }],
    },
  })
  open('/answers')
  const link = await screen.findByRole('link', { name: /verify its evidence yourself/ })
  expect(link.getAttribute('href')).toBe('/verify')

  open('/audit')
  expect(await screen.findByRole('link', { name: 'Verify a file in the browser' })).toBeDefined()
  await person.click(await screen.findByRole('button', { name: 'Open entry 3' }))
  const drawer = within(await screen.findByRole('dialog'))
  const inDrawer = drawer.getByRole('link', { name: 'Verify a file in the browser' })
  expect(inDrawer.getAttribute('href')).toBe('/verify')
})
