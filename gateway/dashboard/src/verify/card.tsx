import { ActionIcon, Button } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useLanguage, useMessages } from '../i18n'
import { formatBytes, formatNumber, formatSeconds } from '../i18n/format'
import { Icon, type IconName } from '../ui/icons'
import { Badge, Panel, type Tone } from '../ui/parts'
import { FailureNotice, Found } from './found'
import type { VerifierKey } from './key'
import { isElsewhere } from './log-place'
import { type Item, type Run, useVerification, type Verified } from './use-verification'
import styles from './verify.module.css'
import type { Pace } from './verify-log'

/** @param after of an export that broke off: the last entry it has, -1 for none */
export type Outcome = { found?: Verified; after?: bigint }

const looks: Record<Run['state'], { tone: Tone; icon: IconName }> = {
  waiting: { tone: 'plain', icon: 'dash' },
  running: { tone: 'plain', icon: 'clock' },
  verified: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  stopped: { tone: 'warn', icon: 'dash' },
  unreadable: { tone: 'warn', icon: 'alert' },
}

/** One file or log: how far it is, and what came out. */
export function Card({
  item,
  keys,
  onOutcome,
  remove,
}: {
  item: Item
  keys: VerifierKey[] | undefined
  onOutcome: (outcome: Outcome) => void
  remove: () => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const { run, stop, again } = useVerification(item, keys)
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each outcome, whoever listens
  useEffect(() => onOutcome(outcomeOf(run)), [run])
  const { tone, icon } = looks[run.state]
  return (
    <article aria-label={item.name}>
      <Panel>
        <div className={styles.cardHead}>
          <Badge tone={tone} icon={icon}>
            {t.verify.state[run.state]}
          </Badge>
          <div className={styles.cardName}>
            <h3>{item.name}</h3>
            {item instanceof File ? (
              <span>
                {run.state === 'verified' && `${t.verify.kind[run.found.kind]} · `}
                {formatBytes(item.size, language)}
              </span>
            ) : (
              <span>{t.verify.kind.log}</span>
            )}
          </div>
          <ActionIcon variant="subtle" color="gray" aria-label={t.verify.remove(item.name)} onClick={remove}>
            <Icon name="cross" size={16} />
          </ActionIcon>
        </div>
        <div className={styles.cardBody} role="status">
          {run.state === 'running' && <Running item={item} step={run.step} stop={stop} />}
          {run.state === 'verified' && <Found found={run.found} />}
          {run.state === 'failed' && <FailureNotice failure={run.failure} />}
          {run.state === 'unreadable' && <Unreadable item={item} />}
          {(run.state === 'stopped' || run.state === 'unreadable') && (
            <Button size="xs" variant="default" onClick={again}>
              {t.verify.again}
            </Button>
          )}
        </div>
      </Panel>
    </article>
  )
}

type Running = Extract<Run, { state: 'running' }>

function Running({ item, step, stop }: { item: Item; step: Running['step']; stop: () => void }) {
  const t = useMessages()
  return (
    <div className={styles.reading}>
      {'searching' in step ? (
        <p>{t.verify.searching}</p>
      ) : 'entries' in step ? (
        <Recomputing name={item.name} pace={step} />
      ) : item instanceof File ? (
        <Reading file={item} read={step.read} />
      ) : (
        <p>{t.verify.readCheckpoint}</p>
      )}
      <Button size="xs" variant="default" aria-label={t.verify.cancel(item.name)} onClick={stop}>
        {t.cancel}
      </Button>
    </div>
  )
}

function Reading({ file, read }: { file: File; read: number }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <Bar max={file.size} value={read} label={t.verify.progress(file.name)}>
      {t.verify.read(formatBytes(read, language), formatBytes(file.size, language))}
    </Bar>
  )
}

/** So short a beginning says nothing about the rest. */
const SECONDS_TO_JUDGE = 0.5

function Recomputing({ name, pace: { entries, size, seconds } }: { name: string; pace: Pace }) {
  const t = useMessages()
  const language = useLanguage()
  const rate = entries / seconds
  const left = (Number(size) - entries) / rate
  return (
    <Bar max={Number(size)} value={entries} label={t.verify.recomputing(name)}>
      {t.verify.recomputed(formatNumber(entries, language), formatNumber(size, language))}
      {seconds > SECONDS_TO_JUDGE &&
        ` · ${t.verify.pace(formatNumber(rate, language), formatSeconds(left, language))}`}
    </Bar>
  )
}

function Bar(props: { max: number; value: number; label: string; children: ReactNode }) {
  return (
    <>
      <progress max={props.max} value={props.value} aria-label={props.label} />
      <p className="num">{props.children}</p>
    </>
  )
}

function Unreadable({ item }: { item: Item }) {
  const t = useMessages()
  if (item instanceof File || item.address === undefined) return <p>{t.verify.unreadableDetail}</p>
  return (
    <>
      <p>{t.verify.logAway(item.address)}</p>
      {isElsewhere(item) && <p>{t.verify.logElsewhere}</p>}
    </>
  )
}

function outcomeOf(run: Run): Outcome {
  if (run.state === 'verified') return { found: run.found }
  if (run.state !== 'failed') return {}
  const { failure } = run
  return failure.code === 'export-broke-off' || failure.code === 'export-broke-off-inside'
    ? { after: failure.facts.after ?? -1n }
    : {}
}
