// Asks a running platform, on which the demo was told, what the dashboard relies on:
//   node pact/verify.mjs --gateway http://127.0.0.1:8080 --issuer http://127.0.0.1:8081/realms/elleve
// Ends with 0 when every answer is as agreed. The demo users exist in the local profile only.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

process.env.PACT_DO_NOT_TRACK = 'true'
const { Verifier } = await import('@pact-foundation/pact')

const { values } = parseArgs({
  options: { gateway: { type: 'string' }, issuer: { type: 'string' } },
})
if (!values.gateway || !values.issuer) {
  console.error('usage: node pact/verify.mjs --gateway URL --issuer URL')
  process.exit(2)
}

const users = ['administrator', 'dpo', 'auditor', 'nord-admin', 'nord-user']
let token = ''

async function signIn(user) {
  const answer = await fetch(`${values.issuer}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'elleve-cli',
      scope: 'openid',
      username: user,
      password: 'elleve',
    }),
  })
  if (!answer.ok) throw new Error(`Keycloak gives ${user} no token: ${answer.status}`)
  return (await answer.json()).access_token
}

/** A case that the demo left. */
async function aCase() {
  const answer = await fetch(`${values.gateway}/api/breaches?limit=1`, {
    headers: { Authorization: `Bearer ${await signIn('dpo')}` },
  })
  const [first] = (await answer.json()).items ?? []
  if (!first) throw new Error('There is no breach case: tell the demo first, ./elleve demo')
  return { breach: first.id }
}

try {
  await new Verifier({
    provider: 'gateway',
    providerBaseUrl: values.gateway,
    pactUrls: [join(dirname(fileURLToPath(import.meta.url)), 'dashboard-gateway.json')],
    logLevel: 'warn',
    stateHandlers: {
      'the demo was told': aCase,
      'signed out': async () => {
        token = ''
      },
      ...Object.fromEntries(
        users.map((user) => [
          `signed in as ${user}`,
          async () => {
            token = await signIn(user)
          },
        ]),
      ),
    },
    requestFilter: (request, _response, next) => {
      if (token) request.headers.authorization = `Bearer ${token}`
      next()
    },
  }).verifyProvider()
} catch (failed) {
  console.error(failed.message)
  process.exit(1)
}
