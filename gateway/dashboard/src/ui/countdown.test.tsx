import { MantineProvider } from '@mantine/core'
import { act, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { Countdown } from './countdown'

const discovered = '2026-11-21T12:00:00Z'
const deadline = '2026-11-24T12:00:00Z'

function at(now: string) {
  vi.useFakeTimers({ now: Date.parse(now) })
  render(
    <MantineProvider>
      <Countdown start={discovered} deadline={deadline} />
    </MantineProvider>,
  )
  return screen.getByRole('timer')
}

test('the clock runs down by itself', () => {
  const clock = at('2026-11-24T11:58:50Z')
  expect(clock.textContent).toContain('1 min 10 secs left')

  act(() => vi.advanceTimersByTime(12_000))

  expect(clock.textContent).toContain('58 secs left')
})

test('the last day is a warning', () => {
  const clock = at('2026-11-23T11:59:59Z')
  expect(clock.dataset.tone).toBe('plain')

  act(() => vi.advanceTimersByTime(2000))

  expect(clock.dataset.tone).toBe('warn')
})

test('a missed deadline is said in words and keeps counting', () => {
  const clock = at('2026-11-24T11:59:59Z')

  act(() => vi.advanceTimersByTime(61_000))

  expect(clock.dataset.tone).toBe('bad')
  expect(clock.textContent).toContain('1 min overdue')
})
