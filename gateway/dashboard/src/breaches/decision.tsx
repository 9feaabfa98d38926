import { Button, Checkbox, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../api/queries'
import type { BreachDetail, Decision, NewDecision } from '../api/types'
import { useMessages } from '../i18n'
import { has, useMe } from '../session/session'
import { Badge, Notice, ProblemNotice, Quiet, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './breach.module.css'

export function DecisionPanel({ breach, route }: { breach: BreachDetail; route: string }) {
  const t = useMessages()
  const { me } = useMe()
  const [recorded, setRecorded] = useState(false)
  return (
    <>
      {recorded && <Notice tone="good" title={t.breaches.decisionDone} />}
      {breach.decision ? (
        <Recorded decision={breach.decision} />
      ) : recorded ? null : has(me, 'dpo') && breach.state !== 'closed' ? (
        <DecisionForm route={route} done={() => setRecorded(true)} />
      ) : (
        <>
          <p>{t.breaches.notDecided}</p>
          <Quiet>{t.breaches.onlyDpo}</Quiet>
        </>
      )}
    </>
  )
}

function Recorded({ decision }: { decision: Decision }) {
  const t = useMessages()
  return (
    <>
      <ul className={styles.verdicts}>
        <li className={styles.verdict}>
          <span>{t.breaches.notifyAuthority}</span>
          <Badge icon={decision.notifyAuthority ? 'check' : 'dash'}>
            {decision.notifyAuthority ? t.yes : t.no}
          </Badge>
        </li>
        <li className={styles.verdict}>
          <span>{t.breaches.notifySubjects}</span>
          <Badge icon={decision.notifySubjects ? 'check' : 'dash'}>
            {decision.notifySubjects ? t.yes : t.no}
          </Badge>
        </li>
      </ul>
      <p className={styles.reason}>{decision.reason}</p>
      <p className={styles.eventMeta}>
        {t.breaches.decided} <When at={decision.decidedAt} /> {t.breaches.decidedBy} {decision.decidedBy}
      </p>
    </>
  )
}

function DecisionForm({ route, done }: { route: string; done: () => void }) {
  const t = useMessages()
  const [notifyAuthority, setNotifyAuthority] = useState(false)
  const [notifySubjects, setNotifySubjects] = useState(false)
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const decide = useCommand<NewDecision>('POST', `${route}/decision`, [
    route,
    `${route}/timeline`,
    '/api/breaches',
  ])

  function submit(event: FormEvent) {
    event.preventDefault()
    if (reason.trim() === '') return setMissing(true)
    decide.mutate({ notifyAuthority, notifySubjects, reason: reason.trim() }, { onSuccess: done })
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <p className={styles.note}>{t.breaches.decisionLead}</p>
      <Checkbox
        label={t.breaches.notifyAuthority}
        checked={notifyAuthority}
        onChange={({ currentTarget }) => setNotifyAuthority(currentTarget.checked)}
      />
      <Checkbox
        label={t.breaches.notifySubjects}
        checked={notifySubjects}
        onChange={({ currentTarget }) => setNotifySubjects(currentTarget.checked)}
      />
      <Textarea
        label={t.breaches.reason}
        description={t.breaches.reasonHint}
        rows={5}
        required
        value={reason}
        error={missing && t.breaches.reasonMissing}
        onChange={({ currentTarget }) => {
          setReason(currentTarget.value)
          setMissing(false)
        }}
      />
      {decide.isError && <ProblemNotice error={decide.error} />}
      <div className={ui.formEnd}>
        <Button type="submit" loading={decide.isPending}>
          {t.breaches.decide}
        </Button>
      </div>
    </form>
  )
}
