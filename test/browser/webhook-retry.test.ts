import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'
import { startBrowserBed } from './browser-bed.ts'
import { openAccount } from './shop.ts'

test('a webhook that fails is seen with its answer, and sent again by hand', async () => {
  await using bed = await startBrowserBed()
  await using broken = await startReceiver()
  broken.answer = { status: 500 }
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page } = visitor
  await visitor.open('/webhooks')
  await page.getByRole('button', { name: 'Add endpoint' }).first().click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Address' }).fill(broken.url)
  await page.getByRole('dialog').getByRole('button', { name: 'Add endpoint' }).click()
  await page
    .getByRole('dialog')
    .getByText(/^whsec_/)
    .waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'Send test event' }).click()
  await page.getByText(/Not delivered: /).waitFor()
  assert.equal(broken.received.length, 1)
  const line = page
    .getByRole('main')
    .getByRole('button', { name: /Test.*Waiting/ })
    .first()
  await line.click()
  await page.getByText('500').first().waitFor()
  broken.answer = { status: 200 }
  await page.getByRole('region').getByRole('button', { name: 'Send again' }).first().click()
  await until('the second attempt', async () => broken.received.length === 2)
  await page
    .getByRole('main')
    .getByRole('button', { name: /Test.*Delivered/ })
    .first()
    .waitFor()
  const [first, second] = broken.received
  assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
})
