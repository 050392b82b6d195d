// What a shop does with payments all day, in a real browser: find, send, see them arrive, take them away.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startBrowserBed } from './browser-bed.ts'
import { AT_LEISURE, prompted, push, rows, settled, streamPosition, visitAsOwner } from './counter.ts'
import { CUSTOMERS } from './shop.ts'

/** Browsers without a question where to save, so that the file is downloaded. */
async function withoutSavePicker(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'showSaveFilePicker'))
}

/** Ends the page's first stream after a heartbeat, and lets no other begin until the line is restored. */
async function loseLine(page: Page, position: string) {
  const lost = Promise.withResolvers<void>()
  const restored = Promise.withResolvers<void>()
  let streams = 0
  await page.route('**/v1/payments/stream', async (route) => {
    streams += 1
    if (streams === 1) {
      const body = `id: ${position}\nevent: heartbeat\ndata: {}\n\n`
      return route.fulfill({ contentType: 'text/event-stream', body })
    }
    lost.resolve()
    await restored.promise
    return route.continue()
  })
  return { lost: lost.promise, restore: () => restored.resolve() }
}

test('a payment is found by its phone in any form, its receipt, its reference and its amount', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const paid = await settled(
    bed,
    await push(bed, { phone: CUSTOMERS.pays, reference: 'ORDER-7', amount: 1234 }),
  )
  await settled(bed, await push(bed, { phone: CUSTOMERS.cancels, reference: 'ORDER-8' }))
  await open('/payments')
  await rows(page).nth(1).waitFor()
  for (const wanted of ['0700 000 000', '+254700000000', String(paid.receipt), 'ORDER-7', '1,234']) {
    await page.getByLabel('Search payments').fill(wanted)
    await page.getByText('ORDER-8').waitFor({ state: 'detached' })
    await page.getByRole('status').getByText('1 payment', { exact: true }).waitFor()
    assert.equal(await rows(page).count(), 1, wanted)
    await rows(page).getByText('ORDER-7').waitFor()
    await page.getByRole('button', { name: 'Clear the search' }).click()
    await page.getByText('ORDER-8').waitFor()
  }
  await page.getByLabel('Search payments').fill('nothing of the kind')
  await page.getByText('No payment matches').waitFor()
  await page.getByLabel('Search payments').fill('ORDER-8')
  await page.getByLabel('Search payments').press('Enter')
  await page.getByText('Not paid').waitFor()
  await page.goBack()
  assert.equal(await page.getByLabel('Search payments').inputValue(), 'ORDER-8')
})

test('a filter is kept in the address, and a row is opened by the keyboard', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'GOOD' }))
  await settled(bed, await push(bed, { phone: CUSTOMERS.cancels, reference: 'BAD' }))
  await open('/payments')
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByLabel('Status').selectOption('failed')
  await page.getByText('GOOD').waitFor({ state: 'detached' })
  await page.reload()
  await rows(page).getByText('BAD').waitFor()
  assert.equal(await rows(page).count(), 1)
  await rows(page).getByRole('link').focus()
  await page.keyboard.press('Enter')
  await page.getByText('Cancelled by User (1032)').first().waitFor()
  assert.equal(await page.title(), 'Payment · Sukuma')
})

test('a day is typed into its field key by key, and nothing on the way breaks the page', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'GOOD' }))
  await open('/payments')
  await page.getByRole('button', { name: 'Filters' }).click()
  const typed = [
    ['02012', '0002-02-01'],
    ['026', '2026-02-01'],
    ['1', '20261-02-01'],
  ] as const
  for (const name of ['From', 'To']) {
    await page.getByLabel(name, { exact: true }).focus()
    for (const [keys, day] of typed) {
      await page.keyboard.type(keys)
      await page.waitForURL(`**=${day}*`)
      assert.equal(await page.getByLabel(name, { exact: true }).inputValue(), day)
    }
  }
  await open('/audit-log')
  for (const name of ['From', 'Until']) {
    await page.getByLabel(name, { exact: true }).focus()
    for (const [keys, day] of typed) {
      await page.keyboard.type(keys)
      assert.equal(await page.getByLabel(name, { exact: true }).inputValue(), day)
    }
  }
})

test('an export holds every payment, and one that is cut off says so and leaves no file', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  const ids = await Promise.all(
    Array.from({ length: 60 }, (_, nth) =>
      push(bed, { phone: `2547110000${nth + 10}`, reference: `R-${nth}` }),
    ),
  )
  await withoutSavePicker(page)
  await open('/payments')
  await rows(page).first().waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ])
  await page.getByText('The file is complete: 60 payments.').waitFor()
  const text = await readFile(await download.path(), 'utf8')
  assert.deepEqual(
    ids.filter((id) => !text.includes(id)),
    [],
  )
  visitor.expectProblem(/ERR_CONNECTION_RESET/)
  await page.route('**/v1/payments/export*', (route) => route.abort('connectionreset'))
  await page.getByRole('button', { name: 'Export CSV' }).click()
  await page.getByText('The export was cut off and is incomplete').waitFor()
})

test('a payment made elsewhere appears by itself, and moves nothing that is being read', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await visitAsOwner(bed)
  await push(bed, { phone: CUSTOMERS.cancels, reference: 'FIRST' })
  await open('/payments')
  await rows(page).getByText('FIRST').waitFor()
  await push(bed, { phone: CUSTOMERS.pays, reference: 'SECOND' })
  const second = rows(page).filter({ hasText: 'SECOND' })
  await second.waitFor()
  await second.getByText('Paid').waitFor()
  await rows(page).first().hover()
  await push(bed, { phone: CUSTOMERS.pays, reference: 'THIRD' })
  const fresh = page.getByRole('button', { name: '1 new payment' })
  await fresh.waitFor()
  assert.equal(await rows(page).filter({ hasText: 'THIRD' }).count(), 0)
  await fresh.click()
  await rows(page).filter({ hasText: 'THIRD' }).waitFor()
})

test('a filtered list shows what comes to fit it, also below what was there first', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await visitAsOwner(bed)
  await open('/payments?status=failed')
  await page.getByText('No payment matches').waitFor()
  const cancel = await prompted(bed, { phone: '254712345678', reference: 'EARLIER' })
  await push(bed, { phone: CUSTOMERS.cancels, reference: 'LATER' })
  await rows(page).filter({ hasText: 'LATER' }).waitFor()
  await cancel()
  await rows(page).filter({ hasText: 'EARLIER' }).waitFor()
  await rows(page).first().filter({ hasText: 'LATER' }).waitFor()
})

test('what no longer fits a filtered list by the time it would be shown is not offered', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await visitAsOwner(bed)
  await prompted(bed, { phone: '254712345678', reference: 'FIRST' })
  await open('/payments?status=pending')
  await rows(page).first().hover()
  const cancel = await prompted(bed, { phone: '254799888777', reference: 'SECOND' })
  const fresh = page.getByRole('button', { name: '1 new payment' })
  await fresh.waitFor()
  await cancel()
  await fresh.waitFor({ state: 'detached' })
  assert.equal(await rows(page).filter({ hasText: 'SECOND' }).count(), 0)
})

test('the overview counts a payment without being loaded again', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/')
  await page.getByText('Your first payment is a minute away').waitFor()
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'ONE', amount: 4321 }))
  await page.getByLabel('Money today').getByText('KES 4,321').waitFor()
  await page.getByRole('listitem').filter({ hasText: 'ONE' }).getByText('Paid').waitFor()
  await page.getByText('Table', { exact: true }).click()
  await page.getByRole('region', { name: 'Money received' }).getByText('KES 4,321').first().waitFor()
})

test('a payment that is clicked twice prompts once, and the PIN on the phone beside it pays', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await visitAsOwner(bed)
  await open('/payments/new')
  const phone = page.frameLocator('iframe[title="The customer’s phone"]')
  await phone.getByText('KES 5,000').first().waitFor()
  await page.getByLabel('Amount').fill('KES 1,500')
  await page.getByLabel('Reference').fill('TWICE')
  await page.getByRole('button', { name: 'Send the prompt' }).dblclick()
  await page.getByText('Waiting for the PIN').first().waitFor()
  await phone
    .getByRole('dialog')
    .getByText(/Kshs\. 1500 .*TWICE/)
    .waitFor()
  await phone.getByLabel('Enter M-PESA PIN:').fill('1234')
  await phone.getByRole('dialog').getByRole('button', { name: 'Send' }).first().click()
  await page.getByRole('button', { name: 'Another payment' }).waitFor()
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor()
  const { body } = await bed.get('/v1/payments?reference=TWICE')
  assert.equal(Object(body).data.length, 1)
})

test('with real money nothing is sent before it is confirmed', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/payments/new')
  await page.getByText('Live', { exact: true }).click()
  await page.getByText('There is no paybill or till to be paid yet').waitFor()
  const paybill = { id: 'sc_1', kind: 'paybill', number: '600123', environment: 'production' }
  const list = { object: 'list', data: [{ ...paybill, till_number: null, live: true, status: 'enabled' }] }
  await page.route('**/v1/shortcodes?*', (route) => route.fulfill({ json: list }))
  const sent: string[] = []
  await page.route('**/v1/payments', (route) => {
    sent.push(String(route.request().postData()))
    return route.abort('aborted')
  })
  await open('/payments/new')
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill('0712 345 678')
  await page.getByLabel('Amount').fill('1500')
  await page.getByLabel('Reference').fill('REAL')
  await page.getByRole('button', { name: 'Send to the customer' }).click()
  const question = page.getByRole('dialog')
  await question.getByText('for KES 1,500 of real money, on 0712 345 678').waitFor()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await question.waitFor({ state: 'detached' })
  assert.deepEqual(sent, [])
  await page.getByRole('button', { name: 'Send to the customer' }).click()
  await question.getByRole('button', { name: 'Ask for KES 1,500' }).click()
  await page.getByText('It is not known whether the prompt was sent').waitFor()
  assert.deepEqual(
    sent.map((text) => JSON.parse(text)),
    [{ phone: '254712345678', amount: 1500, reference: 'REAL' }],
  )
})

test('after a lost connection the stream goes on where it was cut', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  const line = await loseLine(page, await streamPosition(bed))
  await open('/payments')
  await page.getByText('No payments yet').waitFor()
  await line.lost
  await settled(bed, await push(bed, { phone: CUSTOMERS.pays, reference: 'MEANWHILE' }))
  line.restore()
  await rows(page).filter({ hasText: 'MEANWHILE' }).getByText('Paid').waitFor()
})

test('a payment whose answer was lost is sent again under its key, and prompts once', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  await open('/payments/new')
  await page.getByRole('textbox', { name: 'Customer’s phone' }).fill('0700 000 000')
  await page.getByLabel('Reference').fill('LOST')
  visitor.expectProblem(/ERR_CONNECTION_RESET/)
  let lost = 0
  await page.route('**/v1/payments', async (route) => {
    if (lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByText('It is not known whether the prompt was sent').waitFor()
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByRole('status').getByText('Paid', { exact: true }).waitFor()
  const { body } = await bed.get('/v1/payments?reference=LOST')
  assert.equal(Object(body).data.length, 1)
})

test('M-Pesa is asked by hand once a prompt was read, and its "paid" is none before its end', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const id = await push(bed, { phone: CUSTOMERS.callbackLost, reference: 'QUIET' })
  await open(`/payments/${id}`)
  await page.getByRole('button', { name: 'Ask M-Pesa now' }).click()
  await page.getByText('The customer may still be entering the PIN.').waitFor()
  await page.getByRole('button', { name: /^Can be asked again in/ }).waitFor()
  await page.getByRole('button', { name: 'Ask M-Pesa now' }).click()
  await page.getByText('M-Pesa says that it was paid, but the prompt may still be open').waitFor()
})

test('a device whose clock is slow may ask M-Pesa again as soon as others', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const id = await push(bed, { phone: CUSTOMERS.callbackLost, reference: 'SLOW' })
  await page.clock.install({ time: Date.now() - 3_600_000 })
  await open(`/payments/${id}`)
  await page.getByRole('button', { name: 'Ask M-Pesa now' }).click()
  await page.getByRole('button', { name: /^Can be asked again in \d\d? s$/ }).waitFor()
})
