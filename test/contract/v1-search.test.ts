// Searching, filtering and exporting payments on a whole gateway: all answers are held to the document.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { objectIn, startTestGateway, type TestGateway } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
let paid: Record<string, unknown>
let cancelled: Record<string, unknown>
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
  paid = await pay({ phone: '254700100000', amount: 1500, reference: 'INV-1', tag: 'Westlands' })
  cancelled = await pay({ phone: '254700001032', amount: 70, reference: '=1+1', metadata: { a: 'x,"y"\n' } })
  await pay({ phone: '254700100000', amount: 4711, reference: '1500' })
})
after(() => bed[Symbol.asyncDispose]())

async function pay(body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const made = await bed.post('/v1/payments', { wait: 30, ...body })
  assert.equal(made.status, 201, made.text)
  return made.body
}

async function idsOf(query: Record<string, string>): Promise<unknown[]> {
  const answer = await ask('GET', `/v1/payments?${new URLSearchParams(query)}`)
  return rowsOf(answer).map(({ id }) => id)
}

test('a payment is found by whatever a person may have at hand', async () => {
  const number = await bed.db.pool.query('select number from payments where receipt = $1', [paid.receipt])
  const texts = [
    'inv-1',
    'westlands',
    String(paid.receipt).toLowerCase(),
    String(paid.id),
    String(paid.tracking_id),
    String(paid.checkout_request_id),
    String(number.rows[0]?.number),
    'KES 1,500',
    'Ksh 1500/=',
  ]
  for (const search of texts) assert.ok((await idsOf({ search })).includes(paid.id), search)
  for (const search of ['0700 100 000', '+254700100000', '254 700-100-000', '00000']) {
    const found = await idsOf({ search })
    assert.equal(found.length, 2, search)
    assert.ok(found.includes(paid.id))
  }
  assert.deepEqual(await idsOf({ search: 'INV-2' }), [])
})

test('what fits exactly comes before amounts and last digits, each once, on pages of any size', async () => {
  const all = await idsOf({ search: '1500' })
  assert.equal(all.length, 2)
  assert.equal(all[1], paid.id)
  const paged: unknown[] = []
  for (let cursor: unknown = null; ; ) {
    const query = { search: '1500', limit: '1', ...(typeof cursor === 'string' && { cursor }) }
    const page = await ask('GET', `/v1/payments?${new URLSearchParams(query)}`)
    paged.push(...rowsOf(page).map(({ id }) => id))
    if (page.body.has_more !== true) break
    cursor = page.body.next_cursor
  }
  assert.deepEqual(paged, all)
})

test('filters narrow a list and a search alike', async () => {
  assert.deepEqual(await idsOf({ result_code: '1032' }), [cancelled.id])
  assert.deepEqual(await idsOf({ amount_max: '70' }), [cancelled.id])
  assert.deepEqual(await idsOf({ amount_min: '1000', amount_max: '2000', status: 'succeeded' }), [paid.id])
  assert.deepEqual(await idsOf({ search: '0700100000', amount_max: '2000' }), [paid.id])
  assert.deepEqual(await idsOf({ search: '0700100000', status: 'failed' }), [])
  assert.equal((await idsOf({ shortcode: '174379' })).length, 3)
  assert.equal((await idsOf({ shortcode: String(paid.shortcode), search: 'INV-1' })).length, 1)
  const unknown = await ask('GET', '/v1/payments?shortcode=999999')
  assert.deepEqual([unknown.status, unknown.body.code], [422, 'no_shortcode'])
  const bad = await ask('GET', '/v1/payments?amount_min=x&search=')
  assert.deepEqual([bad.status, bad.body.code], [400, 'invalid'])
})

test('nothing of another merchant is ever found', async () => {
  const stranger = await bed.addMerchant('stranger')
  const texts = ['INV-1', '0700100000', '1500', String(paid.id), String(paid.receipt), '00000']
  for (const search of texts) {
    const answer = await ask('GET', `/v1/payments?${new URLSearchParams({ search })}`, { key: stranger.key })
    assert.deepEqual(rowsOf(answer), [], search)
  }
})

/** A file as a spreadsheet reads it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  // A quote within quotes is doubled: it ends them and begins them again.
  for (const [at, char] of [...text].entries()) {
    if (char === '"') {
      if (!quoted && text[at - 1] === '"') cell += '"'
      quoted = !quoted
    } else if (quoted) cell += char
    else if (char === ',' || char === '\r') {
      rows.at(-1)?.push(cell)
      cell = ''
    } else if (char === '\n') rows.push([])
    else cell += char
  }
  return rows.slice(0, -1)
}

test('an export holds every payment that the list shows, and no formula', async () => {
  const file = await ask('GET', '/v1/payments/export?time_zone=Africa/Nairobi')
  assert.equal(file.status, 200)
  assert.match(file.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/)
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename="payments-.*\.csv"$/)
  assert.ok(Number(file.headers.get('sukuma-rows-estimate')) >= 0)
  const [names = [], ...rows] = parseCsv(file.text.replace(/^\uFEFF/, ''))
  const columnOf = (row: string[] | undefined, name: string) => row?.[names.indexOf(name)]
  assert.deepEqual(
    rows.map((row) => columnOf(row, 'id')),
    await idsOf({}),
  )
  const row = rows.find((each) => columnOf(each, 'id') === cancelled.id)
  assert.equal(columnOf(row, 'reference'), "'=1+1")
  assert.equal(columnOf(row, 'result_label'), 'Cancelled by User')
  assert.deepEqual(JSON.parse(columnOf(row, 'metadata') ?? ''), { a: 'x,"y"\n' })
  const madeAt = new Date(`${columnOf(row, 'created_at')?.replace(' ', 'T')}+03:00`)
  assert.equal(Math.floor(Date.parse(String(cancelled.created_at)) / 1_000), madeAt.getTime() / 1_000)
  const some = await ask('GET', '/v1/payments/export?search=1500&status=succeeded')
  assert.equal(parseCsv(some.text).length, 3)
})

test('only a key with the scope may export, and it is recorded who did', async () => {
  const made = await ask('POST', '/v1/api_keys', { body: { name: 'reads', scopes: ['payments:read'] } })
  const refused = await ask('GET', '/v1/payments/export', { key: String(made.body.secret) })
  assert.deepEqual([refused.status, refused.body.code], [403, 'forbidden'])
  await ask('GET', '/v1/payments/export?phone=0700100000')
  const [entry] = rowsOf(await ask('GET', '/v1/audit_log?action=payments.exported'))
  assert.deepEqual(objectIn(entry ?? {}, 'detail').filters, ['phone'])
  assert.ok(!JSON.stringify(entry).includes('254700100000'))
})
