import { Link } from 'react-router'
import { useResource } from '../api/queries'
import type { Answer, Page } from '../api/types'
import { textIn, useLanguage, useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { Empty, Loaded, PageHead, StateBadge, Waiting, When } from '../ui/parts'
import styles from './answers.module.css'
import { ClaimList, lastProofOf, wordingOf } from './claims'
import { Strokes } from './strokes'

/** The five headings under which the public list asks its eleven questions. */
const groups: [first: number, last: number][] = [
  [1, 1],
  [2, 5],
  [6, 7],
  [8, 9],
  [10, 11],
]

export function AnswersPage() {
  const t = useMessages()
  const answers = useResource<Page<Answer>>('/api/answers', { every: 60_000 })
  return (
    <>
      <div className={styles.hero}>
        <PageHead
          title={t.answers.title}
          lead={
            <>
              {t.answers.lead} <Link to="/verify">{t.verify.answersLink}</Link>
            </>
          }
        />
        {answers.data && answers.data.items.length > 0 && (
          <Strokes answers={answers.data.items} hrefOf={(number) => `#answer-${number}`} />
        )}
      </div>
      <Loaded query={answers} waiting={<Waiting lines={6} height={112} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t.answers.empty} detail={t.answers.emptyDetail} />
          ) : (
            groups.map(([first, last], i) => {
              const inGroup = items.filter(({ number }) => first <= number && number <= last)
              return inGroup.length === 0 ? null : (
                <section key={first} className={styles.group} aria-label={t.answers.group[i]}>
                  <h2>{t.answers.group[i]}</h2>
                  <div className={styles.cards}>
                    {inGroup.map((answer) => (
                      <AnswerCard key={answer.number} answer={answer} />
                    ))}
                  </div>
                </section>
              )
            })
          )
        }
      </Loaded>
    </>
  )
}

function AnswerCard({ answer }: { answer: Answer }) {
  const t = useMessages()
  const language = useLanguage()
  const lastProof = lastProofOf(answer)
  return (
    <article className={styles.card} id={`answer-${answer.number}`}>
      <p className={styles.number} aria-hidden="true">
        {answer.number}
      </p>
      <div>
        <h3>
          <span className="hidden">{t.answers.number(answer.number)}: </span>
          <Link to={`/answers/${answer.number}`}>{textIn(language, answer.question)}</Link>
        </h3>
        <p className={styles.wording}>{wordingOf(answer, language, t)}</p>
        <dl className={styles.meta}>
          {answer.since && (
            <div>
              <dt>{t.answers.since}</dt>
              <dd>
                <When at={answer.since} />
              </dd>
            </div>
          )}
          <div>
            <dt>{t.answers.lastProof}</dt>
            <dd>{lastProof === undefined ? t.answers.neverProven : <When at={lastProof} ago />}</dd>
          </div>
        </dl>
      </div>
      <div className={styles.state}>
        <StateBadge state={answer.state} />
      </div>
      {answer.claims.length > 0 && (
        <details className={styles.claims}>
          <summary>
            <Icon name="right" size={15} />
            {t.answers.claims(answer.claims.length)}
          </summary>
          <ClaimList claims={answer.claims} />
        </details>
      )}
    </article>
  )
}
