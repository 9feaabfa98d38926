import { expect, test } from 'vitest'
import type { Rule } from '../api/types'
import { cutoff, inForceAfter, isLonger, keptFor, partsOf, periodOf, tenantsWithRules } from './rules'

const now = Date.parse('2026-11-24T12:00:00Z')

const rule = (
  tenant: string | undefined,
  entries: Rule['entries'],
  period: string | undefined,
  inForce: string,
): Rule => ({
  ...(tenant === undefined ? {} : { tenant }),
  entries,
  ...(period === undefined ? {} : { period }),
  inForce,
})

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

test('where nobody decided anything, everything is kept for good', () => {
  expect(keptFor('nord', 'reads', [], now)).toEqual({
    entries: 'reads',
    period: undefined,
    since: undefined,
    own: false,
    toCome: [],
  })
})

test('a rule for everybody counts for a tenant until its own is in force, and then no longer', () => {
  const everybody = rule(undefined, 'reads', 'P2Y', '2026-01-01T00:00:00Z')
  const sooner = rule(undefined, 'reads', 'P1Y', '2026-11-26T00:00:00Z')
  const later = rule(undefined, 'reads', 'P90D', '2026-11-29T00:00:00Z')
  const own = rule('nord', 'reads', 'P5Y', '2026-11-28T00:00:00Z')

  const before = keptFor('nord', 'reads', [everybody, sooner, later, own], now)
  expect(before).toMatchObject({ period: 'P2Y', own: false, toCome: [sooner, own] })

  const after = keptFor('nord', 'reads', [everybody, sooner, later, own], Date.parse('2026-11-28T00:00:00Z'))
  expect(after).toMatchObject({ period: 'P5Y', own: true, toCome: [] })
  expect(keptFor('syd', 'reads', [everybody, sooner, later, own], now).toCome).toEqual([sooner, later])
})

test('a tenant that keeps for good is not reached by the rule for everybody', () => {
  const rules = [
    rule(undefined, 'logins', 'P1Y', '2026-01-01T00:00:00Z'),
    rule('nord', 'logins', undefined, '2026-02-01T00:00:00Z'),
  ]

  expect(keptFor('nord', 'logins', rules, now)).toMatchObject({ period: undefined, own: true })
})

test('tenants are told with the classes that were decided for them', () => {
  const rules = [
    rule(undefined, 'changes', 'P9Y', '2026-01-01T00:00:00Z'),
    rule('syd', 'reads', 'P1Y', '2026-01-01T00:00:00Z'),
    rule('nord', 'logins', 'P1Y', '2026-12-01T00:00:00Z'),
    rule('nord', 'accesses', 'P1Y', '2026-01-01T00:00:00Z'),
  ]

  expect(tenantsWithRules(rules)).toEqual([
    { tenant: 'nord', entries: 'accesses' },
    { tenant: 'nord', entries: 'logins' },
    { tenant: 'syd', entries: 'reads' },
  ])
})

test('a period is a whole number of days, months or years, from 30 days to 100 years', () => {
  expect(periodOf('2', 'years', now)).toEqual({ period: 'P2Y' })
  expect(periodOf('30', 'days', now)).toEqual({ period: 'P30D' })
  expect(periodOf('29', 'days', now)).toEqual({ wrong: 'short' })
  expect(periodOf('101', 'years', now)).toEqual({ wrong: 'long' })
  for (const written of ['', '0', 'two', '1.5', '-3']) {
    expect(periodOf(written, 'years', now)).toEqual({ wrong: 'number' })
  }
})

test('a month is as short as the month it is in, as the service reckons', () => {
  expect(periodOf('1', 'months', Date.parse('2026-02-03T12:00:00Z'))).toEqual({ wrong: 'short' })
  expect(periodOf('1', 'months', now)).toEqual({ period: 'P1M' })
})

test('what was decided as one unit is offered again as it was', () => {
  expect(partsOf('P18M')).toEqual({ count: '18', unit: 'months' })
  expect(partsOf('P1Y6M')).toBeUndefined()
  expect(partsOf(undefined)).toBeUndefined()
})

test('a period comes into force after a week, and reaches back by the calendar', () => {
  expect(day(inForceAfter(now))).toBe('2026-12-01')
  expect(day(cutoff(now, 'P2Y'))).toBe('2024-11-24')
  expect(day(cutoff(Date.parse('2026-03-31T12:00:00Z'), 'P1M'))).toBe('2026-02-28')
  expect(day(cutoff(Date.parse('2028-02-29T12:00:00Z'), 'P1Y'))).toBe('2027-02-28')
  expect(day(cutoff(now, 'P1Y1M10D'))).toBe('2025-10-14')
})

test('a longer period is known whatever its unit', () => {
  expect(isLonger('P3Y', 'P24M')).toBe(true)
  expect(isLonger('P90D', 'P1Y')).toBe(false)
})
