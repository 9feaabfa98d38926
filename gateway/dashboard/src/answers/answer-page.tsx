import { Link, useParams } from 'react-router'
import { useResource } from '../api/queries'
import type { Answer, Page } from '../api/types'
import { textIn, useLanguage, useMessages } from '../i18n'
import { NotFound } from '../shell/not-found'
import { BackLink, Loaded, PageHead, Panel, Section, StateBadge, Waiting, When } from '../ui/parts'
import styles from './answers.module.css'
import { ClaimList, wordingOf } from './claims'
import { HistoryPanel } from './history-panel'

export function AnswerPage() {
  const t = useMessages()
  const number = Number(useParams().number)
  // The list holds the whole answer, and the reader mostly comes from it: no second request, no waiting.
  const answers = useResource<Page<Answer>>('/api/answers', { every: 60_000 })
  return (
    <>
      <BackLink to="/">{t.answers.all}</BackLink>
      <Loaded query={answers} waiting={<Waiting lines={4} height={90} />}>
        {({ items }) => {
          const answer = items.find((candidate) => candidate.number === number)
          return answer === undefined ? <NotFound /> : <Detail key={number} answer={answer} answers={items} />
        }}
      </Loaded>
    </>
  )
}

function Detail({ answer, answers }: { answer: Answer; answers: Answer[] }) {
  const t = useMessages()
  const language = useLanguage()
  const at = answers.indexOf(answer)
  const previous = answers[at - 1]
  const next = answers[at + 1]
  return (
    <>
      <div className={styles.detailHead}>
        <span className={styles.bigNumber} aria-hidden="true">
          {answer.number}
        </span>
        <div>
          <p className={styles.detailState}>
            <StateBadge state={answer.state} />
            {answer.since && (
              <span>
                {t.answers.since} <When at={answer.since} />
              </span>
            )}
          </p>
          <PageHead title={textIn(language, answer.question)} lead={wordingOf(answer, language, t)} />
        </div>
      </div>
      <Section title={t.answers.claimsHeading}>
        <Panel padded>
          {answer.claims.length === 0 ? (
            t.answers.wording[answer.state]
          ) : (
            <ClaimList claims={answer.claims} />
          )}
        </Panel>
      </Section>
      <Section title={t.answers.history}>
        <HistoryPanel number={answer.number} />
      </Section>
      <nav className={styles.pager} aria-label={t.nav.answers}>
        {previous === undefined ? (
          <span />
        ) : (
          <Link to={`/answers/${previous.number}`}>
            ← {t.answers.previous}: {previous.number}
          </Link>
        )}
        {next !== undefined && (
          <Link to={`/answers/${next.number}`}>
            {t.answers.next}: {next.number} →
          </Link>
        )}
      </nav>
    </>
  )
}
