import { test } from 'node:test'
import { startBrowserBed } from './browser-bed.ts'
import { CUSTOMERS, openAccount } from './shop.ts'

/** M-Pesa is asked by query, and "paid" believed once the prompt's 60 s are over. */
const ASKED_AFTER_MS = 61_000

test('a payment whose callback was lost is settled by a question, and its page says so', async () => {
  const skipped = { ms: 0 }
  const clock = { now: () => Date.now() + skipped.ms }
  await using bed = await startBrowserBed({ clock })
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page } = visitor
  await visitor.open('/payments/new')
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill(CUSTOMERS.callbackLost)
  await page.getByRole('textbox', { name: 'Amount' }).fill('300')
  await page.getByRole('textbox', { name: 'Reference' }).fill('INV-8')
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByRole('link', { name: 'Everything about this payment' }).click()
  const main = page.getByRole('main')
  await main.getByText('Waiting for the PIN', { exact: true }).first().waitFor()
  skipped.ms = ASKED_AFTER_MS
  // Without a reload: the page hears of it by itself.
  await main.getByText('The callback was lost; M-Pesa was asked').waitFor()
  await main.getByText('Paid', { exact: true }).first().waitFor()
  await main
    .getByText(/by asking M-Pesa/)
    .first()
    .waitFor()
})
