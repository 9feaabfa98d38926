import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { en } from '../i18n/en'
import { open } from '../test/render'
import { as, gateway, signedOut } from '../test/server'
import { pagesFor } from './navigation'

const names = (...roles: string[]) => pagesFor(as(...roles), en).map(({ name }) => name)

test('each role sees the pages it may open', () => {
  expect(pagesFor(null, en).map(({ name }) => name)).toEqual(['Answers'])
  expect(names('dpo')).toEqual(['Overview', 'Answers', 'Breach cases', 'Audit log', 'Retention'])
  expect(names('auditor')).toEqual([
    'Overview',
    'Answers',
    'Breach cases',
    'Audit log',
    'Retention',
    'Backups',
  ])
  expect(names('administrator')).toEqual([
    'Overview',
    'Answers',
    'Breach cases',
    'Audit log',
    'Retention',
    'Backups',
    'Tenants',
  ])
  expect(names('tenant-user')).toEqual(['Answers', 'Data'])
  expect(names('tenant-admin')).toEqual([
    'Answers',
    'Breach cases',
    'Audit log',
    'Retention',
    'Data',
    'Members',
  ])
})

test('a tenant administrator’s members are those of the own tenant', () => {
  expect(pagesFor(as('tenant-admin'), en).at(-1)?.to).toBe('/tenants/nord/members')
})

test('nobody signed in sees the way in, and comes back to the page they wanted', async () => {
  gateway({ 'GET /api/me': signedOut() })
  open('/audit')

  const panel = await screen.findByRole('region', { name: 'Sign in to see this page' })
  const link = within(panel).getByRole('link', { name: 'Sign in' })
  expect(link.getAttribute('href')).toBe('/session/login')

  link.addEventListener('click', (event) => event.preventDefault())
  await userEvent.click(link)

  expect(sessionStorage.getItem('elleve.return')).toBe('/audit')
})

test('a login that began on the public page leads staff to their overview', async () => {
  sessionStorage.setItem('elleve.return', '/')
  const calls = gateway({
    'GET /api/me': as('dpo'),
    'GET /api/answers': { items: [] },
    'GET /api/breaches': { items: [] },
    'GET /api/audit/entries': { items: [] },
  })
  const router = open('/')

  expect(await screen.findByRole('heading', { name: 'Hello, Dorthe Poulsen' })).toBeDefined()
  expect(router.state.location.pathname).toBe('/overview')
  expect(await screen.findByText('No open breach cases')).toBeDefined()
  const asked = calls.find(({ path }) => path === '/api/breaches')
  expect(asked?.query.get('state')).toBe('open,assessed,decided,notified')
})

test('staff who open the public page themselves stay there', async () => {
  gateway({ 'GET /api/me': as('dpo'), 'GET /api/answers': { items: [] } })
  const router = open('/')

  expect(await screen.findByText('No answers yet')).toBeDefined()
  await screen.findByRole('navigation', { name: 'Main' })
  expect(router.state.location.pathname).toBe('/')
})

test('a locked door says kindly for whom it is', async () => {
  const calls = gateway({ 'GET /api/me': as('tenant-user') })
  open('/backups')

  expect(await screen.findByText('This page is not for your role')).toBeDefined()
  expect(screen.getByText(/Administrator, Auditor/)).toBeDefined()
  expect(calls.some(({ path }) => path.startsWith('/api/backups'))).toBe(false)
})

test('a session that ends under way leads to the sign-in', async () => {
  let signedIn = true
  gateway({
    'GET /api/me': () => (signedIn ? as('dpo') : signedOut()),
    'GET /api/breaches': () => {
      signedIn = false
      return signedOut()
    },
  })
  open('/breaches')

  expect(await screen.findByRole('region', { name: 'Sign in to see this page' })).toBeDefined()
  await waitFor(() => expect(screen.queryByRole('navigation', { name: 'Main' })).toBeNull())
})

test('an unknown address says so', async () => {
  gateway({ 'GET /api/me': signedOut() })
  open('/nowhere')

  expect(await screen.findByText('There is nothing at this address')).toBeDefined()
})

test('a login of somebody without an overview leads to their own first page', async () => {
  gateway({ 'GET /api/me': as('tenant-user'), 'GET /api/areas': { items: [] } })
  const router = open('/overview')

  expect(await screen.findByText('No processing areas yet')).toBeDefined()
  expect(router.state.location.pathname).toBe('/data')
})

test('a failed sign-in is said in words', async () => {
  gateway({ 'GET /api/me': signedOut(), 'GET /api/answers': { items: [] } })
  open('/?signin=failed')

  expect((await screen.findByRole('alert')).textContent).toContain('The sign-in did not succeed')
})
