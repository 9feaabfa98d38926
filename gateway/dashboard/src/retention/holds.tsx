import { Button, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Problem } from '../api/problem'
import { useCommand, usePages } from '../api/queries'
import type { Hold, HoldRelease, NewHold, Rule } from '../api/types'
import { fromLocal } from '../audit/query'
import { useLanguage, useMessages } from '../i18n'
import { formatDay, formatInstant } from '../i18n/format'
import { has, tenantOf, useMe } from '../session/session'
import { Icon } from '../ui/icons'
import { Badge, Empty, LoadedList, Notice, Panel, ProblemNotice, Quiet, Section, When } from '../ui/parts'
import { isReasonWord, ReasonWord } from '../ui/reason-word'
import ui from '../ui/ui.module.css'
import { useNow } from '../ui/use-now'
import styles from './retention.module.css'
import { classes, cutoff, keptFor } from './rules'
import { TenantSelect } from './tenant-select'

const ROUTE = '/api/audit/holds'

/** What a dispute or an authority needs is kept, whatever the rules say. */
export function Holds({ rules }: { rules: Rule[] | undefined }) {
  const t = useMessages()
  const words = t.retention.holds
  const { me } = useMe()
  const tenant = tenantOf(me)
  const [placing, setPlacing] = useState(false)
  const [releasing, setReleasing] = useState<Hold>()
  const [done, setDone] = useState<string>()
  const pages = usePages<Hold>(ROUTE, { limit: 20 }, { every: 30_000 })
  const mayHold = has(me, 'administrator', 'dpo', 'tenant-admin', 'tenant-dpo')
  return (
    <Section
      title={words.title}
      aside={
        mayHold && (
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={16} />}
            onClick={() => setPlacing(true)}
          >
            {words.place}
          </Button>
        )
      }
    >
      <p className={styles.lead}>
        {words.lead} {tenant !== undefined && words.operators}
      </p>
      <div className={styles.notices}>{done !== undefined && <Notice tone="good" title={done} />}</div>
      <LoadedList pages={pages} empty={<Empty title={words.empty} detail={words.emptyDetail} />}>
        {(holds) => (
          <Panel>
            <div className={ui.scroll}>
              <table className={ui.table}>
                <thead>
                  <tr>
                    <th scope="col">{words.reason}</th>
                    <th scope="col">{words.state}</th>
                    <th scope="col">{t.retention.tenant}</th>
                    <th scope="col">{words.happened}</th>
                    <th scope="col">{words.placed}</th>
                    {mayHold && <th scope="col" aria-label={words.release} />}
                  </tr>
                </thead>
                <tbody>
                  {holds.map((hold) => (
                    <tr key={hold.id}>
                      <td className={`${ui.mono} ${styles.reason}`}>{hold.reason}</td>
                      <td>
                        <HoldState hold={hold} />
                      </td>
                      <td>{hold.tenant ?? <Quiet>{words.everybody}</Quiet>}</td>
                      <td className={styles.span}>
                        <Span hold={hold} />
                      </td>
                      <td>
                        <When at={hold.placed} />
                      </td>
                      {mayHold && (
                        <td data-end>
                          {hold.state === 'holding' && (
                            <Button
                              size="xs"
                              variant="default"
                              aria-label={words.releaseOne(hold.reason)}
                              onClick={() => setReleasing(hold)}
                            >
                              {words.release}
                            </Button>
                          )}
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )}
      </LoadedList>
      <Modal
        opened={placing}
        onClose={() => setPlacing(false)}
        title={words.place}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Place
          staff={tenant === undefined}
          cancel={() => setPlacing(false)}
          done={(reason) => {
            setPlacing(false)
            setDone(words.placedNow(reason))
          }}
        />
      </Modal>
      <Modal
        opened={releasing !== undefined}
        onClose={() => setReleasing(undefined)}
        title={releasing && words.releaseOne(releasing.reason)}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {releasing !== undefined && (
          <Release
            hold={releasing}
            rules={rules}
            cancel={() => setReleasing(undefined)}
            done={() => {
              setDone(words.releasedNow(releasing.reason))
              setReleasing(undefined)
            }}
          />
        )}
      </Modal>
    </Section>
  )
}

function HoldState({ hold }: { hold: Hold }) {
  const t = useMessages()
  return hold.state === 'holding' ? (
    <Badge tone="good" icon="lock">
      {t.retention.holds.states.holding}
    </Badge>
  ) : (
    <>
      <Badge tone="plain" icon="dash">
        {t.retention.holds.states.released}
      </Badge>
      {hold.released && (
        <span className={ui.why}>
          <When at={hold.released} />
          {hold.releaseReason && <span className={ui.mono}> {hold.releaseReason}</span>}
        </span>
      )}
    </>
  )
}

/** Which entries, by when they happened. */
function Span({ hold: { from, to } }: { hold: Hold }) {
  const t = useMessages()
  const language = useLanguage()
  const words = t.retention.holds
  if (from === undefined && to === undefined) return <Quiet>{words.always}</Quiet>
  if (to === undefined) return words.since(formatInstant(from ?? '', language))
  if (from === undefined) return words.before(formatInstant(to, language))
  return words.between(formatInstant(from, language), formatInstant(to, language))
}

function Place({
  staff,
  cancel,
  done,
}: {
  staff: boolean
  cancel: () => void
  done: (reason: string) => void
}) {
  const t = useMessages()
  const words = t.retention.holds
  const [tenant, setTenant] = useState('')
  const [reason, setReason] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [checked, setChecked] = useState(false)
  const place = useCommand<NewHold, Hold>('POST', ROUTE, [ROUTE])
  const begin = fromLocal(from)
  const end = fromLocal(to)
  const timesWrong = begin !== undefined && end !== undefined && begin >= end

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (!isReasonWord(reason) || timesWrong) return
    place.mutate(
      {
        reason,
        ...(tenant === '' ? {} : { tenant }),
        ...(begin === undefined ? {} : { from: begin }),
        ...(end === undefined ? {} : { to: end }),
      },
      { onSuccess: () => done(reason) },
    )
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <p>{words.placeLead}</p>
      <ReasonWord example={words.reasonExample} value={reason} checked={checked} change={setReason} />
      {staff && (
        <TenantSelect label={t.retention.tenant} none={words.everybody} value={tenant} change={setTenant} />
      )}
      <fieldset className={styles.times}>
        <legend>{words.times}</legend>
        <div className={styles.fields}>
          <TextInput
            type="datetime-local"
            label={t.audit.from}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t.audit.to}
            value={to}
            error={checked && timesWrong && words.timesWrong}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
          />
        </div>
      </fieldset>
      {place.isError && <ProblemNotice error={place.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={place.isPending}>
          {words.place}
        </Button>
      </div>
    </form>
  )
}

function Release({
  hold,
  rules,
  cancel,
  done,
}: {
  hold: Hold
  rules: Rule[] | undefined
  cancel: () => void
  done: () => void
}) {
  const t = useMessages()
  const words = t.retention.holds
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const release = useCommand<HoldRelease>('POST', `${ROUTE}/${encodeURIComponent(hold.id)}/release`, [ROUTE])
  const code = release.error instanceof Problem ? release.error.code : undefined
  const ended = code === 'hold-released'

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (!isReasonWord(reason)) return
    release.mutate(
      { reason },
      {
        onSuccess: done,
        // Somebody else was faster: the list behind the dialog says so, too.
        onError: (error) => {
          if (error instanceof Problem && error.status === 409) {
            void client.invalidateQueries({ queryKey: [ROUTE] })
          }
        },
      },
    )
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <dl className={ui.facts}>
        <div>
          <dt>{t.retention.tenant}</dt>
          <dd>{hold.tenant ?? words.everybody}</dd>
        </div>
        <div>
          <dt>{words.happened}</dt>
          <dd>
            <Span hold={hold} />
          </dd>
        </div>
      </dl>
      <Consequence hold={hold} rules={rules} />
      {!ended && (
        <ReasonWord example={words.releaseExample} value={reason} checked={checked} change={setReason} />
      )}
      {release.isError && <ProblemNotice error={release.error} />}
      {code === 'hold-of-the-operator' && <p>{words.notYours}</p>}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {ended ? t.close : t.cancel}
        </Button>
        {!ended && (
          <Button type="submit" loading={release.isPending}>
            {words.release}
          </Button>
        )}
      </div>
    </form>
  )
}

/** What the rules take away as soon as the hold is gone. */
function Consequence({ hold, rules }: { hold: Hold; rules: Rule[] | undefined }) {
  const t = useMessages()
  const language = useLanguage()
  const words = t.retention.holds
  const now = useNow(60_000)
  if (rules === undefined) return <p>{words.releaseLead}</p>
  const taken = classes.flatMap((entries) => {
    const { period } = keptFor(hold.tenant, entries, rules, now)
    if (period === undefined) return []
    const until = Math.min(cutoff(now, period), hold.to === undefined ? now : Date.parse(hold.to))
    // What the rule would take away, but the hold never held.
    if (hold.from !== undefined && Date.parse(hold.from) >= until) return []
    return [{ entries, until }]
  })
  const others = hold.tenant === undefined && rules.some(({ tenant }) => tenant !== undefined)
  return (
    <section className={styles.meaning} aria-label={t.retention.meaning.title}>
      <h3>{t.retention.meaning.title}</h3>
      <ul>
        {taken.length === 0 && !others && <li>{words.nothingTaken}</li>}
        {(taken.length > 0 || others) && <li>{words.releaseLead}</li>}
        {taken.map(({ entries, until }) => (
          <li key={entries}>
            <strong>{words.olderThan(t.retention.classes[entries], formatDay(until, language))}</strong>
          </li>
        ))}
        {others && <li>{words.othersRules}</li>}
        <li>{words.otherHolds}</li>
      </ul>
    </section>
  )
}
