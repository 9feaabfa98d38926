import { Button, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Link } from 'react-router'
import { isPassing, isSignedOut, Problem, Unreachable } from '../api/problem'
import { itemsOf, type Pages } from '../api/queries'
import type { AnswerState, Instant } from '../api/types'
import { type Messages, useLanguage, useMessages } from '../i18n'
import { formatAgo, formatInstant } from '../i18n/format'
import { SignInPanel } from '../session/sign-in'
import { Icon, type IconName } from './icons'
import styles from './ui.module.css'
import { useNow } from './use-now'

export type Tone = 'good' | 'warn' | 'bad' | 'plain'

export function Badge({
  tone = 'plain',
  icon,
  children,
}: {
  tone?: Tone
  icon?: IconName
  children: ReactNode
}) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {icon !== undefined && <Icon name={icon} size={15} />}
      {children}
    </span>
  )
}

export const answerLook: Record<AnswerState, { tone: Tone; icon: IconName }> = {
  proven: { tone: 'good', icon: 'check' },
  stale: { tone: 'warn', icon: 'clock' },
  broken: { tone: 'bad', icon: 'cross' },
  unproven: { tone: 'plain', icon: 'dash' },
}

export function StateBadge({ state }: { state: AnswerState }) {
  const t = useMessages()
  const look = answerLook[state]
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t.state[state]}
    </Badge>
  )
}

/** The page's heading; names the document too, and takes the focus when the reader has moved to another page. */
export function PageHead({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  const t = useMessages()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t.product}`
  }, [title, t])
  useEffect(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) heading.current?.focus()
  }, [])
  return (
    <header className={styles.head}>
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

export function Section({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.sectionHead}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export function Panel({ padded = false, children }: { padded?: boolean; children: ReactNode }) {
  return <div className={padded ? `${styles.panel} ${styles.padded}` : styles.panel}>{children}</div>
}

export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={styles.crumb ?? ''}>
      <Icon name="left" size={16} />
      {children}
    </Link>
  )
}

export function Empty({ title, detail, children }: { title: string; detail?: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <h3>{title}</h3>
      {detail !== undefined && <p>{detail}</p>}
      {children}
    </div>
  )
}

export function Notice({
  tone,
  title,
  children,
  actions,
}: {
  tone: 'good' | 'bad' | 'plain'
  title: string
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'bad' ? 'alert' : tone === 'good' ? 'check' : 'info'} size={20} />
      <div>
        <p className={styles.noticeTitle}>{title}</p>
        {children !== undefined && <div className={styles.noticeBody}>{children}</div>}
        {actions !== undefined && <div className={styles.noticeActions}>{actions}</div>}
      </div>
    </div>
  )
}

/** What went wrong, in the server's own words where it has any, and what to do now. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useMessages()
  if (isSignedOut(error)) return <SignInPanel title={t.session.needed} />
  const { title, detail, code } = describe(error, t)
  const again =
    retry !== undefined && (isPassing(error) || !(error instanceof Problem) || error.status >= 500)
  return (
    <Notice
      tone="bad"
      title={title}
      actions={
        again || code !== undefined ? (
          <>
            {again && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Icon name="refresh" size={15} />}
                onClick={retry}
              >
                {t.problem.retry}
              </Button>
            )}
            {code !== undefined && (
              <span className={styles.code} title={error instanceof Problem ? error.instance : undefined}>
                {t.problem.code}: <code>{code}</code>
              </span>
            )}
          </>
        ) : undefined
      }
    >
      {detail}
      {error instanceof Problem && error.errors.length > 0 && (
        <ul className={styles.wrongPlaces}>
          {error.errors.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>
              <code>{pointer.replace(/^\//, '')}</code>: {detail}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}

function describe(error: unknown, t: Messages): { title: string; detail: string | undefined; code?: string } {
  if (error instanceof Unreachable)
    return { title: t.problem.unreachable, detail: t.problem.unreachableDetail }
  if (!(error instanceof Problem)) return { title: t.problem.failed, detail: undefined }
  const fallback = usual(error, t)
  return {
    title: error.title ?? fallback.title,
    detail: error.detail ?? (error.title === undefined ? fallback.detail : undefined),
    code: error.code ?? `http-${error.status}`,
  }
}

function usual(error: Problem, t: Messages): { title: string; detail: string | undefined } {
  switch (error.status) {
    case 403:
      return { title: t.problem.refused, detail: t.problem.refusedDetail }
    case 404:
      return { title: t.problem.missing, detail: t.problem.missingDetail }
    case 429:
      return { title: t.problem.busy, detail: t.problem.busyDetail(error.retryAfter ?? 5) }
    case 502:
    case 503:
    case 504:
      return { title: t.problem.down, detail: t.problem.downDetail }
    default:
      return { title: t.problem.failed, detail: undefined }
  }
}

export function Waiting({ lines = 4, height = 44 }: { lines?: number; height?: number }) {
  const t = useMessages()
  return (
    <div className={styles.waiting} role="status">
      <span className="hidden">{t.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={line} height={height} radius={8} />
      ))}
    </div>
  )
}

/** A resource on screen: waiting, then the problem or the content. Content stays while a refresh fails. */
export function Loaded<T>({
  query,
  waiting,
  children,
}: {
  query: UseQueryResult<T>
  waiting?: ReactNode
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError) return <ProblemNotice error={query.error} retry={() => void query.refetch()} />
  return <>{waiting ?? <Waiting />}</>
}

/** A list on screen, read on with the server's cursor. */
export function LoadedList<T>({
  pages,
  empty,
  children,
}: {
  pages: Pages<T>
  empty: ReactNode
  children: (items: T[]) => ReactNode
}) {
  const t = useMessages()
  if (pages.data === undefined) {
    if (pages.isError) return <ProblemNotice error={pages.error} retry={() => void pages.refetch()} />
    return <Waiting />
  }
  const items = itemsOf(pages.data)
  if (items.length === 0 && !pages.hasNextPage) return <>{empty}</>
  return (
    <>
      {/* A page may be empty, and others follow: the server looks at so much for each. */}
      {items.length === 0 ? <Empty title={t.noneYet} detail={t.noneYetDetail} /> : children(items)}
      {pages.isFetchNextPageError && (
        <ProblemNotice error={pages.error} retry={() => void pages.fetchNextPage()} />
      )}
      {(pages.hasNextPage || pages.data.pages.length > 1) && (
        <div className={styles.more}>
          {pages.hasNextPage ? (
            <Button
              variant="default"
              size="xs"
              loading={pages.isFetchingNextPage}
              onClick={() => void pages.fetchNextPage()}
            >
              {t.more}
            </Button>
          ) : (
            <span>{t.allShown(items.length)}</span>
          )}
        </div>
      )}
    </>
  )
}

export function When({ at, ago = false }: { at: Instant; ago?: boolean }) {
  const language = useLanguage()
  return ago ? (
    <Ago at={at} />
  ) : (
    <time dateTime={at} className="num">
      {formatInstant(at, language)}
    </time>
  )
}

function Ago({ at }: { at: Instant }) {
  const language = useLanguage()
  const now = useNow(30_000)
  return (
    <time dateTime={at} title={formatInstant(at, language)}>
      {formatAgo(at, now, language)}
    </time>
  )
}

export function Quiet({ children }: { children: ReactNode }) {
  return <span className={styles.quiet}>{children}</span>
}
