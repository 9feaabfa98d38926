import { ActionIcon, Button } from '@mantine/core'
import { useEffect } from 'react'
import { useLanguage, useMessages } from '../i18n'
import { formatBytes } from '../i18n/format'
import { Icon, type IconName } from '../ui/icons'
import { Badge, Panel, type Tone } from '../ui/parts'
import { FailureNotice, Found } from './found'
import type { VerifierKey } from './key'
import { type Run, useVerification } from './use-verification'
import type { Verified } from './verify'
import styles from './verify.module.css'

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

/** One file: how far it is, and what came out. */
export function FileCard({
  file,
  keys,
  onOutcome,
  remove,
}: {
  file: File
  keys: VerifierKey[] | undefined
  onOutcome: (outcome: Outcome) => void
  remove: () => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const { run, stop, again } = useVerification(file, keys)
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each outcome, whoever listens
  useEffect(() => onOutcome(outcomeOf(run)), [run])
  const { tone, icon } = looks[run.state]
  return (
    <article aria-label={file.name}>
      <Panel>
        <div className={styles.cardHead}>
          <Badge tone={tone} icon={icon}>
            {t.verify.state[run.state]}
          </Badge>
          <div className={styles.cardName}>
            <h3>{file.name}</h3>
            <span>
              {run.state === 'verified' && `${t.verify.kind[run.found.kind]} · `}
              {formatBytes(file.size, language)}
            </span>
          </div>
          <ActionIcon variant="subtle" color="gray" aria-label={t.verify.remove(file.name)} onClick={remove}>
            <Icon name="cross" size={16} />
          </ActionIcon>
        </div>
        <div className={styles.cardBody} role="status">
          {run.state === 'running' && <Reading file={file} run={run} stop={stop} />}
          {run.state === 'verified' && <Found found={run.found} />}
          {run.state === 'failed' && <FailureNotice failure={run.failure} />}
          {run.state === 'unreadable' && <p>{t.verify.unreadableDetail}</p>}
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

function Reading({
  file,
  run,
  stop,
}: {
  file: File
  run: Extract<Run, { state: 'running' }>
  stop: () => void
}) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <div className={styles.reading}>
      {run.searching ? (
        <p>{t.verify.searching}</p>
      ) : (
        <>
          <progress max={file.size} value={run.read} aria-label={t.verify.progress(file.name)} />
          <p className="num">
            {t.verify.read(formatBytes(run.read, language), formatBytes(file.size, language))}
          </p>
        </>
      )}
      <Button size="xs" variant="default" aria-label={t.verify.cancel(file.name)} onClick={stop}>
        {t.cancel}
      </Button>
    </div>
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
