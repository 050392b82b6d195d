// What a developer does in the dashboard: keys, webhooks, shortcodes and the first minute.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'
import { signUp } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { openShop } from './shop.ts'
import { loseAnswer } from './visitor.ts'

/** Slow enough for whoever types a PIN. */
const UNHURRIED = { SIMULATOR_SPEED: '2' }

/** What the code block called `label` holds. */
async function codeOf(page: Page, label: string): Promise<string> {
  return (await page.getByRole('region', { name: label, exact: true }).first().innerText()).trim()
}

async function statusOf(bed: BrowserBed, key: string): Promise<number> {
  return (await bed.send('GET', '/v1/payments?limit=1', { headers: { 'x-api-key': key } })).status
}

test('a key is made, used, replaced with both working, and revoked', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const { page, open } = await bed.visit({ as: shop.owner })
  await open('/api-keys')
  await page.getByRole('button', { name: 'New test key' }).click()
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Give it a name.').waitFor()
  await page.getByRole('textbox', { name: 'Name' }).fill('Shop server')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const key = await codeOf(page, 'API key')
  assert.match(key, /^sk_test_/)
  await page.getByRole('button', { name: 'I have kept it' }).click()
  const card = page.getByRole('article', { name: 'Shop server' })
  await card.getByText('Never used').waitFor()
  assert.equal(await page.getByText(key).count(), 0)
  assert.equal(await statusOf(bed, key), 200)

  // Its own end comes before that of the overlap.
  const ends = new Date(Date.now() + 7_200_000)
  await bed.db.pool.query(`update api_keys set expires_at = $1 where name = 'Shop server'`, [ends])
  await card.getByRole('button', { name: 'Replace' }).click()
  await page.getByRole('button', { name: 'Make the new key' }).click()
  const successor = await codeOf(page, 'API key')
  const end = page.getByRole('dialog').getByRole('time')
  assert.equal(await end.getAttribute('datetime'), ends.toISOString())
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page
    .getByText(/Ends in \d\d:\d\d:\d\d/)
    .first()
    .waitFor()
  assert.deepEqual([await statusOf(bed, key), await statusOf(bed, successor)], [200, 200])

  const formerCard = card.filter({ hasText: key.slice(-4) })
  assert.equal(await formerCard.getByRole('button', { name: 'Replace' }).count(), 0)
  const newCard = card.filter({ hasText: successor.slice(-4) })
  await newCard.getByRole('button', { name: 'Revoke' }).click()
  const revoke = page.getByRole('button', { name: 'Revoke the key' })
  assert.equal(await revoke.isDisabled(), true)
  await page.getByRole('textbox', { name: 'The key’s name' }).fill('Shop server')
  await revoke.click()
  await page.getByRole('heading', { name: 'Ended keys' }).waitFor()
  await until('the end of the key', async () => (await statusOf(bed, successor)) === 401)
  assert.equal(await statusOf(bed, key), 200)
})

test('an endpoint is added, fails, says why, and is sent the event again', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  await using receiver = await startReceiver()
  receiver.answer = { status: 503 }
  const { page, open } = await bed.visit({ as: shop.owner })
  await open('/webhooks')
  await page.getByRole('button', { name: 'Add endpoint' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Address' }).fill('shop.example.org')
  await dialog.getByRole('button', { name: 'Add endpoint' }).click()
  await dialog.getByText(/That is no address/).waitFor()
  await dialog.getByRole('textbox', { name: 'Address' }).fill(receiver.url)
  await dialog.getByRole('button', { name: 'Add endpoint' }).click()
  const secret = await codeOf(page, 'Webhook secret')
  assert.match(secret, /^whsec_/)
  await page.getByRole('button', { name: 'I have kept it' }).click()

  await page.getByRole('heading', { name: receiver.url }).waitFor()
  await page.getByRole('button', { name: 'Send test event' }).click()
  await page.getByText('Not delivered: answered 503.').waitFor()
  await page.getByText('Every attempt fails').waitFor()
  receiver.answer = { status: 200 }
  const row = page.getByRole('button', { name: /webhook\.test/ })
  await row.click()
  const body = page.getByRole('region', { name: 'Body' })
  await body.getByText('"webhook.test"').waitFor()
  await page.getByRole('region', { name: 'Headers' }).getByText('webhook-signature: v1,').waitFor()
  await page.getByRole('button', { name: 'Send again', exact: true }).first().click()
  await row.getByText('Delivered').waitFor()
  await page.getByText('Healthy').waitFor()

  await page.getByRole('tab', { name: 'Secret and signature' }).click()
  await page.getByRole('button', { name: 'Show the secret' }).click()
  assert.equal(await codeOf(page, 'Webhook secret'), secret)
  await page.getByRole('button', { name: 'Replace the secret' }).click()
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByText('Two secrets sign now.').waitFor()
  await page.getByRole('button', { name: 'Send test event' }).click()
  await page.getByText(/Your server answered 200/).waitFor()
  const signatures = String(receiver.received.at(-1)?.headers['webhook-signature']).split(' ')
  assert.equal(signatures.length, 2)
})

test('a till is added with wrong credentials, mended on the spot, and paid one shilling', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const visitor = await bed.visit({ as: shop.owner })
  visitor.expectProblem(/422 POST .*\/verify$/)
  const { page, open } = visitor
  await open('/shortcodes/new')
  await page.getByRole('radio', { name: 'Till' }).click()
  await page.getByRole('textbox', { name: 'Store number' }).fill('174380')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByText('A till number has 5 to 8 digits.').waitFor()
  await page.getByRole('textbox', { name: 'Till number' }).fill('5174380')
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Fill in the simulator’s own' }).click()
  await page.getByLabel('Consumer secret').fill('of-another-app')
  await page.getByRole('button', { name: 'Add and check' }).click()
  await page.getByText('Daraja refused the consumer key or secret').waitFor()
  await page.getByLabel('Consumer secret').fill('simulator-secret')
  await page.getByRole('button', { name: 'Save and check again' }).click()
  await page.getByText('Daraja took the consumer key and secret.').waitFor()
  await page.getByRole('button', { name: 'Send KES 1' }).click()
  await page.getByText('Paid. Everything works.').waitFor()
  await page.getByRole('link', { name: 'Finish' }).click()
  await page.getByRole('heading', { name: 'Till 5174380' }).waitFor()
  await page.getByText('Credentials accepted').waitFor()
  await page.getByText('Closed: pushes are sent').waitFor()

  // A passkey that does not fit shows only in a push, which says what to mend.
  await page.getByRole('textbox', { name: 'Passkey' }).fill('of-another-number')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved, and Daraja took them.').waitFor()
  await until('the push that is refused', async () => {
    await page.getByRole('button', { name: 'Send KES 1' }).click()
    const refused = page.getByText('The number and the passkey do not fit each other').first()
    return refused.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    )
  })
})

test('a test push whose answer was lost is sent again as the same one, also without HTTPS', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const visitor = await bed.visit({ as: shop.owner })
  const { page, open } = visitor
  // Which browsers have on pages with HTTPS and of this machine alone.
  await page.addInitScript(() => Reflect.deleteProperty(Object.getPrototypeOf(crypto), 'randomUUID'))
  await open(`/shortcodes/${shop.things.shortcode}`)
  await loseAnswer(visitor, '**/v1/payments')
  const send = page.getByRole('button', { name: 'Send KES 1' })
  const testPushes = async () => Object((await bed.get('/v1/payments?reference=TEST')).body).data.length
  await send.click()
  await page.getByRole('alert').getByText('The gateway does not answer.').waitFor()
  await send.click()
  await page.getByText('Paid. Everything works.').waitFor()
  assert.equal(await testPushes(), 1)
  await send.click()
  await until('another push', async () => (await testPushes()) === 2)
})

test('the first minute ticks by itself, step by step, and survives a reload', async () => {
  await using bed = await startBrowserBed({ env: { ...UNHURRIED, SUKUMA_SIGN_UP: 'open' } })
  await openShop(bed)
  await using receiver = await startReceiver()
  const { page, context, open } = await bed.visit()
  const person = { name: 'Achieng', email: 'achieng@kiosk.example', password: 'a kiosk in Kisumu' }
  await signUp(context, bed.gateway.url, { person, merchantName: 'Kiosk' })
  await open('/start')
  await page.getByText('0 of 4 steps done').waitFor()
  await page.getByRole('button', { name: 'Make a test key' }).click()
  const key = await codeOf(page, 'API key')
  await page.getByText('1 of 4 steps done').waitFor()
  assert.match(await codeOf(page, 'Code that sends a payment (curl)'), new RegExp(key))

  await page.getByRole('textbox', { name: 'Address of your server' }).fill(receiver.url)
  await page.getByRole('button', { name: 'Add it' }).click()
  await page.getByText('Waiting for your server’s answer…').waitFor()
  const phone = page.frameLocator('iframe')
  await phone.getByText('0712 345 678').first().waitFor()
  const sent = await bed.send('POST', '/v1/payments', {
    body: JSON.stringify({ amount: 10, phone: '254712345678', reference: 'FIRST' }),
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
  })
  assert.equal(sent.status, 201, sent.text)
  await page.getByText('2 of 4 steps done').waitFor()

  await phone.getByRole('dialog').waitFor()
  const keys = phone.getByRole('group', { name: 'Keys of the phone' })
  for (const digit of '1234') await keys.getByRole('button', { name: digit }).click()
  await phone.getByRole('dialog').getByRole('button', { name: 'Send' }).first().click()
  await page.getByText('4 of 4 steps done').waitFor()
  assert.equal(receiver.received.at(-1)?.body.type, 'payment.succeeded')

  await open('/start')
  await page.getByText('4 of 4 steps done').waitFor()
  assert.equal(await page.getByText(key).count(), 0)
})

test('who supports customers is shown no keys, webhooks or shortcodes', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const { page, context, open } = await bed.visit()
  const person = { name: 'Otieno', email: 'otieno@duka.example', password: 'helps the customers' }
  const { name, email, password } = person
  const answer = await context.request.post(`${bed.gateway.url}/auth/sign-up/email`, {
    data: { name, email, password, invitation: shop.things.invitation },
    headers: { origin: bed.gateway.url },
  })
  assert.equal(answer.ok(), true, await answer.text())
  for (const path of ['/api-keys', '/webhooks', '/shortcodes', '/shortcodes/new', '/start']) {
    await open(path)
    await page.getByText('Your role does not include this').waitFor()
  }
})
