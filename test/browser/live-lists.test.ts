// Lists that are live: what the stream tells stays told, whatever is being read at that moment.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import {
  AT_LEISURE,
  isPaymentList,
  prompted,
  push,
  rows,
  settled,
  streamPosition,
  visitAsOwner,
} from './counter.ts'
import { CUSTOMERS } from './shop.ts'

const STREAM = '**/v1/payments/stream'
const PAGE_ROWS = 50
const MANY = 201

/** Holds the answer of the next reading that `isHeld`, as it is now, until it is let go. */
async function holdReading(page: Page, isHeld: (url: URL) => boolean) {
  const taken = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  await page.route(
    isHeld,
    async (route) => {
      const response = await route.fetch()
      taken.resolve()
      await released.promise
      // The page may have given it up meanwhile.
      await route.fulfill({ response }).catch(() => undefined)
    },
    { times: 1 },
  )
  return { taken: taken.promise, release: () => released.resolve() }
}

test('what is paid while further payments are read stays paid', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await visitAsOwner(bed)
  const older = Array.from({ length: PAGE_ROWS + 1 }, (_, nth) => nth)
  await Promise.all(
    older.map((nth) => push(bed, { phone: `2547110000${nth + 10}`, reference: `OLD-${nth}` })),
  )
  await open('/payments')
  // It comes by the stream, which is open then.
  const answer = await prompted(bed, { phone: '254712345678', reference: 'WAITS' })
  const waiting = rows(page).filter({ hasText: 'WAITS' })
  await waiting.waitFor()
  const reading = await holdReading(page, (url) => url.searchParams.has('cursor'))
  await page.getByRole('button', { name: 'Show more' }).click()
  await reading.taken
  await answer({ action: 'pay', pin: '1234' })
  await waiting.getByText('Paid').waitFor()
  reading.release()
  await rows(page)
    .nth(PAGE_ROWS + 1)
    .waitFor()
  await waiting.getByText('Paid').waitFor()
})

test('the latest payments keep what came while they were read again', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'FIRST' }))
  await open('/')
  const latest = page.getByRole('region', { name: 'Latest payments' })
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'SECOND' }))
  await latest.getByText('SECOND').waitFor()
  await page.getByRole('link', { name: 'Payments', exact: true }).click()
  await rows(page).first().waitFor()
  const reading = await holdReading(page, (url) => url.search === '?limit=8')
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await reading.taken
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'THIRD' }))
  await latest.getByRole('listitem').filter({ hasText: 'THIRD' }).getByText('Paid').waitFor()
  const read = page.waitForResponse((answer) => new URL(answer.url()).search === '?limit=8')
  reading.release()
  await (await read).finished()
  // Whatever is told from now on, is told after the answer was taken in.
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'FOURTH' }))
  await latest.getByRole('listitem').filter({ hasText: 'FOURTH' }).getByText('Paid').waitFor()
  await latest.getByRole('listitem').filter({ hasText: 'THIRD' }).getByText('Paid').waitFor()
})

test('what happened after a list was read and before its stream began is there', async () => {
  await using bed = await startBrowserBed()
  const { page } = await visitAsOwner(bed)
  const begun = Promise.withResolvers<void>()
  await page.route(STREAM, async (route) => {
    await begun.promise
    await route.continue()
  })
  const reading = await holdReading(page, isPaymentList)
  await page.goto('/payments')
  await reading.taken
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'MEANWHILE' }))
  begun.resolve()
  await rows(page).filter({ hasText: 'MEANWHILE' }).getByText('Paid').waitFor()
  reading.release()
})

test('of more new payments than wait at the top none is left out', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const first = await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'FIRST' }))
  const many = manyAfter(first)
  const shop = { payments: [first] }
  await serveList(page, shop)
  const stream = await tellByStream(bed, page)
  await open('/payments')
  await rows(page).filter({ hasText: 'FIRST' }).hover()
  await stream.isAwaited
  shop.payments = [...many.toReversed(), first]
  stream.tell(many)
  await page.getByRole('button', { name: /new payments$/ }).click()
  const last = rows(page).filter({ has: page.getByText(`MANY-${MANY - 1}`, { exact: true }) })
  await last.waitFor()
  await page.mouse.move(0, 0)
  const more = page.getByRole('button', { name: 'Show more' })
  for (let shown = PAGE_ROWS; shown < MANY; shown += PAGE_ROWS) {
    await rows(page)
      .nth(shown - 1)
      .waitFor()
    await more.click()
  }
  await rows(page).nth(MANY).waitFor()
  const words = new Set((await rows(page).allInnerTexts()).flatMap((text) => text.split(/\s+/)))
  assert.deepEqual(
    many.map(({ reference }) => reference).filter((reference) => !words.has(reference)),
    [],
  )
})

/** Payments like `first`, each a second after the one before. */
function manyAfter(first: Record<string, unknown>) {
  const firstMs = Date.parse(String(first.created_at))
  return Array.from({ length: MANY }, (_, nth) => ({
    ...first,
    id: `pay_${nth.toString(16).padStart(32, '0')}`,
    reference: `MANY-${nth}`,
    created_at: new Date(firstMs + (nth + 1) * 1_000).toISOString(),
  }))
}

/** The list of payments is what `shop` has, in pages. */
async function serveList(page: Page, shop: { payments: unknown[] }): Promise<void> {
  await page.route(isPaymentList, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    const until = from + PAGE_ROWS
    const hasMore = shop.payments.length > until
    const data = shop.payments.slice(from, until)
    return route.fulfill({ json: { data, has_more: hasMore, next_cursor: hasMore ? String(until) : null } })
  })
}

/** The page's second stream tells what it is given; the first one ends after a heartbeat. */
async function tellByStream(bed: BrowserBed, page: Page) {
  const position = await streamPosition(bed)
  const awaited = Promise.withResolvers<void>()
  const told = Promise.withResolvers<readonly unknown[]>()
  const message = (event: string, data: unknown) =>
    `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  let streams = 0
  await page.route(STREAM, async (route) => {
    streams += 1
    if (streams > 2) return route.continue()
    if (streams === 2) awaited.resolve()
    const payments = streams === 2 ? await told.promise : []
    const body = [message('heartbeat', {}), ...payments.map((payment) => message('payment', payment))]
    return route.fulfill({ contentType: 'text/event-stream', body: body.join('') })
  })
  return { isAwaited: awaited.promise, tell: told.resolve }
}

test('a page behind others takes no connection, and has missed nothing when it is looked at', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const streams: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/payments/stream')) streams.push(request.url())
  })
  await page.clock.install()
  await page.addInitScript(() => {
    Reflect.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })
  })
  await open('/payments')
  await page.getByText('No payments yet').waitFor()
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'BEHIND' }))
  assert.deepEqual([...streams], [])
  await turnTo(page, 'visible')
  await rows(page).filter({ hasText: 'BEHIND' }).getByText('Paid').waitFor()
  assert.equal(streams.length, 1)
  const ended = page.waitForEvent('requestfailed', (request) => streams.includes(request.url()))
  await turnTo(page, 'hidden')
  await page.clock.fastForward('00:06')
  await ended
})

async function turnTo(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate((value) => {
    Reflect.defineProperty(document, 'visibilityState', { configurable: true, value })
  }, state)
  await page.locator('html').dispatchEvent('visibilitychange')
}

test('a search shows what comes to fit it, in any case and form that it is found by', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  for (const [search, order] of [
    ['inv-12', { reference: 'INV-12' }],
    ['KES 543', { reference: 'AMOUNT', amount: 543 }],
  ] as const) {
    await open(`/payments?search=${encodeURIComponent(search)}`)
    await page.getByText('No payment matches').waitFor()
    await settled(bed, await push(bed, { phone: CUSTOMERS.cancels, reference: 'OTHER' }))
    await settled(bed, await push(bed, { phone: CUSTOMERS.pays, ...order }))
    await rows(page).filter({ hasText: order.reference }).getByText('Paid').waitFor()
    assert.equal(await rows(page).count(), 1, search)
  }
})

test('Enter opens no payment while there may be others further back', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const one = await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'ONE' }))
  const two = await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'TWO' }))
  const found = { data: [two], has_more: true, next_cursor: 'further', searched_until: one.created_at }
  const further = { data: [one], has_more: false, next_cursor: null, searched_until: null }
  await page.route(isPaymentList, (route) =>
    route.fulfill({ json: route.request().url().includes('cursor=further') ? further : found }),
  )
  await open('/payments?search=250')
  await rows(page).filter({ hasText: 'TWO' }).waitFor()
  await page.getByLabel('Search payments').press('Enter')
  await page.getByRole('button', { name: 'Search further back' }).click()
  await rows(page).filter({ hasText: 'ONE' }).waitFor()
  assert.equal(await rows(page).count(), 2)
})
