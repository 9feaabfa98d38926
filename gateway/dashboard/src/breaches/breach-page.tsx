import { useParams } from 'react-router'
import { usePages, useResource } from '../api/queries'
import type { Assessment, BreachDetail, BreachEvent, Facts } from '../api/types'
import { type Messages, textIn, useLanguage, useMessages } from '../i18n'
import { formatNumber } from '../i18n/format'
import { Countdown } from '../ui/countdown'
import {
  BackLink,
  Badge,
  Loaded,
  LoadedList,
  PageHead,
  Panel,
  Quiet,
  Section,
  Waiting,
  When,
} from '../ui/parts'
import ui from '../ui/ui.module.css'
import styles from './breach.module.css'
import { BreachState, Severity } from './breach-table'
import { DecisionPanel } from './decision'
import { NoticeTable } from './notices'

export function Component() {
  const t = useMessages()
  const route = `/api/breaches/${encodeURIComponent(useParams().id ?? '')}`
  const breach = useResource<BreachDetail>(route, { every: 15_000 })
  return (
    <>
      <BackLink to="/breaches">{t.breaches.title}</BackLink>
      <Loaded query={breach} waiting={<Waiting lines={3} height={110} />}>
        {(found) => <Case breach={found} route={route} />}
      </Loaded>
    </>
  )
}

function Case({ breach, route }: { breach: BreachDetail; route: string }) {
  const t = useMessages()
  const language = useLanguage()
  return (
    <>
      <PageHead
        title={textIn(language, breach.title)}
        lead={breach.summary && textIn(language, breach.summary)}
      />
      <dl className={styles.summary}>
        <div>
          <dt>{t.breaches.state}</dt>
          <dd>
            <BreachState breach={breach} />
          </dd>
        </div>
        <div>
          <dt>{t.breaches.severity}</dt>
          <dd>
            <Severity severity={breach.severity} />
          </dd>
        </div>
        <div>
          <dt>{t.breaches.tenant}</dt>
          <dd>{breach.tenant ?? t.platform}</dd>
        </div>
        <div>
          <dt>{t.breaches.discovered}</dt>
          <dd>
            <When at={breach.discoveredAt} />
          </dd>
        </div>
        <div>
          <dt>{t.breaches.deadline}</dt>
          <dd>
            {breach.deadline ? (
              <Countdown start={breach.discoveredAt} deadline={breach.deadline} />
            ) : (
              <Quiet>{t.breaches.noClock}</Quiet>
            )}
          </dd>
        </div>
      </dl>
      <div className={styles.columns}>
        <div>
          <Section title={t.breaches.facts}>
            <Panel padded>
              <FactList facts={breach.facts} />
            </Panel>
          </Section>
          <Section title={t.breaches.timeline}>
            <Panel padded>
              <Timeline route={route} />
            </Panel>
          </Section>
          <Section title={t.breaches.notices}>
            <NoticeTable route={route} />
          </Section>
        </div>
        <div>
          <Section title={t.breaches.assessment}>
            <Panel padded>
              <Advice route={route} />
            </Panel>
          </Section>
          <Section title={t.breaches.decision}>
            <Panel padded>
              <DecisionPanel breach={breach} route={route} />
            </Panel>
          </Section>
        </div>
      </div>
    </>
  )
}

function FactList({ facts }: { facts: Facts }) {
  const t = useMessages()
  const known = Object.entries(facts).filter(([, value]) => !isMissing(value))
  if (known.length === 0) return <Quiet>{t.breaches.factsEmpty}</Quiet>
  const isLong = (value: unknown) => typeof value === 'string' && value.length > 60
  return (
    <dl className={ui.facts}>
      {known
        .toSorted(([, a], [, b]) => Number(isLong(b)) - Number(isLong(a)))
        .map(([name, value]) => (
          <div key={name} className={isLong(value) ? ui.wide : undefined}>
            <dt>{t.breaches.fact[name] ?? name}</dt>
            <dd>{factText(value, t)}</dd>
          </div>
        ))}
    </dl>
  )
}

const isMissing = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

function factText(value: unknown, t: Messages): string {
  if (typeof value === 'boolean') return value ? t.yes : t.no
  if (Array.isArray(value)) return value.map((one) => factText(one, t)).join(', ')
  if (typeof value === 'string') return t.breaches.factValue[value] ?? value
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

function Timeline({ route }: { route: string }) {
  const t = useMessages()
  const language = useLanguage()
  const pages = usePages<BreachEvent>(`${route}/timeline`, {}, { every: 15_000 })
  return (
    <LoadedList pages={pages} empty={<Quiet>{t.breaches.timelineEmpty}</Quiet>}>
      {(events) => (
        <ol className={styles.events}>
          {events.map(({ time, kind, text, actor }) => (
            <li key={`${time} ${kind}`} className={styles.event}>
              <span className={styles.eventKind}>{t.breaches.events[kind]}</span>
              {text && <p>{textIn(language, text)}</p>}
              <p className={styles.eventMeta}>
                <When at={time} /> · {actor.id}
              </p>
            </li>
          ))}
        </ol>
      )}
    </LoadedList>
  )
}

function Advice({ route }: { route: string }) {
  const t = useMessages()
  const language = useLanguage()
  const assessment = useResource<Assessment>(`${route}/assessment`)
  return (
    <Loaded query={assessment}>
      {({ document, notifyAuthority, notifySubjects, rules, enisa }) => (
        <>
          <p className={styles.note}>{t.breaches.assessmentLead}</p>
          <ul className={styles.verdicts}>
            <Verdict name={t.breaches.document} needed={document} />
            <Verdict name={t.breaches.notifyAuthority} needed={notifyAuthority} />
            <Verdict name={t.breaches.notifySubjects} needed={notifySubjects} />
            <li className={styles.verdict}>
              <span>{t.breaches.enisa}</span>
              <span className="num">
                {formatNumber(enisa.score, language, 2)} · {t.breaches.severities[enisa.band]}
              </span>
            </li>
          </ul>
          {rules.length > 0 && (
            <div className={styles.rules}>
              <h3>{t.breaches.rules}</h3>
              <ul>
                {rules.map(({ id, text }) => (
                  <li key={id}>{textIn(language, text)}</li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Loaded>
  )
}

function Verdict({ name, needed }: { name: string; needed: boolean }) {
  const t = useMessages()
  return (
    <li className={styles.verdict}>
      <span>{name}</span>
      <Badge tone={needed ? 'warn' : 'plain'} icon={needed ? 'alert' : 'dash'}>
        {needed ? t.breaches.needed : t.breaches.notNeeded}
      </Badge>
    </li>
  )
}
