import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { readStorage } from './judge-page.ts'
import { everyRoute } from './routes.ts'
import { openShop } from './shop.ts'

/** What the pages may keep: choices, and how far down a page was read. None of them opens anything. */
const MAY_KEEP = /^(sukuma\.(color-scheme|language|merchant|mode)|tsr-scroll-restoration-v\d+_\d+)=/
const SECRET = /sk_(test|live)_|whsec_|password|token/i

async function cookiesOf(bed: BrowserBed): Promise<string[]> {
  const visitor = await bed.visit()
  const answer = await visitor.context.request.post(`${bed.gateway.url}/auth/sign-up/email`, {
    data: { name: 'W', email: 'w@duka.example', password: 'a shop in Nairobi', merchantName: 'Duka' },
    headers: { origin: bed.gateway.url },
  })
  assert.equal(answer.status(), 200)
  return answer
    .headersArray()
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .map(({ value }) => value)
}

test('the session is a cookie that no script reads and no other site sends', async () => {
  await using bed = await startBrowserBed()
  const cookies = await cookiesOf(bed)
  assert.ok(cookies.length > 0)
  for (const cookie of cookies) {
    assert.match(cookie, /; HttpOnly/i)
    assert.match(cookie, /; SameSite=(Lax|Strict)/i)
    assert.match(cookie, /; Path=\//i)
    assert.doesNotMatch(cookie, /; Domain=/i)
    assert.doesNotMatch(cookie, /; Secure/i)
  }
})

test('nothing that opens anything is kept where a script could read it', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const visitor = await bed.visit({ as: shop.owner })
  const { page } = visitor
  await visitor.open('/api-keys')
  await page.getByRole('button', { name: 'New test key' }).first().click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Shop server')
  await page.getByRole('dialog').getByRole('button', { name: 'Make the key' }).click()
  await page
    .getByRole('dialog')
    .getByText(/^sk_test_/)
    .first()
    .waitFor()
  for (const route of everyRoute(shop.things)) if (!route.isOpen) await visitor.open(route.path)
  const kept = await readStorage(page)
  assert.ok(kept.length > 0)
  assert.deepEqual(
    kept.filter((entry) => !MAY_KEEP.test(entry) || SECRET.test(entry)),
    [],
  )
  assert.equal(await page.evaluate(() => document.cookie), '')
})
