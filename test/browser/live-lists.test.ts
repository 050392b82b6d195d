// Lists that are live: what the stream tells stays told, whatever is being read at that moment.
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startBrowserBed } from './browser-bed.ts'
import { AT_LEISURE, isPaymentList, prompted, push, rows, settled, visitAsOwner } from './counter.ts'
import { CUSTOMERS } from './shop.ts'

const STREAM = '**/v1/payments/stream'
const PAGE_ROWS = 50

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
