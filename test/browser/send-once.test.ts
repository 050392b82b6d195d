// A payment is sent once: what the page says and does when it cannot know whether it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startBrowserBed } from './browser-bed.ts'
import { visitAsOwner } from './counter.ts'
import { loseAnswer } from './visitor.ts'

const PAYMENTS = '**/v1/payments'
const UNSURE = 'It is not known whether the prompt was sent'
const NOT_SENT = 'The prompt was not sent'
const HTML = { contentType: 'text/html', body: '<html><body>Bad gateway</body></html>' }
/** What a proxy, or a line that breaks, makes of an answer of the gateway. */
const SPOILT = {
  'BY-PROXY': { status: 502, ...HTML },
  'BY-CDN': { status: 520, ...HTML },
  'BY-OTHER-503': { status: 503, ...HTML },
  'CUT-OFF': { status: 201, contentType: 'application/json', body: '{"object":"payment","id":"pay_' },
  'NO-JSON': { status: 200, ...HTML },
} as const

/** A refusal of the gateway's own. */
const refusal = (status: number, code: string) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ status, code, detail: `Refused: ${code}.` }),
})

async function fillIn(page: Page, { reference, amount }: { reference: string; amount: string }) {
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill('0700 000 000')
  await page.getByLabel('Amount').fill(amount)
  await page.getByLabel('Reference').fill(reference)
}

const send = (page: Page) => page.getByRole('button', { name: 'Send the prompt' }).click()

test('an answer that is not the gateway’s leaves open whether the phone was prompted', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  visitor.expectProblem(/^5\d\d POST .*\/v1\/payments$/)
  await open('/payments/new')
  for (const [reference, answer] of Object.entries(SPOILT)) {
    await fillIn(page, { reference, amount: '10' })
    await page.route(
      PAYMENTS,
      async (route) => {
        await route.fetch()
        await route.fulfill(answer)
      },
      { times: 1 },
    )
    await send(page)
    await page.getByText(UNSURE).waitFor()
    await send(page)
    await page.getByRole('status').getByText('Paid', { exact: true }).waitFor()
    const { body } = await bed.get(`/v1/payments?reference=${reference}`)
    assert.equal(Object(body).data.length, 1, reference)
    await page.getByRole('button', { name: 'Another payment' }).click()
  }
})

test('what the gateway itself refuses was not sent', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  visitor.expectProblem(/^(4\d\d|503) POST .*\/v1\/payments$/)
  await open('/payments/new')
  await fillIn(page, { reference: 'REFUSED', amount: '10' })
  for (const answer of [refusal(422, 'no_shortcode'), refusal(503, 'mpesa_unavailable')]) {
    await page.route(PAYMENTS, (route) => route.fulfill(answer), { times: 1 })
    await send(page)
    await page.getByText(JSON.parse(answer.body).detail).waitFor()
    await page.getByText(NOT_SENT).waitFor()
  }
})

test('an order whose answer was lost is the same one after another order and a refusal', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  visitor.expectProblem(/^4\d\d POST .*\/v1\/payments$/)
  const refuseNext = () =>
    page.route(PAYMENTS, (route) => route.fulfill(refusal(429, 'rate_limited')), { times: 1 })
  await open('/payments/new')
  await fillIn(page, { reference: 'LOST', amount: '10' })
  await loseAnswer(visitor, PAYMENTS)
  await send(page)
  await page.getByText(UNSURE).waitFor()
  await page.getByLabel('Amount').fill('20')
  await refuseNext()
  await send(page)
  await page.getByText(NOT_SENT).waitFor()
  await page.getByLabel('Amount').fill('10')
  await refuseNext()
  await send(page)
  await page.getByText(UNSURE).waitFor()
  await send(page)
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor()
  const { body } = await bed.get('/v1/payments?reference=LOST')
  assert.equal(Object(body).data.length, 1)
})
