// Refusals, in the language of the page.
import { test } from 'node:test'
import { until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'
import { send } from './accounts.ts'
import { startBrowserBed } from './browser-bed.ts'
import { CUSTOMERS, openAccount, openShop, sideOf } from './shop.ts'

test('a webhook that cannot be sent again says why in Swahili', async () => {
  await using bed = await startBrowserBed()
  const { merchantId, owner } = await openAccount(bed)
  await using receiver = await startReceiver()
  const visitor = await bed.visit({ as: owner, language: 'sw' })
  const { page, context, open } = visitor
  const wish = { url: receiver.url }
  const { id } = await send(context, bed.gateway.url, '/v1/webhook_endpoints', wish, sideOf(merchantId))
  const paid = await bed.post('/v1/payments', { phone: CUSTOMERS.pays, amount: 250, reference: 'INV-1' })
  await until('the webhook', async () => receiver.received.length > 0)
  await open(`/payments/${paid.body.id}`)
  const body = JSON.stringify({ status: 'disabled' })
  await bed.send('PATCH', `/v1/webhook_endpoints/${id}`, {
    body,
    headers: { 'content-type': 'application/json' },
  })
  visitor.expectProblem(/^409 POST .*\/retry$/)
  await page.getByRole('button', { name: 'Tuma tena' }).first().click()
  await page.getByText('Webhook imezimwa. Iwashe kwanza.').waitFor()
})

test('who may not open a page reads in Swahili as whom', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const { page, context, open } = await bed.visit({ language: 'sw' })
  const person = { name: 'Otieno', email: 'otieno@duka.example', password: 'helps the customers' }
  const { invitation } = shop.things
  await send(context, bed.gateway.url, '/auth/sign-up/email', { ...person, invitation })
  await open('/api-keys')
  await page.getByText('Uko hapa kama Huduma kwa wateja.').waitFor()
})
