import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLanguage, useMessages } from '../i18n'
import { formatDuration } from '../i18n/format'
import ui from '../ui/ui.module.css'
import { flags, fromLocal, queryOf, SAVED, spans, texts, toLocal } from './query'

/** As wide as it is, unlike the other fields of a filter. */
const own = { 'data-own': true }

/** Everything the entries can be filtered by. What is chosen goes into the address, beside a saved search if there is one. */
export function Filters({
  search,
  apply,
}: {
  search: URLSearchParams
  apply: (chosen: Record<string, string>) => void
}) {
  const t = useMessages()
  const language = useLanguage()
  const query = queryOf(search)
  const saved = search.get(SAVED)
  const [period, setPeriod] = useState(query.last ?? (query.from || query.to ? 'between' : 'any'))
  const labels = {
    actor: t.audit.actor,
    kind: t.audit.kind,
    tenant: t.audit.tenant,
    resource: t.audit.resource,
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string): string => String(form.get(name) ?? '').trim()
    const chosen: Record<string, string> = saved === null ? {} : { [SAVED]: saved }
    for (const name of [...texts, 'flag']) if (value(name) !== '') chosen[name] = value(name)
    if (form.get('unattributed') !== null) chosen.unattributed = 'true'
    if (period === 'between') {
      const from = fromLocal(value('from'))
      const to = fromLocal(value('to'))
      if (from !== undefined) chosen.from = from
      if (to !== undefined) chosen.to = to
    } else if (period !== 'any') {
      chosen.last = period
    }
    apply(chosen)
  }

  return (
    <form className={ui.filters} onSubmit={submit} aria-label={t.audit.filter}>
      {texts.map((name) => (
        <TextInput
          key={name}
          name={name}
          label={labels[name]}
          title={name === 'resource' ? t.audit.resourceHint : undefined}
          defaultValue={query[name] ?? ''}
        />
      ))}
      <NativeSelect
        name="flag"
        label={t.audit.flagLabel}
        defaultValue={query.flag ?? ''}
        data={[
          { value: '', label: t.audit.flagAny },
          ...flags.map((flag) => ({ value: flag, label: t.audit.flag[flag] })),
        ]}
      />
      <NativeSelect
        label={t.audit.period}
        value={period}
        onChange={({ currentTarget }) => setPeriod(currentTarget.value)}
        data={[
          { value: 'any', label: t.audit.periods.any },
          ...spans.map((span) => ({ value: span as string, label: t.audit.periods[span] })),
          // An address may ask for any span.
          ...(query.last === undefined || (spans as readonly string[]).includes(query.last)
            ? []
            : [{ value: query.last, label: formatDuration(query.last, language) }]),
          { value: 'between', label: t.audit.periods.between },
        ]}
      />
      {period === 'between' && (
        <>
          <TextInput
            wrapperProps={own}
            type="datetime-local"
            name="from"
            label={t.audit.from}
            defaultValue={toLocal(query.from)}
          />
          <TextInput
            wrapperProps={own}
            type="datetime-local"
            name="to"
            label={t.audit.to}
            defaultValue={toLocal(query.to)}
          />
        </>
      )}
      <Checkbox
        wrapperProps={own}
        py={8}
        name="unattributed"
        value="true"
        label={t.audit.unattributedOnly}
        defaultChecked={query.unattributed === true}
      />
      <Button data-own type="submit" variant="default">
        {t.audit.apply}
      </Button>
      {search.size > 0 && (
        <Button data-own variant="subtle" onClick={() => apply({})}>
          {t.audit.clear}
        </Button>
      )}
    </form>
  )
}
