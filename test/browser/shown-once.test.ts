// Secrets that are shown once: nobody loses one by a slip.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startReceiver } from '../support/receiver.ts'
import { startBrowserBed } from './browser-bed.ts'
import { openAccount } from './shop.ts'

const dialogOf = (page: Page) => page.getByRole('dialog')

/** The request that `press` makes is held back, while Escape is pressed and the way out is looked for. */
async function escapeMeanwhile(page: Page, url: string, press: string): Promise<void> {
  const asked = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  await page.route(
    url,
    async (route) => {
      asked.resolve()
      await released.promise
      await route.continue()
    },
    { times: 1 },
  )
  await dialogOf(page).getByRole('button', { name: press }).click()
  await asked.promise
  await dialogOf(page).getByRole('button', { name: 'Close' }).waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  released.resolve()
}

/** Tries to leave before the secret is kept; the dialog's own button then closes it. */
async function leaveTwice(page: Page, kept = 'I have kept it'): Promise<string> {
  const dialog = dialogOf(page)
  const button = dialog.getByRole('button', { name: kept })
  await button.waitFor()
  assert.equal(await dialog.getByRole('button', { name: 'Close' }).count(), 0)
  await page.keyboard.press('Escape')
  await page.mouse.click(2, 2)
  const secret = await dialog.getByRole('region').first().innerText()
  await button.click()
  await dialog.waitFor({ state: 'detached' })
  return secret.trim()
}

test('a new key is lost by no Escape, neither while it is made nor while it is shown', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const { page, open } = await bed.visit({ as: owner })
  await open('/api-keys')
  await page.getByRole('button', { name: 'New test key' }).first().click()
  await dialogOf(page).getByRole('textbox', { name: 'Name' }).fill('Shop server')
  await escapeMeanwhile(page, '**/v1/api_keys', 'Make the key')
  // Whoever listens to the page is told first that it is shown this once.
  const heading = dialogOf(page).getByRole('status').filter({ hasText: 'Shown this once' })
  await heading.and(page.locator(':focus')).waitFor()
  assert.match(await leaveTwice(page), /^sk_test_/)

  const card = page.getByRole('article', { name: 'Shop server' })
  await card.getByRole('button', { name: 'Replace' }).click()
  await escapeMeanwhile(page, '**/v1/api_keys/*/rotate', 'Make the new key')
  assert.match(await leaveTwice(page), /^sk_test_/)

  // Before anything was asked for, Escape is the way out.
  await page.getByRole('button', { name: 'New test key' }).first().click()
  await dialogOf(page).getByRole('button', { name: 'Close' }).waitFor()
  await page.keyboard.press('Escape')
  await dialogOf(page).waitFor({ state: 'detached' })
})

test('the secrets of a webhook and the link of an invitation are lost by no Escape either', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  await using receiver = await startReceiver()
  const { page, open } = await bed.visit({ as: owner })
  await open('/webhooks')
  await page.getByRole('button', { name: 'Add endpoint' }).first().click()
  await dialogOf(page).getByRole('textbox', { name: 'Address' }).fill(receiver.url)
  await escapeMeanwhile(page, '**/v1/webhook_endpoints', 'Add endpoint')
  assert.match(await leaveTwice(page), /^whsec_/)
  await page.getByRole('tab', { name: 'Secret and signature' }).click()
  await page.getByRole('button', { name: 'Replace the secret' }).click()
  await escapeMeanwhile(page, '**/rotate_secret', 'Make a new secret')
  assert.match(await leaveTwice(page), /^whsec_/)

  await open('/team')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await dialogOf(page).getByRole('textbox', { name: 'E-mail' }).fill('otieno@duka.example')
  await dialogOf(page).getByRole('button', { name: 'Make the link' }).click()
  assert.match(await leaveTwice(page, 'Done'), /\/accept-invitation\//)
})
