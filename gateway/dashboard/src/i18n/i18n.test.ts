import { expect, test } from 'vitest'
import { da } from './da'
import { en } from './en'
import { formatAgo, formatBytes, formatDuration, formatSeconds, secondsOf } from './format'

function shapeOf(messages: object, prefix = ''): string[] {
  return Object.entries(messages).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? shapeOf(value, `${prefix}${name}.`)
      : [`${prefix}${name}: ${typeof value}`],
  )
}

test('Danish and English say the same things, also where the keys are open', () => {
  expect(shapeOf(da).sort()).toEqual(shapeOf(en).sort())
})

test('no text is empty', () => {
  for (const messages of [da, en]) expect(JSON.stringify(messages)).not.toContain('""')
})

test('an ISO duration is written as it was meant', () => {
  expect(formatDuration('PT26H', 'en')).toBe('26 hours')
  expect(formatDuration('P1Y', 'da')).toBe('1 år')
  expect(formatDuration('P7D', 'da')).toBe('7 dage')
  expect(formatDuration('PT4M12.4S', 'en')).toBe('4 minutes 12 seconds')
  expect(formatDuration('PT0S', 'en')).toBe('0 seconds')
  expect(formatDuration('soon', 'en')).toBe('soon')
  expect(secondsOf('PT5M')).toBe(300)
  expect(secondsOf('P')).toBeUndefined()
  expect(secondsOf('2026-11-24')).toBeUndefined()
})

test('seconds are told in the two units that matter', () => {
  expect(formatSeconds(7, 'en')).toMatch(/^7 secs?$/)
  expect(formatSeconds(200, 'en')).toMatch(/^3 mins? 20 secs?$/)
  expect(formatSeconds(7200, 'da')).toBe('2 t.')
  expect(formatSeconds(3 * 86_400 + 3600, 'en')).toBe('3 days 1 hr')
})

test('a moment ago is told in the reader’s language', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  expect(formatAgo('2026-11-24T11:48:00Z', now, 'en')).toBe('12 minutes ago')
  expect(formatAgo('2026-11-24T09:59:00Z', now, 'da')).toBe('for 2 timer siden')
  expect(formatAgo('2026-11-24T12:00:17Z', now, 'en')).toBe('now')
  expect(formatAgo('2026-11-24T12:00:17Z', now, 'da')).toBe('nu')
})

test('sizes use decimal units', () => {
  expect(formatBytes(999, 'en')).toBe('999 B')
  expect(formatBytes(41_238_811, 'da')).toBe('41,2 MB')
})
