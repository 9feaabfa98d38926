import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { open } from '../test/render'
import { as, gateway } from '../test/server'

const empty = { items: [] }

function store(role: string, status: object) {
  return gateway({
    'GET /api/me': as(role),
    'GET /api/backups/status': status,
    'GET /api/backups': empty,
    'GET /api/backups/drills': empty,
    'POST /api/backups': {},
  })
}

test('the age of the log is measured against the promise', async () => {
  store('auditor', { walAge: 'PT7S', walLimit: 'PT5M' })
  open('/backups')

  expect(await screen.findByText(/^7 secs?$/)).toBeDefined()
  expect(screen.getByText('Within the promise')).toBeDefined()
  expect(screen.getByText(/The promise is 5 minutes/)).toBeDefined()
})

test('a late log is said in words', async () => {
  store('auditor', { lastWalAt: new Date(Date.now() - 10 * 60_000).toISOString() })
  open('/backups')

  expect(await screen.findByText('Beyond the promise')).toBeDefined()
})

test('an age nobody knows is not within the promise', async () => {
  store('auditor', {})
  open('/backups')

  expect(await screen.findByText('Unknown')).toBeDefined()
  expect(screen.getByText('Beyond the promise')).toBeDefined()
})

test('a hole in the log is said before anything else', async () => {
  store('auditor', {
    walAge: 'PT7S',
    trouble: 'The vault refuses: disk full',
    gaps: [{ timeline: 1, from: '0/1000', to: '0/3000', foundAt: '2026-11-24T10:00:00Z' }],
  })
  open('/backups')

  const [trouble, gap] = await screen.findAllByRole('alert')
  expect(trouble?.textContent).toContain('The vault refuses: disk full')
  expect(gap?.textContent).toContain('0/1000 – 0/3000')
})

test('only an administrator starts backups', async () => {
  store('auditor', { walAge: 'PT7S' })
  open('/backups')
  await screen.findByText(/^7 secs?$/)

  expect(screen.queryByRole('button', { name: 'Back up now' })).toBeNull()
})

test('an administrator starts one', async () => {
  const calls = store('administrator', { walAge: 'PT7S' })
  open('/backups')

  await userEvent.click(await screen.findByRole('button', { name: 'Back up now' }))

  expect(await screen.findByText(/Started/)).toBeDefined()
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ kind: 'full' })
})
