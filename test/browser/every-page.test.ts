import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { findBarriers, findOverflow } from './judge-page.ts'
import { everyRoute, findForgottenRoutes, type Route } from './routes.ts'
import { openShop, type Shop } from './shop.ts'
import { settle, type Visitor, type VisitorOptions } from './visitor.ts'

const DESK = { width: 1280, height: 800 }
const PHONE = { width: 360, height: 740 }

/** What is wrong with a page: a desk shows it by day, and a phone at night. */
async function judge(visitor: Visitor, route: Route, isNight: boolean): Promise<string[]> {
  const { page } = visitor
  await page.setViewportSize(DESK)
  await visitor.open(route.path)
  const atDesk = isNight ? [] : await findBarriers(page)
  await page.setViewportSize(PHONE)
  await settle(page)
  return [...atDesk, ...(await findOverflow(page)), ...(isNight ? await findBarriers(page) : [])]
}

/** Opens every page, each for whom it is for, and the virtual phone. */
async function judgeAll(bed: BrowserBed, shop: Shop, look: VisitorOptions): Promise<string[]> {
  const member = await bed.visit({ ...look, as: shop.owner })
  const stranger = await bed.visit(look)
  const phone = await bed.visitPhone(look)
  const places = everyRoute(shop.things).map((route) => ({
    visitor: route.isOpen ? stranger : member,
    route,
  }))
  places.push({ visitor: phone, route: { name: 'phone', pattern: '/', path: '/', isOpen: true } })
  const found: string[] = []
  for (const { visitor, route } of places) {
    const problems = await judge(visitor, route, look.theme === 'dark')
    found.push(...problems.map((text) => `${route.path}: ${text}`))
  }
  return found
}

test('no address of the dashboard is left out of these tests', async () => {
  assert.deepEqual(await findForgottenRoutes(), [])
})

for (const look of [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'sw' },
] as const) {
  test(`every page can be read by all, and on a phone, ${look.theme} and in ${look.language}`, async () => {
    await using bed = await startBrowserBed()
    const shop = await openShop(bed)
    assert.deepEqual(await judgeAll(bed, shop, look), [])
  })
}
