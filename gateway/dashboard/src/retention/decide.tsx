import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../api/queries'
import type { EntryClass, NewRule, Rule } from '../api/types'
import { useLanguage, useMessages } from '../i18n'
import { formatDay, formatDuration } from '../i18n/format'
import { ProblemNotice } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { useNow } from '../ui/use-now'
import styles from './retention.module.css'
import {
  classes,
  cutoff,
  inForceAfter,
  isLonger,
  keptFor,
  partsOf,
  periodOf,
  RULES,
  tenantsWithRules,
  type Unit,
  units,
} from './rules'
import { TenantSelect } from './tenant-select'

/** Whose entries, and which; no tenant is everybody who has no rule of their own. */
export type Subject = { tenant: string | undefined; entries: EntryClass } | 'any-tenant'

const FOR_GOOD = 'for-good'

export function Decide({
  subject,
  rules,
  cancel,
  done,
}: {
  subject: Subject
  rules: Rule[]
  cancel: () => void
  done: (rule: Rule | undefined) => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const now = useNow(60_000)
  const chosen = subject === 'any-tenant' ? undefined : subject
  const [tenant, setTenant] = useState(chosen?.tenant ?? '')
  const [entries, setEntries] = useState<EntryClass>(chosen?.entries ?? 'changes')
  const kept = keptFor(tenant === '' ? undefined : tenant, entries, rules, now)
  const begin = chosen && partsOf(kept.period)
  const [unit, setUnit] = useState<Unit | typeof FOR_GOOD>(begin?.unit ?? FOR_GOOD)
  const [count, setCount] = useState(begin?.count ?? '')
  const [understood, setUnderstood] = useState(false)
  const [checked, setChecked] = useState(false)
  const route = `${RULES}/${entries}${tenant === '' ? '' : `?tenant=${encodeURIComponent(tenant)}`}`
  const decide = useCommand<NewRule, Rule>('PUT', route, [RULES])
  const tenantMissing = subject === 'any-tenant' && tenant === ''
  const asked = unit === FOR_GOOD ? undefined : periodOf(count, unit, now)
  const wrong = asked !== undefined && 'wrong' in asked ? asked.wrong : undefined
  const period = asked !== undefined && 'period' in asked ? asked.period : undefined
  const unconfirmed = unit !== FOR_GOOD && !understood

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (tenantMissing || wrong !== undefined || unconfirmed) return
    decide.mutate(period === undefined ? {} : { period }, { onSuccess: done })
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      {subject === 'any-tenant' && (
        <div className={styles.fields}>
          <TenantSelect
            label={t.retention.tenant}
            none={t.retention.choose}
            value={tenant}
            change={setTenant}
            error={checked && tenantMissing && t.retention.tenantMissing}
          />
          <NativeSelect
            label={t.retention.entries}
            value={entries}
            data={classes.map((each) => ({ value: each, label: t.retention.classes[each] }))}
            onChange={({ currentTarget }) => {
              const next = classes.find((each) => each === currentTarget.value)
              if (next !== undefined) setEntries(next)
            }}
          />
        </div>
      )}
      {!tenantMissing && (
        <p>
          {tenant === '' ? t.retention.everybody : tenant}.{' '}
          {t.retention.now(
            kept.period === undefined ? t.retention.forGood : formatDuration(kept.period, language),
          )}
        </p>
      )}
      <div className={styles.fields}>
        <NativeSelect
          label={t.retention.keep}
          value={unit}
          data-autofocus
          data={[
            { value: FOR_GOOD, label: t.retention.forGood },
            ...units.map((each) => ({ value: each as string, label: t.retention.units[each] })),
          ]}
          onChange={({ currentTarget }) =>
            setUnit(units.find((each) => each === currentTarget.value) ?? FOR_GOOD)
          }
        />
        {unit !== FOR_GOOD && (
          <TextInput
            label={t.retention.howMany}
            inputMode="numeric"
            value={count}
            required
            error={checked && wrong !== undefined && t.retention.wrong[wrong]}
            onChange={({ currentTarget }) => setCount(currentTarget.value)}
          />
        )}
      </div>
      {(unit === FOR_GOOD || period !== undefined) && !tenantMissing && (
        <Meaning tenant={tenant} entries={entries} period={period} rules={rules} now={now} />
      )}
      {unit !== FOR_GOOD && (
        <Checkbox
          label={t.retention.understood}
          checked={understood}
          classNames={{ error: styles.besideBox ?? '' }}
          error={checked && unconfirmed && t.retention.understoodMissing}
          onChange={({ currentTarget }) => setUnderstood(currentTarget.checked)}
        />
      )}
      {decide.isError && <ProblemNotice error={decide.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={decide.isPending}>
          {t.retention.decide}
        </Button>
      </div>
    </form>
  )
}

/** What comes of a decision, told before it is made: what nobody can read from when on, and what stays. */
function Meaning({
  tenant,
  entries,
  period,
  rules,
  now,
}: {
  tenant: string
  entries: EntryClass
  period: string | undefined
  rules: Rule[]
  now: number
}) {
  const t = useMessages()
  const language = useLanguage()
  const words = t.retention.meaning
  const name = t.retention.classes[entries]
  const kept = keptFor(tenant === '' ? undefined : tenant, entries, rules, now)
  const begins = inForceAfter(now)
  const others = tenantsWithRules(rules).filter((each) => each.entries === entries)
  return (
    <section className={styles.meaning} aria-label={words.title}>
      <h3>{words.title}</h3>
      <ul>
        {period === undefined ? (
          <li>{words.forGood}</li>
        ) : (
          <>
            <li>
              <strong>
                {words.unreadable(
                  name,
                  formatDay(begins, language),
                  formatDay(cutoff(begins, period), language),
                )}
              </strong>{' '}
              {words.goesOn(formatDuration(period, language))}
            </li>
            {kept.period !== undefined && isLonger(period, kept.period) && (
              <li>{words.until(formatDuration(kept.period, language), formatDay(begins, language))}</li>
            )}
            <li>{words.takeBack(formatDay(begins, language))}</li>
          </>
        )}
        {tenant !== '' && !kept.own && <li>{words.own(tenant)}</li>}
        {tenant === '' && (
          <li>
            {others.length === 0
              ? words.everybody
              : words.everybodyBut(others.map((each) => each.tenant).join(', '))}
          </li>
        )}
        <li>{words.stays}</li>
      </ul>
    </section>
  )
}
