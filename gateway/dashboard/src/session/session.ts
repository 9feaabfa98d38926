import { useQuery } from '@tanstack/react-query'
import { get, send } from '../api/client'
import { isSignedOut } from '../api/problem'
import type { Me, Role } from '../api/types'

/** Who reads this page: `null` is nobody signed in, `undefined` is not known yet. */
export function useMe(): { me: Me | null | undefined; failed: unknown; again: () => void } {
  const query = useQuery({
    queryKey: ['/api/me'],
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await get<Me>('/api/me', {}, signal)
      } catch (error) {
        if (isSignedOut(error)) return null
        throw error
      }
    },
    staleTime: 60_000,
  })
  return { me: query.data, failed: query.error ?? undefined, again: () => void query.refetch() }
}

export const has = (me: Me | null | undefined, ...roles: Role[]): boolean =>
  roles.some((role) => me?.roles.includes(role))

/** The tenant whose people the reader belongs to; staff belong to none. */
export const tenantOf = (me: Me | null | undefined): string | undefined =>
  has(me, 'tenant-admin', 'tenant-dpo', 'tenant-user') ? (me?.tenant ?? undefined) : undefined

/** Which roles each page is for. The services check again; this only spares people doors that are locked. */
export const doors = {
  overview: ['administrator', 'technical-manager', 'support', 'dpo', 'auditor'],
  breaches: ['dpo', 'administrator', 'auditor', 'tenant-dpo', 'tenant-admin'],
  audit: ['auditor', 'dpo', 'administrator', 'tenant-admin', 'tenant-dpo'],
  retention: ['dpo', 'administrator', 'auditor', 'tenant-admin', 'tenant-dpo'],
  backups: ['administrator', 'auditor'],
  tenants: ['administrator'],
  members: ['administrator', 'tenant-admin'],
  data: ['tenant-user', 'tenant-admin', 'tenant-dpo'],
} as const satisfies Record<string, readonly Role[]>

export type Door = keyof typeof doors

export const opens = (me: Me | null | undefined, door: Door): boolean => has(me, ...doors[door])

/** Where a fresh login begins. */
export const homeOf = (me: Me): string =>
  opens(me, 'overview') ? '/overview' : opens(me, 'data') ? '/data' : '/'

const RETURN = 'elleve.return'

/** The gateway comes back to `/` after the login; this remembers where the reader was. */
export function rememberPlace(place: string): void {
  try {
    sessionStorage.setItem(RETURN, place)
  } catch {
    // Without storage the reader lands on the answers, which is fine.
  }
}

export function takePlace(): string | undefined {
  try {
    const place = sessionStorage.getItem(RETURN) ?? undefined
    sessionStorage.removeItem(RETURN)
    return place
  } catch {
    return undefined
  }
}

/** Ends the session. Where Keycloak's own session must end too, the gateway names the address to go to. */
export async function signOut(): Promise<void> {
  const answer = await send<{ location?: string }>('POST', '/session/logout').catch(() => undefined)
  window.location.assign(answer?.location ?? '/')
}
