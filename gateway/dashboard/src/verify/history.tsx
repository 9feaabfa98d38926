import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { getBytes } from '../api/client'
import { Problem, Unreachable } from '../api/problem'
import { useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { Badge, Notice, Panel, Section } from '../ui/parts'
import ui from '../ui/ui.module.css'
import type { SignedCheckpoint } from './checkpoint'
import { Failed, type Failure } from './failure'
import { FailureNotice } from './found'
import { checkContinues } from './tiles'
import styles from './verify.module.css'

type Step = { older: bigint; newer: bigint; failure?: Failure }

type State =
  | { state: 'asked' | 'running' | 'wrong-address' }
  | { state: 'away'; address: string }
  | { state: 'done'; steps: Step[] }

/** Whether each of the checkpoints goes on where the one before was. The one thing that needs the log's own address. */
export function History({ checkpoints }: { checkpoints: SignedCheckpoint[] }) {
  const t = useMessages()
  const [address, setAddress] = useState(() => `${window.location.origin}/api/log`)
  const [shown, setShown] = useState<State>({ state: 'asked' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function submit(event: FormEvent) {
    event.preventDefault()
    const base = address.trim().replace(/\/+$/, '')
    if (!URL.canParse(base) || !/^https?:/.test(base)) {
      setShown({ state: 'wrong-address' })
      return
    }
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setShown({ state: 'running' })
    try {
      const next = await compare(checkpoints, base, controller.signal)
      if (!controller.signal.aborted) setShown(next)
    } catch (error) {
      // Given up is no failure; anything else is ours, and the page shows that it failed.
      if (!controller.signal.aborted) {
        setShown(() => {
          throw error
        })
      }
    }
  }

  return (
    <Section title={t.verify.history}>
      <Panel padded>
        <form className={ui.form} onSubmit={(event) => void submit(event)} noValidate>
          <p className={styles.hint}>{t.verify.historyLead}</p>
          <div className={styles.address}>
            <TextInput
              label={t.verify.address}
              value={address}
              spellCheck={false}
              error={shown.state === 'wrong-address' && t.verify.addressWrong}
              onChange={({ currentTarget }) => setAddress(currentTarget.value)}
            />
            <Button type="submit" loading={shown.state === 'running'}>
              {t.verify.compare}
            </Button>
          </div>
        </form>
        <div className={styles.steps} role="status">
          {shown.state === 'away' && (
            <Notice tone="bad" title={t.verify.tilesAway(shown.address)}>
              {new URL(shown.address).origin === window.location.origin ? undefined : t.verify.tilesElsewhere}
            </Notice>
          )}
          {shown.state === 'done' &&
            shown.steps.map((step) => <StepResult key={`${step.newer}`} step={step} />)}
        </div>
      </Panel>
    </Section>
  )
}

function StepResult({ step: { older, newer, failure } }: { step: Step }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <div className={styles.step}>
      <p>
        <Badge tone={failure === undefined ? 'good' : 'bad'} icon={failure === undefined ? 'check' : 'cross'}>
          {failure === undefined ? t.verify.continues : t.verify.state.failed}
        </Badge>{' '}
        {t.verify.step(formatNumber(older, language), formatNumber(newer, language))}
      </p>
      {failure !== undefined && <FailureNotice failure={failure} />}
    </div>
  )
}

async function compare(
  checkpoints: SignedCheckpoint[],
  address: string,
  signal: AbortSignal,
): Promise<State> {
  const steps: Step[] = []
  for (const [i, newer] of checkpoints.entries()) {
    const older = checkpoints[i - 1]
    if (older === undefined) continue
    const step: Step = { older: older.size, newer: newer.size }
    try {
      await checkContinues(older, newer, (path) => getBytes(`${address}/${path}`, signal))
    } catch (error) {
      // What the network does says nothing about the log.
      if (error instanceof Unreachable || error instanceof Problem) return { state: 'away', address }
      if (!(error instanceof Failed)) throw error
      step.failure = error.failure
    }
    steps.push(step)
  }
  return { state: 'done', steps }
}
