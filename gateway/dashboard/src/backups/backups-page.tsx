import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useCommand, usePages, useResource } from '../api/queries'
import type {
  Backup,
  BackupStatus,
  Drill,
  Erasure,
  NewBackup,
  NewVerification,
  Verification,
} from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatSeconds,
  formatShare,
  secondsOf,
} from '../i18n/format'
import { has, useMe } from '../session/session'
import type { IconName } from '../ui/icons'
import {
  Badge,
  Empty,
  Loaded,
  LoadedList,
  Notice,
  PageHead,
  Panel,
  ProblemNotice,
  Quiet,
  Section,
  type Tone,
  Waiting,
  When,
} from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './backups.module.css'
import { type Choice, ClusterSelect, Clusters, useChoice } from './clusters'
import { OrderDrill } from './order-drill'

export function Component() {
  const t = useMessages()
  const { me } = useMe()
  const choice = useChoice()
  const { chosen, several } = choice
  const [ordering, setOrdering] = useState(false)
  const [drilled, setDrilled] = useState(false)
  const backUp = useCommand<NewBackup>('POST', '/api/backups', ['/api/backups', '/api/backups/status'])
  const verify = useCommand<NewVerification>('POST', '/api/backups/verifications', [
    '/api/backups/verifications',
  ])
  const of = chosen === undefined ? {} : { cluster: chosen }
  const administrator = has(me, 'administrator')
  // Where several clusters are, an order without one would go to whichever process happens to answer.
  const mayOrder = administrator && !choice.query.isPending && (!several || chosen !== undefined)
  return (
    <>
      <PageHead
        title={t.backups.title}
        lead={t.backups.lead}
        actions={
          mayOrder && (
            <>
              <Button
                variant="default"
                onClick={() => {
                  setDrilled(false)
                  setOrdering(true)
                }}
              >
                {t.backups.drill}
              </Button>
              <Button
                variant="default"
                loading={verify.isPending}
                onClick={() => verify.mutate({ kind: 'whole', ...of })}
              >
                {t.backups.verify}
              </Button>
              <Button
                variant="default"
                loading={backUp.isPending}
                onClick={() => backUp.mutate({ kind: 'incremental', ...of })}
              >
                {t.backups.backUpChanges}
              </Button>
              <Button loading={backUp.isPending} onClick={() => backUp.mutate({ kind: 'full', ...of })}>
                {t.backups.backUpNow}
              </Button>
            </>
          )
        }
      />
      {(several || chosen !== undefined) && (
        <div className={styles.choice}>
          <ClusterSelect choice={choice} />
          {several && chosen === undefined && administrator && (
            <p className={styles.hint}>{t.backups.chooseToOrder}</p>
          )}
        </div>
      )}
      <div className={styles.notices}>
        {choice.query.isError && choice.query.data === undefined && (
          <ProblemNotice error={choice.query.error} retry={() => void choice.query.refetch()} />
        )}
        {choice.query.isSuccess && chosen !== undefined && !choice.all.some(({ id }) => id === chosen) && (
          <Notice tone="plain" title={t.backups.noSuchCluster}>
            {t.backups.noSuchClusterDetail}
          </Notice>
        )}
        {[backUp, verify].map((command, i) =>
          command.isError ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: two commands, always in this order
            <ProblemNotice key={i} error={command.error} />
          ) : command.isSuccess ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: two commands, always in this order
            <Notice key={i} tone="good" title={t.backups.started} />
          ) : null,
        )}
        {drilled && <Notice tone="good" title={t.backups.started} />}
      </div>
      <Status choice={choice} />
      {several && <Clusters choice={choice} />}
      <Section title={t.backups.drills}>
        <Drills choice={choice} />
      </Section>
      <Section title={t.backups.erasures}>
        <Erasures choice={choice} />
      </Section>
      <Section title={t.backups.verifications}>
        <Verifications choice={choice} />
      </Section>
      <Section title={t.backups.catalogue}>
        <Catalogue choice={choice} />
      </Section>
      <Modal
        opened={ordering}
        onClose={() => setOrdering(false)}
        title={several && chosen !== undefined ? t.backups.drillOf(choice.nameOf(chosen)) : t.backups.drill}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <OrderDrill
          cluster={chosen}
          cancel={() => setOrdering(false)}
          done={() => {
            setOrdering(false)
            setDrilled(true)
          }}
        />
      </Modal>
    </>
  )
}

/** The process that answers tells of its own cluster only. */
function Status({ choice }: { choice: Choice }) {
  const t = useMessages()
  const status = useResource<BackupStatus>('/api/backups/status', { every: 5_000 })
  return (
    <Loaded query={status} waiting={<Waiting lines={1} height={180} />}>
      {(found) =>
        choice.chosen !== undefined && choice.chosen !== found.cluster ? (
          choice.all.some(({ id }) => id === choice.chosen) && (
            <Notice tone="plain" title={t.backups.otherProcess(choice.nameOf(choice.chosen))}>
              {t.backups.otherProcessDetail(choice.nameOf(found.cluster))}
            </Notice>
          )
        ) : (
          <>
            <Troubles status={found} />
            {choice.several && <h2 className={styles.statusOf}>{choice.nameOf(found.cluster)}</h2>}
            <StatusPanel status={found} />
          </>
        )
      }
    </Loaded>
  )
}

/** The work of one cluster, or of all. */
const listOf = (choice: Choice, limit: number) => ({ limit, cluster: choice.chosen })

/** Whether a list has to say of which cluster each line is. */
const isMixed = (choice: Choice): boolean => choice.several && choice.chosen === undefined

/** What a restore could not bring back, or soon might not. */
function Troubles({ status }: { status: BackupStatus }) {
  const t = useMessages()
  const newest = status.gaps.toSorted((a, b) => Date.parse(b.foundAt) - Date.parse(a.foundAt))[0]
  if (!status.trouble && newest === undefined) return null
  return (
    <div className={styles.notices}>
      {status.trouble && (
        <Notice tone="bad" title={t.backups.trouble}>
          {status.trouble}
        </Notice>
      )}
      {newest !== undefined && (
        <Notice tone="bad" title={t.backups.gaps(status.gaps.length)}>
          {t.backups.gapFound} <When at={newest.foundAt} />: <code>{`${newest.from} – ${newest.to}`}</code>
        </Notice>
      )}
    </div>
  )
}

function StatusPanel({ status }: { status: BackupStatus }) {
  const t = useMessages()
  const language = useLanguage()
  const age = secondsOf(status.walAge)
  const limit = secondsOf(status.walLimit)
  const share = age === undefined || limit === undefined ? undefined : age / limit
  const within = share !== undefined && share <= 1
  return (
    <Panel>
      <div className={styles.status}>
        <div className={styles.wal}>
          <p className={styles.label}>{t.backups.walAge}</p>
          <p className={styles.walAge}>{age === undefined ? t.unknown : formatSeconds(age, language)}</p>
          <svg
            className={styles.gauge}
            viewBox="0 0 100 8"
            preserveAspectRatio="none"
            data-within={within}
            aria-hidden="true"
          >
            <rect width={Math.min(100, Math.max(0.5, (share ?? 0) * 100))} height="8" />
          </svg>
          <Badge tone={within ? 'good' : 'bad'} icon={within ? 'check' : 'alert'}>
            {within ? t.backups.within : t.backups.beyond}
          </Badge>
          <p className={styles.hint}>{t.backups.walAgeHint(formatDuration(status.walLimit, language))}</p>
        </div>
        <dl className={`${ui.facts} ${styles.facts}`}>
          <Fact name={t.backups.lastFull} at={status.lastFull} />
          {status.lastBackup && <Fact name={t.backups.lastBackup} at={status.lastBackup} />}
          {status.nextBackup && <Fact name={t.backups.nextBackup} at={status.nextBackup} />}
          <div>
            <dt>{t.backups.maxGap}</dt>
            <dd>{formatDuration(status.maxWalGap, language)}</dd>
          </div>
          {status.region && (
            <div>
              <dt>{t.backups.region}</dt>
              <dd>{status.region}</dd>
            </div>
          )}
        </dl>
      </div>
    </Panel>
  )
}

function Fact({ name, at }: { name: string; at: string | undefined }) {
  const t = useMessages()
  return (
    <div>
      <dt>{name}</dt>
      <dd>{at ? <When at={at} /> : t.backups.never}</dd>
    </div>
  )
}

function Catalogue({ choice }: { choice: Choice }) {
  const t = useMessages()
  const language = useLanguage()
  const pages = usePages<Backup>('/api/backups', listOf(choice, 20), { every: 10_000 })
  return (
    <LoadedList pages={pages} empty={<Empty title={t.backups.empty} detail={t.backups.emptyDetail} />}>
      {(backups) => (
        <Panel>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.backups.kind}</th>
                  {isMixed(choice) && <th scope="col">{t.backups.cluster}</th>}
                  <th scope="col">{t.backups.state}</th>
                  <th scope="col">{t.backups.startedAt}</th>
                  <th scope="col">{t.backups.finishedAt}</th>
                  <th scope="col" data-end>
                    {t.backups.changed}
                  </th>
                  <th scope="col" data-end>
                    {t.backups.sizeLabel}
                  </th>
                </tr>
              </thead>
              <tbody>
                {backups.map((backup) => (
                  <tr key={backup.id}>
                    <td>{t.backups.kinds[backup.kind]}</td>
                    {isMixed(choice) && <td>{choice.nameOf(backup.cluster)}</td>}
                    <td>
                      <RunBadge state={backup.state} />
                      {backup.state === 'running' && backup.bytesRead && backup.bytesExpected ? (
                        <span className={ui.why}>
                          {formatShare(Math.min(1, backup.bytesRead / backup.bytesExpected), language, 0)}
                        </span>
                      ) : null}
                      {backup.reason && <span className={ui.why}>{backup.reason}</span>}
                      {backup.damagedPages > 0 && (
                        <span className={ui.why}>{t.backups.damagedPages(backup.damagedPages)}</span>
                      )}
                    </td>
                    <td>
                      <When at={backup.startedAt ?? backup.requestedAt} />
                    </td>
                    <td>{backup.finishedAt && <When at={backup.finishedAt} />}</td>
                    <td data-end className="num">
                      {backup.kind === 'incremental' && backup.blocks && backup.blocksStored !== undefined
                        ? formatShare(backup.blocksStored / backup.blocks, language, 1)
                        : null}
                    </td>
                    <td data-end className="num">
                      {typeof backup.bytes === 'number' && formatBytes(backup.bytes, language)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </LoadedList>
  )
}

function Drills({ choice }: { choice: Choice }) {
  const t = useMessages()
  const language = useLanguage()
  const pages = usePages<Drill>('/api/backups/drills', listOf(choice, 10), { every: 5_000 })
  return (
    <LoadedList
      pages={pages}
      empty={<Empty title={t.backups.drillsEmpty} detail={t.backups.drillsEmptyDetail} />}
    >
      {(drills) => (
        <Panel>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.backups.startedAt}</th>
                  {isMixed(choice) && <th scope="col">{t.backups.cluster}</th>}
                  <th scope="col">{t.backups.state}</th>
                  <th scope="col">{t.backups.recoveryTime}</th>
                  <th scope="col">{t.backups.recoveryPoint}</th>
                  <th scope="col">{t.backups.restoredTo}</th>
                </tr>
              </thead>
              <tbody>
                {drills.map((drill) => (
                  <tr key={drill.id}>
                    <td>
                      <When at={drill.startedAt} />
                    </td>
                    {isMixed(choice) && <td>{choice.nameOf(drill.cluster)}</td>}
                    <td>
                      <RunBadge state={drill.state} />
                      {drill.reason && <span className={ui.why}>{drill.reason}</span>}
                      <span className={ui.why}>
                        {typeof drill.rowsCompared === 'number'
                          ? t.backups.compared[drill.comparedWith](formatNumber(drill.rowsCompared, language))
                          : t.backups.comparing[drill.comparedWith]}
                      </span>
                      {drill.tablesNotComparable ? (
                        <span className={ui.why}>{t.backups.notComparable(drill.tablesNotComparable)}</span>
                      ) : null}
                      {drill.logs?.map((log) => (
                        <span key={log.database} className={ui.why}>
                          {t.backups.logProved(formatNumber(log.size, language), log.root)}
                        </span>
                      ))}
                      {drill.recordsErased ? (
                        <span className={ui.why}>
                          {t.backups.erasedAgain(formatNumber(drill.recordsErased, language))}
                        </span>
                      ) : null}
                    </td>
                    <td>
                      {drill.recoveryTime ? formatDuration(drill.recoveryTime, language) : <Quiet>–</Quiet>}
                    </td>
                    <td>
                      {drill.recoveryPoint ? formatDuration(drill.recoveryPoint, language) : <Quiet>–</Quiet>}
                    </td>
                    <td>{drill.restoredTo ? <When at={drill.restoredTo} /> : <Quiet>–</Quiet>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </LoadedList>
  )
}

/** What was erased for good, and the drill that shows that no backup undoes it. */
function Erasures({ choice }: { choice: Choice }) {
  const t = useMessages()
  const language = useLanguage()
  const pages = usePages<Erasure>('/api/backups/erasures', listOf(choice, 10), { every: 10_000 })
  return (
    <LoadedList
      pages={pages}
      empty={<Empty title={t.backups.erasuresEmpty} detail={t.backups.erasuresEmptyDetail} />}
    >
      {(erasures) => (
        <Panel>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.backups.erasedAt}</th>
                  {isMixed(choice) && <th scope="col">{t.backups.cluster}</th>}
                  <th scope="col">{t.backups.tenant}</th>
                  <th scope="col" data-end>
                    {t.backups.records}
                  </th>
                  <th scope="col">{t.backups.proof}</th>
                </tr>
              </thead>
              <tbody>
                {erasures.map((erasure) => (
                  <tr key={`${erasure.cluster} ${erasure.id}`}>
                    <td>
                      <When at={erasure.erasedAt} />
                    </td>
                    {isMixed(choice) && <td>{choice.nameOf(erasure.cluster)}</td>}
                    <td>
                      {erasure.tenant}
                      {erasure.subject && <span className={ui.why}>{t.backups.onePerson}</span>}
                      {erasure.keyId && (
                        <span className={ui.why}>{t.backups.keyDestroyed(erasure.keyId)}</span>
                      )}
                    </td>
                    <td data-end className="num">
                      {formatNumber(erasure.records, language)}
                    </td>
                    <td>
                      {erasure.provenAt ? (
                        <>
                          <Badge tone="good" icon="check">
                            {t.backups.unreadable}
                          </Badge>
                          <span className={ui.why}>
                            {t.backups.found(formatNumber(erasure.recordsFound ?? 0, language))},{' '}
                            <When at={erasure.provenAt} />
                          </span>
                        </>
                      ) : (
                        <Badge tone="plain" icon="clock">
                          {t.backups.notProven}
                        </Badge>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </LoadedList>
  )
}

function Verifications({ choice }: { choice: Choice }) {
  const t = useMessages()
  const language = useLanguage()
  const pages = usePages<Verification>('/api/backups/verifications', listOf(choice, 10), { every: 5_000 })
  return (
    <LoadedList
      pages={pages}
      empty={<Empty title={t.backups.verificationsEmpty} detail={t.backups.verificationsEmptyDetail} />}
    >
      {(verifications) => (
        <Panel>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.backups.startedAt}</th>
                  {isMixed(choice) && <th scope="col">{t.backups.cluster}</th>}
                  <th scope="col">{t.backups.kind}</th>
                  <th scope="col">{t.backups.state}</th>
                  <th scope="col" data-end>
                    {t.backups.objects}
                  </th>
                  <th scope="col" data-end>
                    {t.backups.sizeLabel}
                  </th>
                </tr>
              </thead>
              <tbody>
                {verifications.map((verification) => (
                  <tr key={verification.id}>
                    <td>
                      <When at={verification.startedAt} />
                    </td>
                    {isMixed(choice) && <td>{choice.nameOf(verification.cluster)}</td>}
                    <td>{t.backups.readings[verification.kind]}</td>
                    <td>
                      <RunBadge state={verification.state} />
                      {verification.state === 'running' && verification.total > 0 && (
                        <span className={ui.why}>
                          {formatShare(verification.objects / verification.total, language, 0)}
                        </span>
                      )}
                      {verification.reason && <span className={ui.why}>{verification.reason}</span>}
                      {verification.problems.map((problem) => (
                        <span key={problem.object} className={ui.why}>
                          {problem.what}
                        </span>
                      ))}
                      {verification.orphans.length > 0 && (
                        <span className={ui.why}>{t.backups.orphans(verification.orphans.length)}</span>
                      )}
                    </td>
                    <td data-end className="num">
                      {formatNumber(verification.objects, language)}
                    </td>
                    <td data-end className="num">
                      {formatBytes(verification.bytes, language)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </LoadedList>
  )
}

type RunState = Backup['state'] | Drill['state'] | Verification['state']

const looks: Record<RunState, { tone: Tone; icon: IconName }> = {
  queued: { tone: 'warn', icon: 'clock' },
  running: { tone: 'warn', icon: 'clock' },
  completed: { tone: 'good', icon: 'check' },
  passed: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  expired: { tone: 'plain', icon: 'clock' },
  damaged: { tone: 'bad', icon: 'alert' },
}

function RunBadge({ state }: { state: RunState }) {
  const t = useMessages()
  const { tone, icon } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {t.backups.states[state]}
    </Badge>
  )
}
