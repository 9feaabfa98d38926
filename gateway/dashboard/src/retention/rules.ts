import type { Duration, EntryClass, Instant, Rule } from '../api/types'
import { secondsOf } from '../i18n/format'

export const RULES = '/api/audit/retention'

export const classes: EntryClass[] = ['changes', 'accesses', 'reads', 'logins']

/** So long a rule is seen before it takes anything away; the service reckons the same. */
const NOTICE_DAYS = 7

const LEAST_DAYS = 30

/** Longer than any law asks for, and short enough for every calendar. */
const MOST_YEARS = 100

/** How long what the entries of a class say is kept: no period is for good. */
export type Kept = {
  entries: EntryClass
  period: Duration | undefined
  /** Absent where nobody ever decided. */
  since: Instant | undefined
  /** Whether it was decided for this tenant, and not for everybody. */
  own: boolean
  toCome: Rule[]
}

/**
 * What counts for a tenant, or for everybody who has no rule of their own. The rules come oldest first, and one that is
 * not in force yet may have come into force since they were asked for.
 */
export function keptFor(tenant: string | undefined, entries: EntryClass, rules: Rule[], now: number): Kept {
  const own = rules.filter((rule) => rule.entries === entries && rule.tenant === tenant)
  const counting = own.findLast((rule) => isInForce(rule, now))
  if (tenant !== undefined && counting === undefined) {
    const everybody = keptFor(undefined, entries, rules, now)
    // Once the own rule is in force, nothing that is decided for everybody counts any more.
    const begins = own[0]?.inForce
    const before = everybody.toCome.filter(
      ({ inForce }) => begins === undefined || Date.parse(inForce) < Date.parse(begins),
    )
    return { ...everybody, own: false, toCome: [...before, ...own] }
  }
  return {
    entries,
    period: counting?.period,
    since: counting?.inForce,
    own: tenant !== undefined,
    toCome: own.filter((rule) => !isInForce(rule, now)),
  }
}

const isInForce = ({ inForce }: Rule, now: number): boolean => Date.parse(inForce) <= now

/** Tenants about which something was decided, each with the classes it was decided for. */
export function tenantsWithRules(rules: Rule[]): { tenant: string; entries: EntryClass }[] {
  const tenants = [...new Set(rules.flatMap(({ tenant }) => tenant ?? []))].sort()
  return tenants.flatMap((tenant) =>
    classes
      .filter((each) => rules.some((rule) => rule.tenant === tenant && rule.entries === each))
      .map((entries) => ({ tenant, entries })),
  )
}

export const units = ['days', 'months', 'years'] as const

export type Unit = (typeof units)[number]

const letters: Record<Unit, string> = { days: 'D', months: 'M', years: 'Y' }

/** The period of so many days, months or years, or why there is none. */
export function periodOf(
  count: string,
  unit: Unit,
  now: number,
): { period: Duration } | { wrong: 'number' | 'short' | 'long' } {
  const number = Number(count)
  if (!/^\d{1,5}$/.test(count.trim()) || number === 0) return { wrong: 'number' }
  const period = `P${number}${letters[unit]}`
  if (shifted(now, period, 1) < shifted(now, `P${LEAST_DAYS}D`, 1)) return { wrong: 'short' }
  if (shifted(now, period, 1) > shifted(now, `P${MOST_YEARS}Y`, 1)) return { wrong: 'long' }
  return { period }
}

/** A period of one unit as the form has it; any other has to be written anew. */
export function partsOf(period: Duration | undefined): { count: string; unit: Unit } | undefined {
  const found = /^P(\d+)([DMY])$/.exec(period ?? '')
  const unit = units.find((each) => letters[each] === found?.[2])
  return found?.[1] === undefined || unit === undefined ? undefined : { count: found[1], unit }
}

/** When a period that is decided now comes into force. */
export const inForceAfter = (now: number): number => shifted(now, `P${NOTICE_DAYS}D`, 1)

/** What happened before this is older than the period. */
export const cutoff = (at: number, period: Duration): number => shifted(at, period, -1)

export const isLonger = (one: Duration, other: Duration): boolean =>
  (secondsOf(one) ?? 0) > (secondsOf(other) ?? 0)

/** By the calendar and in UTC, as the service reckons: a month later than the 31st is the last day of the next month. */
function shifted(at: number, period: Duration, sign: 1 | -1): number {
  const [, years, months, days] = /^P(?:(-?\d+)Y)?(?:(-?\d+)M)?(?:(-?\d+)D)?$/.exec(period) ?? []
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + sign * (Number(years ?? 0) * 12 + Number(months ?? 0)))
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime() + sign * Number(days ?? 0) * 86_400_000
}
