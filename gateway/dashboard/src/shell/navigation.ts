import type { Me } from '../api/types'
import type { Messages } from '../i18n'
import { has, opens } from '../session/session'

export type NavPage = { to: string; name: string }

/** The pages one reader may open, in the order of the menu. */
export function pagesFor(me: Me | null | undefined, t: Messages): NavPage[] {
  const pages: NavPage[] = []
  if (opens(me, 'overview')) pages.push({ to: '/overview', name: t.nav.overview })
  pages.push({ to: '/', name: t.nav.answers })
  if (opens(me, 'breaches')) pages.push({ to: '/breaches', name: t.nav.breaches })
  if (opens(me, 'audit')) pages.push({ to: '/audit', name: t.nav.audit })
  if (opens(me, 'retention')) pages.push({ to: '/retention', name: t.nav.retention })
  if (opens(me, 'backups')) pages.push({ to: '/backups', name: t.nav.backups })
  if (opens(me, 'data')) pages.push({ to: '/data', name: t.nav.data })
  if (opens(me, 'tenants')) pages.push({ to: '/tenants', name: t.nav.tenants })
  else if (has(me, 'tenant-admin') && me?.tenant) {
    pages.push({ to: `/tenants/${encodeURIComponent(me.tenant)}/members`, name: t.nav.members })
  }
  return pages
}
