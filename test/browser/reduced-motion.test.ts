// Visitors of these tests ask for less motion, as people do whom it makes ill.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startBrowserBed } from './browser-bed.ts'
import { openAccount } from './shop.ts'

/** A hundredth of a millisecond: it begins and has ended. */
const AT_ONCE_S = 0.000_01

test('nothing pulses or slides for who asks for less motion', async () => {
  await using bed = await startBrowserBed()
  const { owner } = await openAccount(bed)
  const { page } = await bed.visit({ as: owner })
  const released = Promise.withResolvers<void>()
  await page.route('**/v1/api_keys?*', async (route) => {
    await released.promise
    await route.continue()
  })
  await page.goto('/api-keys')
  const skeleton = page.locator('.mantine-Skeleton-root[data-visible]').first()
  await skeleton.waitFor()
  const pulse = await skeleton.evaluate((shown) => getComputedStyle(shown, '::after').animationDuration)
  assert.ok(Number.parseFloat(pulse) <= AT_ONCE_S, pulse)
  released.resolve()
  const button = page.getByRole('button', { name: 'New test key' }).first()
  const slide = await button.evaluate((shown) => getComputedStyle(shown).transitionDuration)
  assert.ok(Number.parseFloat(slide) <= AT_ONCE_S, slide)
  assert.equal(await page.locator('html').getAttribute('data-respect-reduced-motion'), 'true')
})
