// Times are the merchant's, wherever the device is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReceiver } from '../support/receiver.ts'
import { send } from './accounts.ts'
import { startBrowserBed } from './browser-bed.ts'
import { openAccount, sideOf } from './shop.ts'

test('webhooks are sent again since a time by the merchant’s clock, which the form names', async () => {
  await using bed = await startBrowserBed()
  const { merchantId, owner } = await openAccount(bed)
  await using receiver = await startReceiver()
  const { page, context, open } = await bed.visit({ as: owner, timeZone: 'UTC' })
  const wish = { url: receiver.url }
  const made = await send(context, bed.gateway.url, '/v1/webhook_endpoints', wish, sideOf(merchantId))
  await open(`/webhooks/${made.id}`)
  await page.getByText('By the clock of Africa/Nairobi').waitFor()
  await page.getByLabel('Send again since').fill('2026-03-21T14:30')
  const sent = page.waitForRequest('**/replay')
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  assert.deepEqual((await sent).postDataJSON(), { since: '2026-03-21T11:30:00.000Z' })
  await page.getByText('0 events are sent again.').waitFor()
})
