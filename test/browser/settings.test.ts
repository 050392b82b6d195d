import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/gateway.ts'
import { signUp } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import type { Visitor } from './visitor.ts'

const CUSTOMER = '254700000000'

async function visitAsOwner(bed: BrowserBed): Promise<Visitor> {
  const visitor = await bed.visit()
  await signUp(visitor.context, bed.gateway.url, { merchantName: 'Duka la Wanjiku' })
  return visitor
}

/** Presses the button for which `name` stands in the part of the page called `section`. */
async function press(page: Page, section: string, name: string): Promise<void> {
  await page.getByRole('region', { name: section }).getByRole('button', { name, exact: true }).click()
}

test('a new name and time zone of the merchant are on every page at once, and on record', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/settings#merchant')
  await page.getByRole('textbox', { name: 'Name of the business' }).fill('Duka la Tokyo')
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Toky')
  await page.getByRole('option', { name: 'Asia/Tokyo' }).click()
  await press(page, 'Merchant', 'Save')
  await page.getByRole('banner').getByText('Duka la Tokyo').waitFor()
  await page.getByRole('link', { name: 'Audit log' }).click()
  const entry = page.getByRole('listitem').filter({ hasText: 'Changed the settings' })
  await entry.getByText('Africa/Nairobi').waitFor()
  const time = entry.locator('time')
  const iso = (await time.getAttribute('datetime')) ?? ''
  const inTokyo = new Intl.DateTimeFormat('en-KE', {
    timeZone: 'Asia/Tokyo',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(iso))
  assert.match(await time.innerText(), new RegExp(inTokyo))
})

test('a customer who asks is forgotten, but not by a slip of the finger', async () => {
  await using bed = await startBrowserBed()
  const made = await bed.post('/v1/payments', { phone: CUSTOMER, amount: 100, reference: 'INV-1' })
  const readPayment = async () => (await bed.get(`/v1/payments/${made.body.id}`)).body
  await until('the verdict', async () => (await readPayment()).status === 'succeeded')
  const { page, open } = await visitAsOwner(bed)
  await open('/settings#merchant')
  await page.getByRole('textbox', { name: 'Phone number' }).fill('0700 000 000')
  await press(page, 'Forget one customer now', 'Erase the number')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  assert.equal((await readPayment()).phone, CUSTOMER)
  await press(page, 'Forget one customer now', 'Erase the number')
  await page.getByRole('dialog').getByRole('button', { name: 'Erase the number' }).click()
  await page.getByText('Erased from 1 payment.').waitFor()
  assert.equal((await readPayment()).phone, '2547******00')
})

test('alerts go to addresses, and what is none is said before it is kept', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/settings#alerts')
  await page.getByText('Nobody gets an alert while this is empty.').waitFor()
  const recipients = page.getByRole('combobox', { name: 'Send them to' })
  await recipients.fill('wanjiku')
  await press(page, 'Alerts', 'Save')
  await page.getByText('wanjiku is not an e-mail address').waitFor()
  await recipients.press('Backspace')
  await recipients.fill('wanjiku@duka.example')
  await recipients.press('Enter')
  await page.getByRole('textbox', { name: 'Percent that fail' }).fill('40')
  await press(page, 'Alerts', 'Save')
  await page.getByText('Saved').waitFor()
  await page.reload()
  await page.getByText('wanjiku@duka.example').waitFor()
  assert.equal(await page.getByRole('textbox', { name: 'Percent that fail' }).inputValue(), '40')
})

test('a threshold can be typed anew, and one that is left empty is asked for', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/settings#alerts')
  const percent = page.getByRole('textbox', { name: 'Percent that fail' })
  await percent.fill('')
  await press(page, 'Alerts', 'Save')
  await page.getByText('From 1 to 100.').waitFor()
  assert.equal(await percent.inputValue(), '')
  await percent.pressSequentially('50')
  assert.equal(await percent.inputValue(), '50')
  const minutes = page.getByRole('textbox', { name: 'Within minutes' })
  await minutes.fill('')
  await page.getByRole('switch', { name: 'Many payments fail' }).uncheck()
  await press(page, 'Alerts', 'Save')
  await page.getByText('Saved').waitFor()
  await page.reload()
  assert.equal(await percent.inputValue(), '50')
  assert.equal(await minutes.inputValue(), '15')
})
