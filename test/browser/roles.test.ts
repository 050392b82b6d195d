import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OWNER, signIn } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { everyRoute } from './routes.ts'
import { openShop, type Shop } from './shop.ts'
import type { Visitor } from './visitor.ts'

const FORBIDDEN = 'Your role does not include this'
const NOBODY = { payment: 'pay_0', webhook: 'we_0', shortcode: 'sc_0', invitation: 'x' }
/** What each role may open; the rest says that it is for others. */
const MAY_OPEN: Record<string, string[]> = {
  support: ['/', '/payments', '/payments/$id', '/settings'],
  developer: everyRoute(NOBODY)
    .filter(({ isOpen, pattern }) => !isOpen && pattern !== '/team')
    .map(({ pattern }) => pattern),
}

/** Has the owner invite somebody on the team's page, and that somebody join by the link. */
async function join(bed: BrowserBed, shop: Shop, role: 'Developer' | 'Support'): Promise<Visitor> {
  const owner = await bed.visit({ as: shop.owner })
  const email = `${role.toLowerCase()}@duka.example`
  await owner.open('/team')
  await owner.page.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = owner.page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email)
  await dialog.getByRole('radio', { name: role }).check()
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  const link = await owner.page
    .getByText(/\/accept-invitation\//)
    .first()
    .innerText()
  const member = await bed.visit()
  await member.open(new URL(link.trim()).pathname)
  await member.page.getByRole('textbox', { name: 'Your name' }).fill(`Amina ${role}`)
  await member.page.getByLabel('Choose a password').fill('bread and tea at six')
  await member.page.getByRole('button', { name: 'Make the account' }).click()
  await member.page.getByRole('navigation', { name: 'Pages' }).waitFor()
  return member
}

for (const role of ['Support', 'Developer'] as const) {
  test(`${role}, invited by link, sees the pages of that role and a refusal on all others`, async () => {
    await using bed = await startBrowserBed()
    const shop = await openShop(bed)
    const member = await join(bed, shop, role)
    const { page } = member
    const may = MAY_OPEN[role.toLowerCase()] ?? []
    const found: string[] = []
    for (const route of everyRoute(shop.things)) {
      if (route.isOpen) continue
      await member.open(route.path)
      await page.getByRole('heading', { level: 1 }).or(page.getByText(FORBIDDEN)).first().waitFor()
      const isForbidden = await page.getByText(FORBIDDEN).isVisible()
      if (isForbidden === may.includes(route.pattern)) {
        found.push(`${route.pattern} is ${isForbidden ? 'forbidden' : 'open'}`)
      }
    }
    assert.deepEqual(found, [])
    const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    const inside = addresses.filter((address) => address.startsWith('/') && address !== '/docs')
    assert.deepEqual(
      inside.filter((address) => !may.includes(address)),
      [],
    )
  })
}

test('a session that was ended elsewhere leads to the sign-in, and back to the page after it', async () => {
  await using bed = await startBrowserBed()
  const shop = await openShop(bed)
  const atHome = await bed.visit({ as: shop.owner })
  const inShop = await bed.visit()
  await signIn(inShop.context, bed.gateway.url, OWNER)
  await inShop.open('/payments')
  await inShop.page.getByRole('heading', { level: 1, name: 'Payments' }).waitFor()
  await atHome.open('/settings')
  await atHome.page.getByRole('button', { name: 'Sign out all others' }).click()
  // The page that is still open is told at its next question, whatever that is.
  inShop.expectProblem(/^401 /)
  await inShop.page.waitForURL('**/sign-in?**')
  await inShop.page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email)
  await inShop.page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password)
  await inShop.page.getByRole('button', { name: 'Sign in' }).click()
  await inShop.page.waitForURL('**/payments')
})
