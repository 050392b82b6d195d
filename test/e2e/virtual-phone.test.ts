// What the gateway makes of each thing that a customer can do with a virtual phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openWatch } from '../../src/simulator/watch-client.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'

const PHONE = '254712345678'
/** Prompts stay up for a minute of the test's own time. */
const AT_LEISURE = { SIMULATOR_SPEED: '1' }

async function create(bed: TestGateway): Promise<string> {
  const made = await bed.post('/v1/payments', { phone: PHONE, amount: 10, reference: 'CUP-1' })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

async function ended(bed: TestGateway, id: string): Promise<Record<string, unknown>> {
  return until('its verdict', async () => {
    const { body } = await bed.get(`/v1/payments/${id}?wait=5`)
    return body.status === 'succeeded' || body.status === 'failed' ? body : null
  })
}

/** A page that is this phone, as the browser opens it. */
function openPage(bed: TestGateway) {
  return openWatch(String(bed.gateway.simulatorUrl), `numbers=${PHONE}`)
}

async function answer(
  bed: TestGateway,
  page: Awaited<ReturnType<typeof openPage>>,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const id = await create(bed)
  const { prompt } = await page.latest('phone', (shown) => shown.prompt !== null)
  await bed.simulator('POST', `/simulator/prompts/${prompt?.id}/answer`, body)
  const payment = await ended(bed, id)
  await page.latest('phone', (shown) => shown.prompt === null)
  return payment
}

function codeOf(payment: Record<string, unknown>): unknown {
  return Object.entries(payment.result ?? {}).find(([name]) => name === 'code')?.[1]
}

test('the right PIN on the phone is a paid payment, with the receipt of its message', async () => {
  await using bed = await startTestGateway({ env: AT_LEISURE })
  await using page = await openPage(bed)
  const payment = await answer(bed, page, { action: 'pay', pin: '1234' })
  assert.equal(payment.status, 'succeeded')
  const after = await page.latest('phone', (shown) => shown.messages.length === 1)
  assert.equal(after.balanceKes, 4990)
  assert.ok(after.messages[0]?.text.startsWith(`${payment.receipt} Confirmed. Ksh10.00 sent to`))
})

test('wrong PINs, a locked one, cancelling and too little money each fail with their own code', async () => {
  await using bed = await startTestGateway({ env: AT_LEISURE })
  await using page = await openPage(bed)
  for (const [body, code] of [
    [{ action: 'pay', pin: '0000' }, '2001'],
    [{ action: 'cancel' }, '1032'],
    [{ action: 'pay', pin: '0000' }, '2001'],
    [{ action: 'pay', pin: '0000' }, '2001'],
    [{ action: 'pay', pin: '1234' }, '8006'],
  ] as const) {
    const payment = await answer(bed, page, body)
    assert.deepEqual([payment.status, codeOf(payment)], ['failed', code])
  }
  await bed.simulator('PATCH', `/simulator/phones/${PHONE}`, { unlock: true, balanceKes: 9 })
  const payment = await answer(bed, page, { action: 'pay', pin: '1234' })
  assert.deepEqual([payment.status, codeOf(payment)], ['failed', '1'])
})

test('a prompt that nobody answers, and a phone that is off, end with 1037', async () => {
  await using bed = await startTestGateway({ env: { SIMULATOR_SPEED: '100' } })
  await using page = await openPage(bed)
  const ignored = await ended(bed, await create(bed))
  assert.deepEqual([ignored.status, codeOf(ignored)], ['failed', '1037'])
  await bed.simulator('PATCH', `/simulator/phones/${PHONE}`, { isOn: false })
  const shownBefore = page.told.phone.filter((shown) => shown.prompt !== null).length
  const unreached = await ended(bed, await create(bed))
  assert.deepEqual([unreached.status, codeOf(unreached)], ['failed', '1037'])
  assert.equal(page.told.phone.filter((shown) => shown.prompt !== null).length, shownBefore)
})

test("the gateway's own pages may show the phone inside of them, and no others", async () => {
  await using bed = await startTestGateway()
  const page = await fetch(`${bed.gateway.simulatorUrl}/`, { headers: { accept: 'text/html' } })
  const { port } = new URL(bed.gateway.url)
  const policy = page.headers.get('content-security-policy') ?? ''
  const [, ancestors] = /frame-ancestors ([^;]+)/.exec(policy) ?? []
  assert.equal(ancestors, `http://127.0.0.1:${port} http://localhost:${port}`)
})
