import { currentLanguage } from '../i18n/language'
import { Problem, problemOf, Unreachable } from './problem'

/**
 * The one place that speaks HTTP. The session is a cookie of this origin, so no token is ever held here; every
 * unsafe method carries the CSRF header that the gateway compares with its cookie.
 *
 * The seam for the client generated from OpenAPI (`npm run generate`): pages know only `get`, `getText`, `getBytes` and `send`.
 */

export type Query = Record<string, string | number | boolean | undefined>

export function path(route: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(name, String(value))
  }
  const search = params.toString()
  return search === '' ? route : `${route}?${search}`
}

export async function get<T>(route: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await exchange(path(route, query), { headers: accept('application/json'), ...at(signal) })
  return (await response.json()) as T
}

export async function getText(route: string, signal?: AbortSignal): Promise<string> {
  const response = await exchange(route, { headers: accept('text/plain, */*'), ...at(signal) })
  return response.text()
}

/** Bytes of the log, of this site or another, as they are there now; nothing where there are none. */
export async function getBytes(
  address: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const response = await exchange(address, {
      headers: { Accept: 'application/octet-stream, text/plain' },
      // What somebody verifies is what the log says, not what this browser kept of it.
      cache: 'no-store',
      ...at(signal),
    })
    // A page, or the way to one, stands for whatever a site does not know.
    if (response.type === 'opaqueredirect' || response.headers.get('Content-Type')?.includes('html')) {
      throw new Unreachable('a page was answered')
    }
    return new Uint8Array(await response.arrayBuffer())
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined
    throw error
  }
}

export type Unsafe = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `key` makes a repeated POST harmless: the server answers the second one with the first one's outcome. */
export async function send<T>(
  method: Unsafe,
  route: string,
  body?: unknown,
  key?: string,
): Promise<T | undefined> {
  const headers: Record<string, string> = accept('application/json')
  const token = csrfToken()
  if (token !== undefined) headers['X-XSRF-TOKEN'] = token
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (key !== undefined) headers['Idempotency-Key'] = key
  const response = await exchange(route, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return text === '' ? undefined : (JSON.parse(text) as T)
}

export function csrfToken(cookies: string = document.cookie): string | undefined {
  for (const cookie of cookies.split('; ')) {
    if (cookie.startsWith('XSRF-TOKEN=')) return decodeURIComponent(cookie.slice('XSRF-TOKEN='.length))
  }
  return undefined
}

/** Random without `crypto.randomUUID`, which browsers withhold from plain-HTTP addresses other than localhost. */
export function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

async function exchange(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    // Redirects are not followed: the only one there is leads to another origin, after a logout.
    response = await fetch(url, { credentials: 'same-origin', redirect: 'manual', ...init })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Unreachable(cause)
  }
  if (!response.ok && response.type !== 'opaqueredirect') throw await problemOf(response)
  return response
}

const accept = (type: string): Record<string, string> => ({
  Accept: type,
  'Accept-Language': currentLanguage(),
})

const at = (signal: AbortSignal | undefined): RequestInit => (signal === undefined ? {} : { signal })
