// What a page has read stays on it when reading it anew fails, and so does all that stands beside it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startBrowserBed } from './browser-bed.ts'
import { CUSTOMERS, openAccount, openShop } from './shop.ts'
import { loseAnswer, settle, type Visitor } from './visitor.ts'

/** As a gateway refuses that is asked too often: no page tries again at once. */
const BUSY = { status: 429, json: { code: 'too_many_requests', detail: 'Too many requests.' } }

/** From now on reading `path` fails; what comes resolves when the page knows. */
async function failReading(visitor: Visitor, path: string): Promise<() => Promise<void>> {
  const { page } = visitor
  visitor.expectProblem(/^429 GET /)
  const isRead = (url: URL) => url.pathname === path
  await page.route(isRead, (route) =>
    route.request().method() === 'GET' ? route.fulfill(BUSY) : route.fallback(),
  )
  const failed = page.waitForResponse(
    (answer) => isRead(new URL(answer.url())) && answer.status() === BUSY.status,
  )
  return async () => {
    await (await failed).finished()
    await settle(page)
  }
}

/** As somebody does who looks at another window for a while, so that what was read is old. */
async function comeBack(page: Page): Promise<void> {
  await page.clock.fastForward('00:30')
  await page.locator('html').dispatchEvent('visibilitychange')
}

const codeOf = (page: Page, label: string) =>
  page.getByRole('region', { name: label, exact: true }).first().innerText()

test('a payment whose answer was lost is the same one after its page could not be read anew', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  await page.clock.install()
  await open('/payments/new')
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill(CUSTOMERS.pays)
  await page.getByLabel('Reference').fill('LOST')
  await loseAnswer(visitor, '**/v1/payments')
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByText('It is not known whether the prompt was sent').waitFor()
  const failed = await failReading(visitor, '/v1/shortcodes')
  await comeBack(page)
  await failed()
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor()
  const { body } = await bed.get('/v1/payments?reference=LOST')
  assert.equal(Object(body).data.length, 1)
})

test('a key that was just replaced is shown though the list of keys could not be read', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  await open('/api-keys')
  await page.getByRole('button', { name: 'Replace' }).first().click()
  const failed = await failReading(visitor, '/v1/api_keys')
  await page.getByRole('button', { name: 'Make the new key' }).click()
  await failed()
  assert.match(await codeOf(page, 'API key'), /^sk_test_/)
})

test('a key that was made in the first minute stays while its page cannot be read', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  await open('/start')
  await page.getByRole('button', { name: 'Make another key' }).click()
  const key = await codeOf(page, 'API key')
  const failed = await failReading(visitor, '/v1/webhook_deliveries')
  await failed()
  assert.equal(await codeOf(page, 'API key'), key)
})

test('what is being written about an endpoint stays while the endpoint cannot be read', async () => {
  await using bed = await startBrowserBed()
  const { owner, things } = await openShop(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  await open(`/webhooks/${things.webhook}`)
  await page.getByRole('tab', { name: 'Settings' }).click()
  const description = page.getByRole('textbox', { name: /^Description/ })
  await description.fill('The till at the door')
  const failed = await failReading(visitor, `/v1/webhook_endpoints/${things.webhook}`)
  await failed()
  assert.equal(await description.inputValue(), 'The till at the door')
})

test('an overview without its latest payments says so, and not that there are none', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  const failed = await failReading(visitor, '/v1/payments')
  await open('/')
  await failed()
  const latest = page.getByRole('region', { name: 'Latest payments' })
  await latest.getByText('This could not be loaded').waitFor()
  assert.equal(await page.getByText('None yet.').count(), 0)
  await page.unrouteAll()
  await latest.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Your first payment is a minute away').waitFor()
})

test('deliveries that were shown further down are not read again while they are looked at', async () => {
  await using bed = await startBrowserBed()
  const { owner, things } = await openShop(bed)
  const visitor = await bed.visit({ as: owner })
  const { page, open } = visitor
  const { body } = await bed.get('/v1/webhook_deliveries?limit=1')
  const [one] = Object(body).data
  const asked: string[] = []
  await page.route('**/v1/webhook_deliveries?*', (route) => {
    const query = new URL(route.request().url()).searchParams
    const place = query.get('status') ?? query.get('cursor') ?? 'first'
    asked.push(place)
    const next = place === 'first' ? 'further' : null
    const data = [{ ...one, id: `${one.id}${place}` }]
    return route.fulfill({ json: { data, has_more: next !== null, next_cursor: next } })
  })
  await page.clock.install()
  await open(`/webhooks/${things.webhook}`)
  const lines = page.getByRole('main').getByRole('button', { name: new RegExp(one.event_type) })
  await lines.first().waitFor()
  await page.getByRole('button', { name: 'Show more' }).click()
  await lines.nth(1).waitFor()
  const before = asked.length
  await page.clock.fastForward('00:30')
  await page.getByLabel('Status').selectOption('failed')
  await lines.nth(1).waitFor({ state: 'detached' })
  assert.deepEqual(asked.slice(before), ['failed'])
})
