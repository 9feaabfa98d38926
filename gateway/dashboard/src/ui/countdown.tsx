import type { Instant } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatInstant, formatSeconds } from '../i18n/format'
import { Icon } from './icons'
import styles from './ui.module.css'
import { useNow } from './use-now'

const WARN_BELOW = 24 * 3600

/** Time left until a deadline, as words and as a bar that empties from `start` to `deadline`. */
export function Countdown({ start, deadline }: { start: Instant; deadline: Instant }) {
  const t = useMessages()
  const language = useLanguage()
  const now = useNow(1000)
  const left = (Date.parse(deadline) - now) / 1000
  const whole = (Date.parse(deadline) - Date.parse(start)) / 1000
  const share = whole > 0 ? Math.min(1, Math.max(0, left / whole)) : 0
  const tone = left < 0 ? 'bad' : left < WARN_BELOW ? 'warn' : 'plain'
  return (
    <span className={styles.clock} data-tone={tone} role="timer" aria-label={t.breaches.clockLabel}>
      <span className={styles.clockText}>
        {tone === 'bad' && <Icon name="alert" size={15} />} {formatSeconds(Math.abs(left), language)}{' '}
        {left < 0 ? t.breaches.overdue : t.breaches.left}
      </span>
      <svg className={styles.clockBar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(left < 0 ? 1 : share) * 100} height="4" />
      </svg>
      <time className={styles.clockDue} dateTime={deadline}>
        {t.breaches.dueAt(formatInstant(deadline, language))}
      </time>
    </span>
  )
}
