import type { Answer, AnswerState } from '../api/types'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { answerLook } from '../ui/parts'
import styles from './answers.module.css'

const states: AnswerState[] = ['proven', 'stale', 'broken', 'unproven']

/** The eleven answers as eleven strokes: colour, outline and icon tell the state; each leads to its answer. */
export function Strokes({ answers, hrefOf }: { answers: Answer[]; hrefOf: (number: number) => string }) {
  const t = useMessages()
  const proven = answers.filter(({ state }) => state === 'proven').length
  return (
    <nav aria-label={t.answers.picture}>
      <ol className={styles.strokes}>
        {answers.map(({ number, state }) => (
          <li key={number}>
            <a href={hrefOf(number)} aria-label={t.answers.segment(number, t.state[state])}>
              <span className={styles.stroke} data-state={state}>
                <Icon name={answerLook[state].icon} size={17} />
              </span>
              {number}
            </a>
          </li>
        ))}
      </ol>
      <div className={styles.headline}>
        <strong>{t.answers.headline(proven, answers.length)}</strong>
        <ul className={styles.legend}>
          {states.map((state) => {
            const count = answers.filter((answer) => answer.state === state).length
            return count === 0 ? null : (
              <li key={state}>
                <span className={styles.swatch} data-state={state}>
                  <Icon name={answerLook[state].icon} size={12} />
                </span>
                {t.state[state]} <span className="num">{count}</span>
              </li>
            )
          })}
        </ul>
      </div>
    </nav>
  )
}
