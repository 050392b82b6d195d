// What alerts link to, opened on devices that show something else, or nobody is signed in to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { OWNER, send } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { type Account, openAccount } from './shop.ts'

const LIVE = 'Live: real customers, real money'
const TEST = 'Test mode: no money moves here'

/** The id of another merchant of the owner's. Theirs is the first that a device shows, in test mode. */
async function addSecond(bed: BrowserBed, { owner }: Account): Promise<string> {
  await using visitor = await bed.visit({ as: owner })
  const { url } = bed.gateway
  const made = await send(visitor.context, url, '/dashboard/merchants', { name: 'Duka la Pili' })
  return String(made.id)
}

/** Waits until the page is of that side, and names it in its address no more. */
async function waitForSide(page: Page, merchantId: string, band: string): Promise<void> {
  await page.getByRole('banner').getByText(band).waitFor()
  await page.waitForURL((url) => url.search === '')
  assert.equal(await page.getByRole('combobox', { name: 'Merchant' }).inputValue(), merchantId)
}

test('the link of a mail opens its merchant’s side, also after a sign-in, and that side stays', async () => {
  await using bed = await startBrowserBed()
  const account = await openAccount(bed)
  const second = await addSecond(bed, account)
  const paid = await bed.post('/v1/payments', { amount: 250, phone: '254700000000', reference: 'INV-1' })
  const { page, open } = await bed.visit()
  await open(`/webhooks?merchant=${second}&mode=live`)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await waitForSide(page, second, LIVE)
  assert.equal(new URL(page.url()).pathname, '/webhooks')
  await page.reload()
  await waitForSide(page, second, LIVE)

  await open(`/payments/${paid.body.id}?merchant=${account.merchantId}&mode=test`)
  await waitForSide(page, account.merchantId, TEST)
  await page.getByText('INV-1').first().waitFor()
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await page.getByText('Live', { exact: true }).click()
  await page.getByRole('banner').getByText(LIVE).waitFor()
})

test('a link of somebody else’s merchant changes nothing of what is shown', async () => {
  await using bed = await startBrowserBed()
  const account = await openAccount(bed)
  await addSecond(bed, account)
  const { page, open } = await bed.visit({ as: account.owner })
  await open(`/webhooks?merchant=mer_${'0'.repeat(32)}&mode=live`)
  await page.getByRole('banner').getByText(TEST).waitFor()
  assert.equal(await page.getByRole('combobox', { name: 'Merchant' }).inputValue(), account.merchantId)
})
