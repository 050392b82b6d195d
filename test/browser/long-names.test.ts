// Merchants with long names, on narrow phones.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { OWNER, send } from './accounts.ts'
import { startBrowserBed } from './browser-bed.ts'
import { findOverflow } from './judge-page.ts'
import { openAccount } from './shop.ts'

const PHONE = { width: 360, height: 740 }
const LONG_NAME = 'Duka la Jumla la Mama Wanjiku na Wajukuu'

/** The header's parts that reach out of the window, by what they are called. */
async function cutOff(page: Page): Promise<string[]> {
  const buttons = page.getByRole('banner').getByRole('button').or(page.getByRole('banner').getByRole('radio'))
  const found: string[] = []
  for (const button of await buttons.filter({ visible: true }).all()) {
    const box = (await button.boundingBox()) ?? assert.fail('a button without a place')
    const isWithin = box.x >= 0 && box.x + box.width <= PHONE.width
    if (!isWithin) found.push(`${await button.getAttribute('aria-label')}: ${JSON.stringify(box)}`)
  }
  return found
}

for (const { language, account } of [
  { language: 'en', account: 'Your account' },
  { language: 'sw', account: 'Akaunti yako' },
] as const) {
  test(`the account of a merchant with a long name can be reached at 360 px, in ${language}`, async () => {
    await using bed = await startBrowserBed()
    const { owner } = await openAccount(bed)
    await bed.db.pool.query('update merchants set name = $1', [LONG_NAME])
    const { page, context, open } = await bed.visit({ ...PHONE, language, as: owner })
    // With one merchant its name is a text, with two a choice.
    for (const count of [1, 2]) {
      if (count === 2) await send(context, bed.gateway.url, '/dashboard/merchants', { name: 'Duka la Pili' })
      await open('/')
      await page.getByRole('banner').getByText(LONG_NAME).waitFor({ state: 'attached' })
      await page.getByRole('banner').getByRole('button', { name: account }).waitFor()
      assert.deepEqual(await cutOff(page), [])
      assert.deepEqual(await findOverflow(page), [])
      await page.getByRole('banner').getByRole('button', { name: account }).click()
      await page.getByText(OWNER.email).waitFor()
      await page.keyboard.press('Escape')
    }
  })
}
