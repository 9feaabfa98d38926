// Opens the dashboard in a real browser, signs in at Keycloak and looks at what a person would look at.
// node look.mjs ADDRESS LOGIN PASSWORD CHROMIUM FOLDER: prints one JSON object a line, ends with 0 when all was seen.
import { createRequire } from 'node:module'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [address, login, password, executablePath, folder] = process.argv.slice(2)
const { chromium } = createRequire(join(process.cwd(), 'package.json'))('playwright-core')

const say = (page, seen) => console.log(JSON.stringify({ page, ...seen }))
const failures = []
const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'elleve-browser-')), {
  executablePath,
  headless: true,
  viewport: { width: 1360, height: 1000 },
  locale: 'en-GB',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const page = context.pages()[0] ?? (await context.newPage())
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => failures.push(`${page.url()}: ${error.message}`))

  await page.goto(address)
  await page.waitForFunction(() => document.querySelectorAll('a[href^="/answers/"]').length >= 11)
  const answers = await page.evaluate(
    () => new Set([...document.querySelectorAll('a[href^="/answers/"]')].map((link) => link.getAttribute('href'))).size,
  )
  await page.screenshot({ path: join(folder, '1-answers.png'), fullPage: true })
  say('answers', { answers })
  if (answers !== 11) failures.push(`the public page shows ${answers} answers, not 11`)

  await page.goto(`${address}/session/login`)
  await page.fill('#username', login)
  // Where passkeys are offered, Keycloak asks for the name first and for the password on the next page.
  if (!(await page.locator('#password').isVisible())) await page.click('#kc-login')
  await page.fill('#password', password)
  await page.click('#kc-login')
  await page.waitForURL((url) => url.href.startsWith(address) && !url.pathname.startsWith('/session'))
  await page.goto(`${address}/overview`)
  await page.waitForSelector('a[href^="/breaches/"]')
  await page.waitForFunction(() => document.querySelectorAll('table').length >= 2)
  await page.screenshot({ path: join(folder, '2-overview.png'), fullPage: true })
  say('overview', {
    breaches: await page.locator('a[href^="/breaches/"]').count(),
    entries: await page.locator('table').last().locator('tbody tr').count(),
  })

  await page.locator('a[href^="/breaches/"]').first().click()
  await page.waitForURL(/\/breaches\/.+/)
  await page.waitForSelector('main h1')
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(folder, '3-breach.png'), fullPage: true })
  say('breach', { title: await page.locator('h1').first().innerText() })

  await page.goto(`${address}/audit`)
  await page.waitForSelector('tbody tr')
  await page.screenshot({ path: join(folder, '4-audit.png'), fullPage: true })
  const entries = await page.locator('tbody tr').count()
  say('audit', { entries })
  if (entries < 1) failures.push('the audit page shows no entry')

  const cookies = await context.cookies(address)
  const script = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie)
  if (/eyJ[A-Za-z0-9_-]{10,}\./.test(script)) failures.push('a token is in the reach of scripts')
  say('session', { httpOnly: cookies.some((cookie) => cookie.name === 'elleve' && cookie.httpOnly) })
} catch (error) {
  failures.push(error.message.split('\n')[0])
  await context.pages()[0]?.screenshot({ path: join(folder, 'failure.png') }).catch(() => {})
} finally {
  await context.close()
}
for (const failure of failures) say('failure', { failure })
process.exit(failures.length ? 1 : 0)
