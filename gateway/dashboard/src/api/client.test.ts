import { expect, test, vi } from 'vitest'
import { gateway, problem } from '../test/server'
import { csrfToken, get, path, send } from './client'
import { parseCheckpoint } from './note'
import { isPassing, Problem, Unreachable } from './problem'

test('every unsafe method carries the CSRF token of the cookie, and reading does not', async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: the browser's own way, in a test
  document.cookie = 'XSRF-TOKEN=to%2Bken'
  const calls = gateway({
    'POST /api/x': {},
    'PUT /api/x': {},
    'PATCH /api/x': {},
    'DELETE /api/x': new Response(null, { status: 204 }),
    'GET /api/x': {},
  })

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
    await send(method, '/api/x', { a: 1 }, 'key-1')
  await get('/api/x')

  expect(calls.map(({ method, headers }) => [method, headers.get('X-XSRF-TOKEN')])).toEqual([
    ['POST', 'to+ken'],
    ['PUT', 'to+ken'],
    ['PATCH', 'to+ken'],
    ['DELETE', 'to+ken'],
    ['GET', null],
  ])
  expect(calls[0]?.headers.get('Idempotency-Key')).toBe('key-1')
})

test('the CSRF cookie is found among others', () => {
  expect(csrfToken('a=1; XSRF-TOKEN=abc; b=2')).toBe('abc')
  expect(csrfToken('NOT-XSRF-TOKEN=abc')).toBeUndefined()
})

test('a problem keeps what the server said', async () => {
  gateway({
    'GET /api/x': problem(429, { title: 'Slow down', code: 'gateway.rate' }, { 'Retry-After': '7' }),
  })

  const error = await get('/api/x').catch((caught: unknown) => caught)

  expect(error).toBeInstanceOf(Problem)
  expect(error).toMatchObject({ status: 429, title: 'Slow down', code: 'gateway.rate', retryAfter: 7 })
  expect(isPassing(error)).toBe(true)
})

test('an answer that is no problem document is still a problem', async () => {
  gateway({ 'GET /api/x': new Response('<h1>Bad gateway</h1>', { status: 502 }) })

  await expect(get('/api/x')).rejects.toMatchObject({ status: 502, title: undefined })
})

test('no answer at all is told apart from a bad one', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))

  await expect(get('/api/x')).rejects.toBeInstanceOf(Unreachable)
})

test('empty filters stay out of the address, and values are escaped', () => {
  expect(path('/api/x', { actor: '', kind: undefined, filter: 'name eq "a&b"' })).toBe(
    '/api/x?filter=name+eq+%22a%26b%22',
  )
})

test('a checkpoint is read from its note', () => {
  const note =
    'elleve.local/audit\n48231\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— elleve.local/audit Az3g\n— witness Bz3g\n'

  expect(parseCheckpoint(note)).toEqual({
    origin: 'elleve.local/audit',
    size: 48231,
    root: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    signers: ['elleve.local/audit', 'witness'],
  })
  expect(() => parseCheckpoint('<html>')).toThrow()
})
