import { useState } from 'react'
import { Link } from 'react-router'
import { Strokes } from '../answers/strokes'
import { usePages, useResource } from '../api/queries'
import type { Answer, AuditEntry, Breach, Page } from '../api/types'
import { EntryDrawer } from '../audit/entry-drawer'
import { EntryTable } from '../audit/entry-table'
import { BreachTable } from '../breaches/breach-table'
import { openStates } from '../breaches/breaches'
import { textIn, useLanguage, useMessages } from '../i18n'
import { opens, useMe } from '../session/session'
import { Empty, Loaded, LoadedList, PageHead, Panel, Section, StateBadge, Waiting } from '../ui/parts'
import styles from './overview.module.css'

/** What staff see after login: the answers, what is open, and what just happened. */
export function Component() {
  const t = useMessages()
  const { me } = useMe()
  return (
    <>
      <PageHead title={t.overview.hello(me?.name ?? '')} />
      <Answers />
      {opens(me, 'breaches') && (
        <Section title={t.overview.openBreaches} aside={<Link to="/breaches">{t.overview.seeAll}</Link>}>
          <OpenBreaches />
        </Section>
      )}
      {opens(me, 'audit') && (
        <Section title={t.overview.latestEntries} aside={<Link to="/audit">{t.overview.seeAll}</Link>}>
          <LatestEntries />
        </Section>
      )}
    </>
  )
}

function Answers() {
  const t = useMessages()
  const language = useLanguage()
  const answers = useResource<Page<Answer>>('/api/answers', { every: 30_000 })
  return (
    <section aria-label={t.nav.answers}>
      <Loaded query={answers} waiting={<Waiting lines={1} height={200} />}>
        {({ items }) => {
          const order = ['broken', 'stale', 'unproven', 'proven']
          const weak = items
            .filter(({ state }) => state !== 'proven')
            .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
            .slice(0, 5)
          return (
            <Panel>
              <div className={styles.answers}>
                <ul className={styles.weak}>
                  {weak.map(({ number, question, state }) => (
                    <li key={number}>
                      <span className="num">{number}</span>
                      <Link to={`/answers/${number}`}>{textIn(language, question)}</Link>
                      <StateBadge state={state} />
                    </li>
                  ))}
                  {weak.length === 0 && <li>{t.answers.wording.proven}</li>}
                </ul>
                <Strokes answers={items} hrefOf={(number) => `/answers/${number}`} />
              </div>
            </Panel>
          )
        }}
      </Loaded>
    </section>
  )
}

function OpenBreaches() {
  const t = useMessages()
  const pages = usePages<Breach>(
    '/api/breaches',
    { state: openStates.join(','), limit: 25 },
    { every: 10_000 },
  )
  return (
    <LoadedList pages={pages} empty={<Empty title={t.breaches.emptyOpen} detail={t.overview.quiet} />}>
      {(items) => (
        <Panel>
          <BreachTable breaches={items} />
        </Panel>
      )}
    </LoadedList>
  )
}

function LatestEntries() {
  const t = useMessages()
  const [entry, setEntry] = useState<AuditEntry>()
  const latest = useResource<Page<AuditEntry>>('/api/audit/entries?limit=8', { every: 5_000 })
  return (
    <Loaded query={latest}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t.audit.empty} detail={t.audit.emptyDetail} />
        ) : (
          <>
            <Panel>
              <EntryTable entries={items} open={setEntry} />
            </Panel>
            <EntryDrawer entry={entry} close={() => setEntry(undefined)} />
          </>
        )
      }
    </Loaded>
  )
}
