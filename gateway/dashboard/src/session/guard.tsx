import type { ReactNode } from 'react'
import { useMessages } from '../i18n'
import { Notice, ProblemNotice, Waiting } from '../ui/parts'
import { type Door, doors, opens, useMe } from './session'
import { SignInPanel } from './sign-in'

/** Shows a page only to roles that may use it; says kindly who that is to everybody else. */
export function Guard({ door, children }: { door: Door; children: ReactNode }) {
  const t = useMessages()
  const { me, failed, again } = useMe()
  if (me === null) return <SignInPanel title={t.session.needed} />
  if (me === undefined)
    return failed === undefined ? <Waiting /> : <ProblemNotice error={failed} retry={again} />
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
