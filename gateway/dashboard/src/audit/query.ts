import type { AuditFlag, EntryQuery } from '../api/types'
import type { Language, Messages } from '../i18n'
import { formatDuration, formatInstant } from '../i18n/format'

/** What the entries can be filtered by, as the address and the API name it. */
export const texts = ['actor', 'kind', 'tenant', 'resource'] as const

/** Flags an entry is found by; `erased`, `expired` and `damaged` are seen only when it is opened. */
export const flags: AuditFlag[] = [
  'unattributed',
  'forged',
  'replayed',
  'erasure',
  'ddl',
  'gap',
  'mass',
  'under-grant',
  'staff',
  'system',
  'denied',
]

export const spans = ['PT1H', 'PT24H', 'PT168H', 'PT720H'] as const

/** The id of a saved search in the address; what else stands there narrows it. */
export const SAVED = 'search'

/** What the address asks for, apart from a saved search. */
export function queryOf(search: URLSearchParams): EntryQuery {
  const query: EntryQuery = {}
  for (const name of [...texts, 'flag', 'from', 'to', 'last'] as const) {
    const value = search.get(name)
    if (value !== null && value !== '') query[name] = value
  }
  if (search.get('unattributed') === 'true') query.unattributed = true
  return query
}

/** The one where it says something, the saved one where it does not; as the service puts them together. */
export function narrowed(query: EntryQuery, saved: EntryQuery | undefined): EntryQuery {
  const { from, last, ...rest } = saved ?? {}
  const begins = query.from !== undefined || query.last !== undefined
  return {
    ...rest,
    ...(begins || from === undefined ? {} : { from }),
    ...(begins || last === undefined ? {} : { last }),
    ...query,
  }
}

export const isEmpty = (query: EntryQuery): boolean => Object.keys(query).length === 0

/** What a search looks for, in the words of the filter. */
export function wordsOf(query: EntryQuery, t: Messages, language: Language): string {
  const said: string[] = []
  const labels = {
    actor: t.audit.actor,
    kind: t.audit.kind,
    tenant: t.audit.tenant,
    resource: t.audit.resource,
  }
  for (const name of texts) if (query[name] !== undefined) said.push(`${labels[name]}: ${query[name]}`)
  if (query.flag !== undefined) {
    said.push(`${t.audit.flagLabel}: ${(t.audit.flag as Record<string, string>)[query.flag] ?? query.flag}`)
  }
  if (query.unattributed === true) said.push(t.audit.unattributedOnly)
  if (query.last !== undefined) said.push(spanName(query.last, t, language))
  if (query.from !== undefined) said.push(`${t.audit.from}: ${formatInstant(query.from, language)}`)
  if (query.to !== undefined) said.push(`${t.audit.to}: ${formatInstant(query.to, language)}`)
  return said.join(' · ')
}

function spanName(span: string, t: Messages, language: Language): string {
  const known = spans.find((each) => each === span)
  return known === undefined ? `${t.audit.period}: ${formatDuration(span, language)}` : t.audit.periods[known]
}

/** An instant as an input for a local day and minute has it, and back. */
export function toLocal(instant: string | undefined): string {
  const at = new Date(instant ?? '')
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export function fromLocal(written: string): string | undefined {
  const at = new Date(written)
  return written === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
