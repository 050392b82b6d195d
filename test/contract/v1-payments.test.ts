// `/v1/payments` and `/v1/events` on a whole gateway: every answer is held to the OpenAPI document.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type CheckedClient, createCheckedClient, rowsOf } from '../support/checked-client.ts'
import { type Answer, objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

const PAYS = '254700000000'
const CANCELS = '254700001032'

async function pay(phone: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const body = { amount: 1500, phone, reference: 'INV-1', wait: 30, ...more }
  const made = await ask('POST', '/v1/payments', { body })
  assert.equal(made.status, 201, made.text)
  return made.body
}

test('a payment is answered once it is settled, when it is waited for', async () => {
  const paid = await pay(PAYS, { description: 'Order', tag: 'shop', metadata: { order: '7' } })
  assert.equal(paid.status, 'succeeded')
  assert.match(String(paid.receipt), /^[A-Z0-9]{10}$/)
  assert.equal(objectIn(paid, 'result').code, '0')
  assert.equal(objectIn(paid, 'evidence').confidence, 'proven')
  assert.deepEqual(paid.metadata, { order: '7' })
  const cancelled = await pay(CANCELS)
  assert.equal(cancelled.status, 'failed')
  assert.equal(objectIn(cancelled, 'result').label, 'Cancelled by User')
  const read = await ask('GET', `/v1/payments/${paid.id}`)
  assert.deepEqual(read.body, paid)
})

test('without a wait the answer comes at once, and the payment is there', async () => {
  const made = await pay(PAYS, { wait: 0 })
  assert.ok(['sending', 'queued', 'pending'].includes(String(made.status)), String(made.status))
  const settled = await ask('GET', `/v1/payments/${made.id}?wait=30`)
  assert.equal(settled.body.status, 'succeeded')
})

test('a repeated request is the same payment, whatever its wait; another body is refused', async () => {
  const headers = { 'idempotency-key': 'order-7' }
  const body = { amount: 10, phone: PAYS, reference: 'INV-7' }
  const first = await ask('POST', '/v1/payments', { body, headers })
  const again = await ask('POST', '/v1/payments', { body: { ...body, wait: 30 }, headers })
  assert.equal(again.status, 201)
  assert.equal(again.body.id, first.body.id)
  assert.equal(first.headers.get('idempotent-replayed'), null)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  const other = await ask('POST', '/v1/payments', { body: { ...body, amount: 11 }, headers })
  assert.equal(other.status, 422)
  assert.equal(other.body.code, 'idempotency_conflict')
})

test('a shortcode is named by its number or its id, and must be one of one’s own', async () => {
  const stranger = await bed.addMerchant('stranger')
  const id = `sc_${bed.merchant.shortcodeId.replaceAll('-', '')}`
  for (const shortcode of ['174379', id]) {
    assert.equal((await pay(PAYS, { shortcode })).shortcode, id)
  }
  for (const shortcode of ['999999', `sc_${stranger.shortcodeId.replaceAll('-', '')}`]) {
    const body = { amount: 1, phone: PAYS, reference: 'A', shortcode }
    const answer = await ask('POST', '/v1/payments', { body })
    assert.equal(answer.status, 422)
    assert.equal(answer.body.code, 'no_shortcode')
  }
})

test('a list is walked page by page, newest first, and narrowed by filters', async () => {
  const { key } = await bed.addMerchant('lister')
  const made: unknown[] = []
  for (const phone of [PAYS, CANCELS, PAYS, CANCELS, PAYS]) {
    const body = { amount: 5, phone, reference: `R${made.length}`, tag: 'walk', wait: 30 }
    made.push((await ask('POST', '/v1/payments', { body, key })).body.id)
  }
  const seen: unknown[] = []
  let path = '/v1/payments?limit=2'
  for (;;) {
    const page = await ask('GET', path, { key })
    seen.push(...rowsOf(page).map(({ id }) => id))
    if (page.body.has_more !== true) break
    path = `/v1/payments?limit=2&cursor=${page.body.next_cursor}`
  }
  assert.deepEqual(seen, [...made].reverse())
  const idsBy = async (query: string) =>
    rowsOf(await ask('GET', `/v1/payments?${query}`, { key })).map(({ id }) => id)
  assert.deepEqual(await idsBy('status=failed'), [made[3], made[1]])
  assert.deepEqual(await idsBy('status=failed,succeeded&tag=walk'), seen)
  assert.deepEqual(await idsBy('phone=0700%20000%20000&reference=R2'), [made[2]])
  assert.deepEqual(await idsBy('created_after=2999-01-01T00:00:00Z'), [])
  assert.deepEqual(await idsBy('created_before=2999-01-01T00:00:00Z&tag=none'), [])
  const [newest] = rowsOf(await ask('GET', '/v1/payments?limit=1', { key }))
  assert.deepEqual(await idsBy(`receipt=${newest?.receipt}`), [made[4]])
})

test('nobody sees a payment of another merchant', async () => {
  const { key } = await bed.addMerchant('other')
  const { id } = await pay(PAYS)
  for (const path of [`/v1/payments/${id}`, `/v1/payments/${id}/events`, `/v1/payments/${id}/stream`]) {
    assert.equal((await ask('GET', path, { key })).status, 404, path)
  }
  assert.deepEqual(rowsOf(await ask('GET', '/v1/payments', { key })), [])
  assert.deepEqual(rowsOf(await ask('GET', '/v1/events', { key })), [])
})

test('the events of a payment tell its life, with the payment as it was', async () => {
  const paid = await pay(PAYS)
  const [event, ...more] = rowsOf(await ask('GET', `/v1/payments/${paid.id}/events`))
  assert.deepEqual(more, [])
  assert.equal(event?.type, 'payment.succeeded')
  assert.equal(event?.sequence, 1)
  assert.equal(event?.payment, paid.id)
  assert.deepEqual(event?.data, paid)
})

/** A page of the feed with `count` events: those that a running transaction may precede come later. */
async function feed(key: string, query: string, count: number): Promise<Answer> {
  return until(`${count} events`, async () => {
    const answer = await ask('GET', `/v1/events?${query}`, { key })
    return rowsOf(answer).length === count && answer
  })
}

function paymentsOf(...answers: Answer[]): unknown[] {
  return answers.flatMap(rowsOf).map(({ payment }) => payment)
}

test('the feed goes on from where it ended, misses nothing and repeats nothing', async () => {
  const { key } = await bed.addMerchant('feeder')
  const payNow = async (phone: string) => {
    const body = { amount: 5, phone, reference: 'A', wait: 30 }
    return (await ask('POST', '/v1/payments', { body, key })).body.id
  }
  const first = [await payNow(PAYS), await payNow(CANCELS)]
  await feed(key, '', 2)
  const begin = await feed(key, 'limit=1', 1)
  assert.equal(begin.body.has_more, true)
  const rest = await feed(key, `cursor=${begin.body.next_cursor}`, 1)
  assert.equal(rest.body.has_more, false)
  assert.deepEqual(paymentsOf(begin, rest), first)
  const cursor = rest.body.next_cursor
  const none = await feed(key, `cursor=${cursor}`, 0)
  assert.equal(none.body.next_cursor, cursor)
  const later = await payNow(PAYS)
  assert.deepEqual(paymentsOf(await feed(key, `cursor=${cursor}`, 1)), [later])
  assert.deepEqual(paymentsOf(await feed(key, 'type=payment.failed', 1)), [first[1]])
})

test('a stream follows a payment to its end', async () => {
  const made = await pay(PAYS, { wait: 0 })
  const stream = await ask('GET', `/v1/payments/${made.id}/stream`)
  assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
  const states = [...stream.text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').status)
  assert.equal(states.at(-1), 'succeeded')
  assert.equal(new Set(states).size, states.length, `each state once: ${states}`)
})

test('the account says who the key is', async () => {
  const { body } = await ask('GET', '/v1/account')
  assert.equal(objectIn(body, 'merchant').name, 'test')
  assert.equal(body.live, false)
})
