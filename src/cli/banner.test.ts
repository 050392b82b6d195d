import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { systemClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { generateApiKeyText } from '../merchants/api-key-text.ts'
import { renderBanner } from './start.ts'

const PLACES = {
  url: 'http://127.0.0.1:4000',
  simulatorUrl: 'http://127.0.0.1:4001',
  metricsUrl: 'http://127.0.0.1:9464',
}

function demo() {
  const merchantId = createUuidSource(systemClock)()
  const apiKey = generateApiKeyText(false)
  const { url: baseUrl, simulatorUrl } = PLACES
  return { merchantId, apiKey, baseUrl, simulatorUrl, webhookSecret: null }
}

describe('the banner', () => {
  it('shows every address and the key, and a curl line that a shell takes as it is', async () => {
    const account = demo()
    const banner = renderBanner({ ...PLACES, signInUrl: null, demo: account })
    for (const text of [...Object.values(PLACES), account.apiKey]) assert.ok(banner.includes(text), text)
    const line = banner.split('\n').find((each) => each.startsWith('curl '))
    assert.ok(line)
    const shown = await promisify(execFile)('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${line}`])
    const args = shown.stdout.trimEnd().split('\n')
    assert.ok(args.includes('http://127.0.0.1:4000/v1/payments'))
    assert.ok(args.includes(`x-api-key: ${account.apiKey}`))
    const body = JSON.parse(args.at(-1) ?? '')
    assert.deepEqual(body, { amount: 10, phone: '254700000000', reference: 'FIRST', wait: 30 })
  })

  it('promises no payment where there is no key or no simulator', () => {
    assert.ok(!renderBanner({ ...PLACES, signInUrl: null, demo: null }).includes('curl'))
    const withoutSimulator = renderBanner({ ...PLACES, signInUrl: null, simulatorUrl: null, demo: demo() })
    assert.ok(!withoutSimulator.includes('curl') && !withoutSimulator.includes('Simulator'))
  })

  it('shows the link that signs the demo user in, where there is one', () => {
    const signInUrl = 'http://127.0.0.1:4000/sign-in#link=abc'
    const banner = renderBanner({ ...PLACES, demo: demo(), signInUrl })
    assert.ok(banner.includes(`Sign in    ${signInUrl}\n`), banner)
    assert.ok(!renderBanner({ ...PLACES, demo: demo(), signInUrl: null }).includes('Sign in'))
  })

  it('gives an address that works where the gateway listens on all of them', () => {
    assert.match(
      renderBanner({ ...PLACES, signInUrl: null, url: 'http://0.0.0.0:4000', demo: null }),
      /http:\/\/127\.0\.0\.1:4000/,
    )
    assert.match(
      renderBanner({ ...PLACES, signInUrl: null, url: 'http://[::]:4000', demo: demo() }),
      /curl -sS 'http:\/\/\[::1\]:4000\/v1\/payments' /,
    )
  })
})
