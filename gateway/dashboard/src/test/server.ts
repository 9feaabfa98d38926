import { vi } from 'vitest'
import type { Me } from '../api/types'

export type Call = { method: string; path: string; query: URLSearchParams; headers: Headers; body: unknown }

type Reply = Response | object | ((call: Call) => Response | object)

/** Stands where the gateway is: answers `fetch` by `METHOD /path`, and keeps what was asked. */
export function gateway(replies: Record<string, Reply>): Call[] {
  const calls: Call[] = []
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'https://elleve.test')
    const call: Call = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    }
    calls.push(call)
    const reply = replies[`${call.method} ${call.path}`]
    const answer = typeof reply === 'function' ? reply(call) : reply
    if (answer === undefined) return problem(404, { title: `The test has no ${call.method} ${call.path}` })
    return answer instanceof Response ? answer.clone() : Response.json(answer)
  })
  return calls
}

export function problem(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, ...body }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

export const signedOut = () => problem(401, { title: 'Not signed in', code: 'gateway.unauthenticated' })

export const as = (...roles: string[]): Me => ({ id: 'u-1', name: 'Dorthe Poulsen', roles, tenant: 'nord' })
