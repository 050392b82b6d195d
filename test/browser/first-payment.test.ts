import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { OWNER } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { openAccount } from './shop.ts'

/** Slow enough for whoever types a PIN: a prompt lives for 30 s. */
const UNHURRIED = { SIMULATOR_SPEED: '2' }
const CUSTOMER = '0712 345 678'
const PIN = '1234'

/** Sends a prompt by the form of the page that is open. */
async function sendPrompt(page: Page, { phone, amount }: { phone: string; amount: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill(phone)
  await page.getByRole('textbox', { name: 'Amount' }).fill(amount)
  await page.getByRole('textbox', { name: 'Reference' }).fill('INV-7')
  await page.getByRole('button', { name: 'Send the prompt' }).click()
}

/** Types a PIN into the virtual phone beside the form. */
async function enterPin(page: Page, pin: string): Promise<void> {
  const phone = page.frameLocator('iframe')
  await phone.getByRole('dialog').waitFor()
  for (const digit of pin) {
    await phone.getByRole('group', { name: 'Keys of the phone' }).getByRole('button', { name: digit }).click()
  }
  await phone.getByRole('dialog').getByRole('button', { name: 'Send' }).first().click()
}

async function openNewPayment(bed: BrowserBed): Promise<Page> {
  const { owner } = await openAccount(bed)
  const visitor = await bed.visit({ as: owner })
  await visitor.open('/payments/new')
  return visitor.page
}

test('whoever signs up is paid a minute later, on a phone in the same window', async (t) => {
  await using bed = await startBrowserBed({ env: UNHURRIED })
  const visitor = await bed.visit()
  const { page } = visitor
  const startedAt = performance.now()
  await visitor.open('/')
  await page.getByRole('link', { name: 'Make the first account' }).click()
  await page.getByRole('textbox', { name: 'Name of the business' }).fill('Duka la Wanjiku')
  await page.getByRole('textbox', { name: 'Your name' }).fill(OWNER.name)
  await page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email)
  await page.getByLabel('Choose a password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL('**/start')
  await page.getByRole('link', { name: 'New payment' }).first().click()
  await sendPrompt(page, { phone: CUSTOMER, amount: '250' })
  const phone = page.frameLocator('iframe')
  await phone
    .getByText(/KES 250|Kshs?\.? ?250/)
    .first()
    .waitFor()
  await enterPin(page, PIN)
  await page.getByRole('main').getByText('M-Pesa moved the money.').first().waitFor()
  t.diagnostic(`from the first page to the first payment: ${Math.round(performance.now() - startedAt)} ms`)
  // The customer has M-Pesa's message, with the receipt that the shop sees.
  const message = await phone.getByRole('log').getByRole('article').first().innerText()
  const receipt = /\b[A-Z0-9]{10}\b/.exec(message)?.[0] ?? ''
  assert.notEqual(receipt, '')
  await page.getByRole('main').getByText(receipt).first().waitFor()
  await page.getByRole('link', { name: 'Payments', exact: true }).click()
  await page.getByRole('main').getByText(receipt).first().waitFor()
})

test('a wrong PIN is no payment, and the page says so in the words for the customer', async () => {
  await using bed = await startBrowserBed({ env: UNHURRIED })
  const page = await openNewPayment(bed)
  await sendPrompt(page, { phone: CUSTOMER, amount: '250' })
  await enterPin(page, '9999')
  const main = page.getByRole('main')
  await main.getByText('Not paid', { exact: true }).waitFor()
  await main
    .getByText(/^Wrong PIN \(2001\)/)
    .first()
    .waitFor()
  await main.getByText('The M-Pesa PIN was wrong. Try again with the right PIN.').waitFor()
  await page.frameLocator('iframe').getByText('You have 2 attempts left.').waitFor()
})
