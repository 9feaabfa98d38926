import { Button, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommand, usePages } from '../api/queries'
import type {
  Acceptance,
  ComparedTable,
  Comparison,
  ComparisonsAsked,
  DifferingRow,
  NewComparison,
} from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { has, useMe } from '../session/session'
import { Icon, type IconName } from '../ui/icons'
import {
  Badge,
  Empty,
  LoadedList,
  Notice,
  Panel,
  ProblemNotice,
  Quiet,
  Section,
  type Tone,
  When,
} from '../ui/parts'
import { isReasonWord, ReasonWord } from '../ui/reason-word'
import ui from '../ui/ui.module.css'
import styles from './audit.module.css'
import { newestAndEarlier } from './newest'

const ROUTE = '/api/audit/reconciliations'

/** So many names are read at a glance; more are one number until somebody asks for them. */
const NAMES_AT_A_GLANCE = 12

/** A table that was found different, in a comparison; only what the newest one found can be taken as it is. */
type Difference = { comparison: Comparison; table: ComparedTable }

/** What `SELECT` shows beside what the log says: rows changed past the log are seen here and nowhere else. */
export function Comparisons() {
  const t = useMessages()
  const { me } = useMe()
  const [taking, setTaking] = useState<Difference>()
  const [taken, setTaken] = useState<string>()
  const pages = usePages<Comparison>(ROUTE, { limit: 50 }, { every: 10_000 })
  const compare = useCommand<NewComparison, ComparisonsAsked>('POST', ROUTE, [ROUTE])
  const administrator = has(me, 'administrator')
  return (
    <Section
      title={t.audit.comparisons.title}
      aside={
        administrator && (
          <Button
            variant="default"
            leftSection={<Icon name="refresh" size={16} />}
            loading={compare.isPending}
            onClick={() => compare.mutate({})}
          >
            {t.audit.comparisons.compare}
          </Button>
        )
      }
    >
      <p className={styles.sectionLead}>{t.audit.comparisons.lead}</p>
      <div className={styles.notices}>
        {compare.isError && <ProblemNotice error={compare.error} />}
        {compare.isSuccess && (
          <Notice tone="good" title={t.audit.comparisons.asked(compare.data?.sources.join(', ') || t.none)} />
        )}
        {taken !== undefined && <Notice tone="good" title={t.audit.comparisons.accepted(taken)} />}
      </div>
      <LoadedList
        pages={pages}
        empty={<Empty title={t.audit.comparisons.empty} detail={t.audit.comparisons.emptyDetail} />}
      >
        {(all) => {
          const { newest, earlier } = newestAndEarlier(all)
          return (
            <Panel>
              <ul className={styles.sources}>
                {newest.map((comparison) => (
                  <Source
                    key={comparison.source}
                    comparison={comparison}
                    take={administrator ? (table) => setTaking({ comparison, table }) : undefined}
                  />
                ))}
              </ul>
              {earlier.length > 0 && <Earlier comparisons={earlier} />}
            </Panel>
          )
        }}
      </LoadedList>
      <Modal
        opened={taking !== undefined}
        onClose={() => setTaking(undefined)}
        title={taking && t.audit.comparisons.acceptTable(taking.table.name)}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {taking !== undefined && (
          <Take
            difference={taking}
            cancel={() => setTaking(undefined)}
            done={() => {
              setTaken(taking.table.name)
              setTaking(undefined)
            }}
          />
        )}
      </Modal>
    </Section>
  )
}

const looks: Record<ComparedTable['state'], { tone: Tone; icon: IconName }> = {
  equal: { tone: 'good', icon: 'check' },
  begun: { tone: 'plain', icon: 'dash' },
  different: { tone: 'bad', icon: 'cross' },
  unreadable: { tone: 'warn', icon: 'alert' },
}

function State({ state }: { state: ComparedTable['state'] }) {
  const t = useMessages()
  const { tone, icon } = looks[state]
  return (
    <Badge tone={tone} icon={icon}>
      {t.audit.comparisons.states[state]}
    </Badge>
  )
}

function Source({
  comparison: { source, state, ended, rows, tables },
  take,
}: {
  comparison: Comparison
  take: ((table: ComparedTable) => void) | undefined
}) {
  const t = useMessages()
  const language = useLanguage()
  const differing = tables.filter(differs)
  const begun = tables.filter((table) => table.state === 'begun')
  return (
    <li aria-label={source}>
      <div className={styles.sourceHead}>
        <h3>{source}</h3>
        <State state={state} />
        <dl className={styles.sourceFacts}>
          <div>
            <dt>{t.audit.comparisons.compared}</dt>
            <dd>
              <When at={ended} ago />
            </dd>
          </div>
          <div>
            <dt>{t.audit.comparisons.rows}</dt>
            <dd className="num">{formatNumber(rows, language)}</dd>
          </div>
          <div>
            <dt className="hidden">{t.audit.comparisons.table}</dt>
            <dd>{t.audit.comparisons.tables(tables.length)}</dd>
          </div>
        </dl>
      </div>
      {begun.length > 0 && <Begun tables={begun.map(({ name }) => name)} />}
      {differing.length > 0 && <Differing tables={differing} take={take} />}
    </li>
  )
}

function Begun({ tables }: { tables: string[] }) {
  const t = useMessages()
  const names = tables.join(', ')
  return tables.length <= NAMES_AT_A_GLANCE ? (
    <p className={styles.begun}>{t.audit.comparisons.begun(names)}</p>
  ) : (
    <details className={styles.begun}>
      <summary>
        <Icon name="right" size={15} />
        {t.audit.comparisons.begun(t.audit.comparisons.tables(tables.length))}
      </summary>
      <p>{names}</p>
    </details>
  )
}

const kinds: DifferingRow['state'][] = ['changed', 'missing', 'unexpected']

const differs = ({ state }: ComparedTable): boolean => state === 'different' || state === 'unreadable'

function Differing({
  tables,
  take,
}: {
  tables: ComparedTable[]
  take: ((table: ComparedTable) => void) | undefined
}) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <div className={ui.scroll}>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">{t.audit.comparisons.table}</th>
            <th scope="col">{t.audit.comparisons.state}</th>
            <th scope="col" data-end>
              {t.audit.comparisons.logged}
            </th>
            <th scope="col" data-end>
              {t.audit.comparisons.live}
            </th>
            {take !== undefined && <th scope="col" aria-label={t.audit.comparisons.accept} />}
          </tr>
        </thead>
        <tbody>
          {tables.map((table) => (
            <tr key={table.name}>
              <td className={styles.tableName}>{table.name}</td>
              <td>
                <State state={table.state} />
                {table.state === 'different' && table.logged === table.live && (
                  <span className={ui.why}>{t.audit.comparisons.sameCount}</span>
                )}
                {kinds.map((kind) => {
                  const keys = (table.rows ?? []).filter(({ state }) => state === kind).map(({ key }) => key)
                  return (
                    keys.length > 0 && (
                      <span key={kind} className={ui.why}>
                        {t.audit.comparisons.differ[kind](keys.join(' · '))}
                      </span>
                    )
                  )
                })}
                {table.more !== undefined && table.more > 0 && (
                  <span className={ui.why}>{t.audit.comparisons.more(table.more)}</span>
                )}
              </td>
              <td data-end className="num">
                {formatNumber(table.logged, language)}
              </td>
              <td data-end className="num">
                {table.state === 'unreadable' ? <Quiet>–</Quiet> : formatNumber(table.live, language)}
              </td>
              {take !== undefined && (
                <td data-end>
                  {table.state === 'different' && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t.audit.comparisons.acceptTable(table.name)}
                      onClick={() => take(table)}
                    >
                      {t.audit.comparisons.accept}
                    </Button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Earlier({ comparisons }: { comparisons: Comparison[] }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <details className={styles.earlier}>
      <summary>
        <Icon name="right" size={15} />
        {t.audit.comparisons.history(comparisons.length)}
      </summary>
      <div className={ui.scroll}>
        <table className={ui.table}>
          <thead>
            <tr>
              <th scope="col">{t.audit.comparisons.compared}</th>
              <th scope="col">{t.audit.comparisons.source}</th>
              <th scope="col">{t.audit.comparisons.state}</th>
              <th scope="col" data-end>
                {t.audit.comparisons.rows}
              </th>
              <th scope="col">{t.audit.comparisons.differing}</th>
            </tr>
          </thead>
          <tbody>
            {comparisons.map(({ id, ended, source, state, rows, tables }) => (
              <tr key={id}>
                <td>
                  <When at={ended} />
                </td>
                <td>{source}</td>
                <td>
                  <State state={state} />
                </td>
                <td data-end className="num">
                  {formatNumber(rows, language)}
                </td>
                <td className={ui.mono}>
                  {tables
                    .filter(differs)
                    .map(({ name, logged, live }) =>
                      [name, formatNumber(logged, language), '→', formatNumber(live, language)].join(' '),
                    )
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function Take({
  difference: { comparison, table },
  cancel,
  done,
}: {
  difference: Difference
  cancel: () => void
  done: () => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const route = `${ROUTE}/${encodeURIComponent(comparison.id)}/acceptance`
  const accept = useCommand<Acceptance>('POST', route, [ROUTE])

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (isReasonWord(reason)) accept.mutate({ table: table.name, reason }, { onSuccess: done })
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <dl className={ui.facts}>
        <div>
          <dt>{t.audit.comparisons.logged}</dt>
          <dd>{formatNumber(table.logged, language)}</dd>
        </div>
        <div>
          <dt>{t.audit.comparisons.live}</dt>
          <dd>{formatNumber(table.live, language)}</dd>
        </div>
      </dl>
      <p>{t.audit.comparisons.acceptLead}</p>
      <p>
        <strong>{t.audit.comparisons.acceptWarning}</strong>
      </p>
      <p>{t.audit.comparisons.acceptRecord}</p>
      <ReasonWord
        example={t.audit.comparisons.reasonExample}
        value={reason}
        checked={checked}
        change={setReason}
      />
      {accept.isError && <ProblemNotice error={accept.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={accept.isPending}>
          {t.audit.comparisons.accept}
        </Button>
      </div>
    </form>
  )
}
