import type { ReactNode } from 'react'
import { Navigate } from 'react-router'
import { useMessages } from '../i18n'
import { Notice, ProblemNotice, Waiting } from '../ui/parts'
import { type Door, doors, homeOf, opens, useMe } from './session'
import { SignInPanel } from './sign-in'

/** Shows a page only to roles that may use it; says kindly who that is to everybody else. */
export function Guard({ door, children }: { door: Door; children: ReactNode }) {
  const t = useMessages()
  const { me, failed, again } = useMe()
  if (me === null) return <SignInPanel title={t.session.needed} heading="h1" />
  if (me === undefined)
    return failed === undefined ? <Waiting /> : <ProblemNotice error={failed} retry={again} />
  // Every login lands on the overview; whoever has none goes on to their own first page.
  if (door === 'overview' && !opens(me, door)) return <Navigate to={homeOf(me)} replace />
  if (!opens(me, door)) {
    const names = doors[door].map((role) => t.role[role] ?? role)
    return (
      <Notice tone="plain" title={t.session.notYours}>
        {t.session.notYoursDetail(names.join(', '))}
      </Notice>
    )
  }
  return <>{children}</>
}
