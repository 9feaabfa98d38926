import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { Badge, Notice, Panel, Section } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { AddressForm } from './address-form'
import type { SignedCheckpoint } from './checkpoint'
import { Failed, type Failure } from './failure'
import { FailureNotice } from './found'
import { isElsewhere, type LogPlace, publishedLog } from './log-place'
import { checkContinues } from './tiles'
import { isUnreadable } from './use-verification'
import styles from './verify.module.css'

type Step = { older: bigint; newer: bigint; failure?: Failure }

type State =
  | { state: 'asked' | 'running' }
  | { state: 'away'; place: LogPlace }
  | { state: 'done'; steps: Step[] }

/**
 * Whether one history leads through the checkpoints, which needs hashes of the log.
 *
 * @param log a whole log that verified, of which the last checkpoint is; without it the log's own address is asked for
 */
export function History({ checkpoints, log }: { checkpoints: SignedCheckpoint[]; log?: LogPlace }) {
  const t = useMessages()
  const [shown, setShown] = useState<State>({ state: 'asked' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  async function begin(place: LogPlace, steps: [SignedCheckpoint, SignedCheckpoint][]) {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    setShown({ state: 'running' })
    try {
      const next = await compare(place, steps, controller.signal)
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

  const busy = shown.state === 'running'
  return (
    <Section title={t.verify.history}>
      <Panel padded>
        {log === undefined ? (
          <AddressForm
            lead={t.verify.historyLead}
            button={t.verify.compare}
            busy={busy}
            onAddress={(address) => void begin(publishedLog(address), oneByOne(checkpoints))}
          />
        ) : (
          <div className={ui.form}>
            <p className={styles.hint}>{t.verify.historyInLog(log.name)}</p>
            <div>
              <Button
                variant="default"
                loading={busy}
                onClick={() => void begin(log, allWithLast(checkpoints))}
              >
                {t.verify.compareInLog}
              </Button>
            </div>
          </div>
        )}
        <div className={styles.steps} role="status">
          {shown.state === 'away' && (
            <Notice tone="bad" title={t.verify.tilesAway(shown.place.name)}>
              {isElsewhere(shown.place) ? t.verify.tilesElsewhere : undefined}
            </Notice>
          )}
          {shown.state === 'done' &&
            shown.steps.map((step) => <StepResult key={`${step.older} ${step.newer}`} step={step} />)}
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

function oneByOne(checkpoints: SignedCheckpoint[]): [SignedCheckpoint, SignedCheckpoint][] {
  return checkpoints.slice(1).map((newer, i) => [checkpoints[i] as SignedCheckpoint, newer])
}

/** A folder has the tiles of its own size, and of no other. */
function allWithLast(checkpoints: SignedCheckpoint[]): [SignedCheckpoint, SignedCheckpoint][] {
  const last = checkpoints.at(-1) as SignedCheckpoint
  return checkpoints.slice(0, -1).map((older) => [older, last])
}

async function compare(
  place: LogPlace,
  pairs: [SignedCheckpoint, SignedCheckpoint][],
  signal: AbortSignal,
): Promise<State> {
  const source = place.source(signal)
  const steps: Step[] = []
  for (const [older, newer] of pairs) {
    const step: Step = { older: older.size, newer: newer.size }
    try {
      await checkContinues(older, newer, source)
    } catch (error) {
      // What the network does says nothing about the log.
      if (!signal.aborted && isUnreadable(error)) return { state: 'away', place }
      if (!(error instanceof Failed)) throw error
      step.failure = error.failure
    }
    steps.push(step)
  }
  return { state: 'done', steps }
}
