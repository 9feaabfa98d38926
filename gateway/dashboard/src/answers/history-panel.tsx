import { usePages } from '../api/queries'
import type { AnswerSpan } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatDay, formatShare } from '../i18n/format'
import { Empty, LoadedList, Panel, StateBadge, When } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { useNow } from '../ui/use-now'
import styles from './answers.module.css'
import { DAYS, provenShare, type Span, spansWithin } from './history'

export function HistoryPanel({ number }: { number: number }) {
  const t = useMessages()
  const pages = usePages<AnswerSpan>(`/api/answers/${number}/history`)
  return (
    <LoadedList pages={pages} empty={<Empty title={t.answers.historyEmpty} />}>
      {(items) => <History items={items} />}
    </LoadedList>
  )
}

function History({ items }: { items: AnswerSpan[] }) {
  const t = useMessages()
  const language = useLanguage()
  const now = useNow(60_000)
  const spans = spansWithin(items, now)
  const measured = provenShare(spans)
  return (
    <>
      {measured !== undefined && (
        <p className={styles.share}>
          {t.answers.share(formatShare(measured.share, language), measured.days)}
        </p>
      )}
      <Timeline spans={spans} now={now} />
      <div className={styles.spans}>
        <Panel>
          <div className={ui.scroll}>
            <table className={ui.table}>
              <thead>
                <tr>
                  <th scope="col">{t.answers.historyState}</th>
                  <th scope="col">{t.answers.historyFrom}</th>
                  <th scope="col">{t.answers.historyTo}</th>
                </tr>
              </thead>
              <tbody>
                {items
                  .toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since))
                  .map(({ state, since, until }, i, all) => {
                    const end = until ?? all[i - 1]?.since
                    return (
                      <tr key={since}>
                        <td>
                          <StateBadge state={state} />
                        </td>
                        <td>
                          <When at={since} />
                        </td>
                        <td>{end === undefined ? t.answers.historyNow : <When at={end} />}</td>
                      </tr>
                    )
                  })}
              </tbody>
            </table>
          </div>
        </Panel>
      </div>
    </>
  )
}

/** A year as one bar. The table below says the same in words. */
function Timeline({ spans, now }: { spans: Span[]; now: number }) {
  const t = useMessages()
  const language = useLanguage()
  const start = now - DAYS * 86_400_000
  const scale = 1000 / (now - start)
  return (
    <figure>
      <svg
        className={styles.timeline}
        viewBox="0 0 1000 50"
        preserveAspectRatio="none"
        role="img"
        aria-label={t.answers.historyPicture}
      >
        <rect className={styles.ground} width="1000" height="50" />
        {spans.map(({ state, from, to }) => (
          // A failure of minutes must still be seen in a year: nothing is drawn thinner than three units. Height
          // tells the state too, not colour alone.
          <rect
            key={from}
            data-state={state}
            x={Math.min((from - start) * scale, 997)}
            width={Math.max((to - from) * scale, 3)}
            y={inset[state]}
            height={50 - inset[state]}
          />
        ))}
      </svg>
      <figcaption className={styles.axis}>
        <span>{formatDay(start, language)}</span>
        <span>{formatDay(start + (now - start) / 2, language)}</span>
        <span>{formatDay(now, language)}</span>
      </figcaption>
    </figure>
  )
}

const inset = { proven: 0, stale: 14, broken: 28, unproven: 42 } as const
