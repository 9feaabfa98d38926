type Parts = {
  title?: string
  detail?: string
  code?: string
  instance?: string
  retryAfter?: number
  errors?: WrongPlace[]
}

/** One wrong place in a body: a JSON pointer, or the name of a parameter, and the rule it breaks. */
export type WrongPlace = { pointer: string; detail: string }

/** An RFC 9457 problem, or what stands in for one when the answer was something else. */
export class Problem extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly title: string | undefined
  readonly detail: string | undefined
  /** The request's id, to quote to whoever helps. */
  readonly instance: string | undefined
  readonly errors: WrongPlace[]
  /** Seconds to wait before trying again, when the server said so. */
  readonly retryAfter: number | undefined

  constructor(status: number, parts: Parts = {}) {
    super(parts.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.title = parts.title
    this.detail = parts.detail
    this.code = parts.code
    this.instance = parts.instance
    this.errors = parts.errors ?? []
    this.retryAfter = parts.retryAfter
  }
}

/** The request never got an answer: the network is down, or the gateway is. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('No answer from the server', { cause })
    this.name = 'Unreachable'
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const parts: Parts = {}
  const retryAfter = Number(response.headers.get('Retry-After'))
  if (retryAfter > 0) parts.retryAfter = retryAfter
  if (response.headers.get('Content-Type')?.includes('json')) {
    const body: unknown = await response.json().catch(() => undefined)
    if (typeof body === 'object' && body !== null) {
      if ('title' in body && typeof body.title === 'string') parts.title = body.title
      if ('detail' in body && typeof body.detail === 'string') parts.detail = body.detail
      if ('code' in body && typeof body.code === 'string') parts.code = body.code
      if ('instance' in body && typeof body.instance === 'string') parts.instance = body.instance
      if ('errors' in body && Array.isArray(body.errors)) parts.errors = body.errors.filter(isWrongPlace)
    }
  }
  return new Problem(response.status, parts)
}

const isWrongPlace = (value: unknown): value is WrongPlace =>
  typeof value === 'object' &&
  value !== null &&
  'pointer' in value &&
  typeof value.pointer === 'string' &&
  'detail' in value &&
  typeof value.detail === 'string'

export const isSignedOut = (error: unknown): boolean => error instanceof Problem && error.status === 401

/** Whether the same request may succeed a moment later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Problem && (error.status === 429 || error.status >= 502))
