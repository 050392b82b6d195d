// The filters of the list of payments that are amounts: typed digit by digit, with what no payment can be on
// the way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { CUSTOMERS, openAccount } from './shop.ts'

/** The rows of the list, the one with the names of the columns aside. */
const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('link') })

async function sendTwo(bed: BrowserBed): Promise<void> {
  await bed.post('/v1/payments', { phone: CUSTOMERS.pays, amount: 100, reference: 'SMALL' })
  await bed.post('/v1/payments', { phone: CUSTOMERS.pays, amount: 5_000, reference: 'LARGE' })
}

test('an amount is typed as one step back, and what no payment can be is said beside it', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  await sendTwo(bed)
  const { page, open } = await bed.visit({ as: owner })
  await open('/payments')
  await page.getByRole('button', { name: 'Filters' }).click()
  for (const name of ['Amount to', 'Amount from']) {
    const field = page.getByLabel(name, { exact: true })
    for (const wrong of ['0', '250001']) {
      await field.fill(wrong)
      await page.waitForURL((url) => url.search.includes(wrong))
      await page.getByText('From 1 to 250,000.').waitFor()
      assert.equal(await field.getAttribute('aria-invalid'), 'true')
      await rows(page).getByText('SMALL').waitFor()
      assert.equal(await page.getByRole('alert').count(), 0)
    }
    await field.fill('')
    await page.getByText('From 1 to 250,000.').waitFor({ state: 'detached' })
  }
  await page.waitForURL((url) => url.search === '')
  await page.getByLabel('Amount from').focus()
  await page.keyboard.type('1234')
  await page.getByText('SMALL').waitFor({ state: 'detached' })
  await rows(page).getByText('LARGE').waitFor()
  assert.equal(await page.getByLabel('Amount from').inputValue(), '1234')
  await page.getByLabel('Amount from').fill('12')
  await rows(page).getByText('SMALL').waitFor()
  await page.goBack()
  await page.waitForURL((url) => url.search === '')
  assert.equal(await page.getByLabel('Amount from').inputValue(), '')
})

test('an address with an amount that no payment has shows the list and says why, in Swahili', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  await sendTwo(bed)
  const { page, open } = await bed.visit({ as: owner, language: 'sw' })
  await open('/payments?min=300000')
  await page.getByText('Kuanzia 1 hadi 250,000.').waitFor()
  await rows(page).getByText('LARGE').waitFor()
  await rows(page).getByText('SMALL').waitFor()
})
