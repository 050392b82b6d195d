// What the copy buttons do where a browser gives pages no clipboard: on all without HTTPS.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startBrowserBed } from './browser-bed.ts'
import { openAccount } from './shop.ts'
import type { Visitor } from './visitor.ts'

/** Opens the dialog of a new key, with a name typed in, and makes it; resolves to the key that is shown. */
async function makeKey({ page, open }: Visitor): Promise<string> {
  await open('/api-keys')
  await page.getByRole('button', { name: 'New test key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Shop server')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  return (await dialog.getByRole('region', { name: 'API key' }).innerText()).trim()
}

test('without HTTPS a key is copied all the same', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  const { page } = visitor
  await page.addInitScript(() => Reflect.deleteProperty(Object.getPrototypeOf(navigator), 'clipboard'))
  const key = await makeKey(visitor)
  const copy = page.getByRole('dialog').getByRole('button', { name: 'Copy: API key' })
  await copy.click()
  await copy.and(page.locator(':focus')).waitFor()
  await page.getByRole('button', { name: 'I have kept it' }).click()
  await page.getByRole('button', { name: 'New test key' }).first().click()
  const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' })
  await name.focus()
  await page.keyboard.press('Control+V')
  assert.equal(await name.inputValue(), key)
})

for (const { language, said } of [
  { language: 'en', said: 'Could not copy: mark it and copy it by hand.' },
  { language: 'sw', said: 'Imeshindikana kunakili: chagua maandishi uyanakili mwenyewe.' },
] as const) {
  test(`what cannot be copied at all is said to be left to the reader, in ${language}`, async () => {
    await using bed = await startBrowserBed()
    const { owner } = await openAccount(bed)
    const paid = await bed.post('/v1/payments', { amount: 250, phone: '254700000000', reference: 'INV-1' })
    const { page, open } = await bed.visit({ as: owner, language })
    await page.addInitScript(() => {
      Reflect.deleteProperty(Object.getPrototypeOf(navigator), 'clipboard')
      Reflect.set(document, 'execCommand', () => false)
    })
    await open(`/payments/${paid.body.id}`)
    await page
      .getByRole('button', { name: language === 'en' ? /^Copy: / : /^Nakili: / })
      .first()
      .click()
    await page.getByText(said).waitFor()
  })
}
