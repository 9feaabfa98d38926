import type { Language } from './language'

const locales: Record<Language, string> = { da: 'da-DK', en: 'en-GB' }

export const localeOf = (language: Language): string => locales[language]

export function formatInstant(instant: string, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(instant),
  )
}

export function formatDay(instant: string | number, language: Language): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'medium' }).format(new Date(instant))
}

export function formatNumber(value: number | bigint, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value)
}

export function formatShare(share: number, language: Language, digits = 2): string {
  return new Intl.NumberFormat(locales[language], {
    style: 'percent',
    minimumFractionDigits: share === 1 ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(share)
}

export function formatBytes(bytes: number, language: Language): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${formatNumber(value, language, unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/**
 * "3 hours ago", in the largest unit that fits. What has happened is never told as to come: it is "now" where the
 * reader's clock, or the page's, is behind.
 */
export function formatAgo(instant: string, now: number, language: Language): string {
  const seconds = Math.min(Math.round((Date.parse(instant) - now) / 1000), 0)
  const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  )
}

const parts =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const
const sizes = [31_557_600, 2_629_800, 604_800, 86_400, 3600, 60, 1] as const

/** Seconds of an ISO 8601 duration, or undefined when it is none. */
export function secondsOf(duration: string): number | undefined {
  const found = parts.exec(duration)
  if (found === null || duration === 'P') return undefined
  return sizes.reduce((sum, size, i) => sum + size * Number(found[i + 1] ?? 0), 0)
}

/** An ISO 8601 duration as written (`PT26H` is "26 hours", not "1 day 2 hours"); the text itself when it is none. */
export function formatDuration(duration: string, language: Language): string {
  const found = parts.exec(duration)
  if (found === null) return duration
  const named = units.flatMap((unit, i) => {
    const value = Number(found[i + 1] ?? 0)
    return value === 0 ? [] : [formatUnit(unit === 'second' ? roundSeconds(value) : value, unit, language)]
  })
  return named.length === 0 ? formatUnit(0, 'second', language) : named.join(' ')
}

/** Seconds as the two largest units that matter: "2 days 4 hours", "3 min 20 s" in short form. */
export function formatSeconds(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < 60) return formatUnit(whole, 'second', language, 'short')
  if (whole < 3600) return two(whole, 60, 'minute', 'second', language)
  if (whole < 172_800) return two(Math.floor(whole / 60), 60, 'hour', 'minute', language)
  return two(Math.floor(whole / 3600), 24, 'day', 'hour', language)
}

function two(small: number, size: number, large: string, little: string, language: Language): string {
  const rest = small % size
  const first = formatUnit(Math.floor(small / size), large, language, 'short')
  return rest === 0 ? first : `${first} ${formatUnit(rest, little, language, 'short')}`
}

function formatUnit(
  value: number,
  unit: string,
  language: Language,
  display: 'long' | 'short' = 'long',
): string {
  return new Intl.NumberFormat(locales[language], { style: 'unit', unit, unitDisplay: display }).format(value)
}

const roundSeconds = (value: number): number => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value))
