import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Compile } from 'typebox/schema'
import type { CreateResult, PaymentRequest } from '../../payments/create.ts'
import type { Payment } from '../../payments/payment.ts'
import type { Page, PaymentFilter } from '../../payments/payment-read-store.ts'
import { samplePayment } from '../../webhooks/testing/sample-payment.ts'
import { type BedRequest, createServerBed } from '../testing/server-bed.ts'
import { encodeCursor } from './cursor.ts'
import { createPaymentSchema } from './payment-schema.ts'

const valid = { amount: 1500, phone: '0712 345 678', reference: 'INV-2041' }

/** A bed whose core answers `result` and keeps what it was asked. */
async function creatingBed(result: CreateResult = { code: 'created', payment: samplePayment() }) {
  const asked: { request: PaymentRequest; mode: string; timeoutMs: number }[] = []
  const bed = await createServerBed({
    payments: {
      create: async (request, mode) => {
        asked.push({ request, mode, timeoutMs: -1 })
        return result
      },
      waitFor: async (payment, _isDone, { timeoutMs }) => {
        for (const each of asked) each.timeoutMs = timeoutMs
        return payment
      },
    },
  })
  const post = (body: unknown, options: BedRequest = {}) =>
    bed.ask('POST', '/v1/payments', { body, ...options })
  return { bed, asked, post }
}

test('a payment needs an amount, a phone and a reference, and is answered once committed', async () => {
  const { bed, asked, post } = await creatingBed()
  await using _ = bed
  const answer = await post(valid)
  assert.equal(answer.status, 201)
  assert.equal(answer.body.object, 'payment')
  const [made] = asked
  assert.equal(made?.mode, 'soon')
  assert.equal(made?.timeoutMs, 0)
  assert.deepEqual(
    { ...made?.request, merchantId: null },
    {
      merchantId: null,
      live: false,
      shortcodeId: null,
      shortcodeNumber: null,
      amountKes: 1500,
      phone: '254712345678',
      reference: 'INV-2041',
      description: null,
      tag: null,
      metadata: null,
      expiresInMs: 120_000,
      idempotencyKey: null,
    },
  )
})

test('everything else about a payment can be said, too', async () => {
  const { bed, asked, post } = await creatingBed()
  await using _ = bed
  const body = {
    ...valid,
    description: 'Order 2041',
    tag: 'shop',
    metadata: { order: '2041' },
    shortcode: '174379',
    expires_in: 30,
    wait: 1.5,
  }
  const answer = await post(body, { headers: { 'idempotency-key': 'order-2041' } })
  assert.equal(answer.status, 201)
  const { request, timeoutMs } = asked[0] ?? assert.fail()
  assert.equal(timeoutMs, 1_500)
  assert.equal(request.expiresInMs, 30_000)
  assert.equal(request.shortcodeNumber, '174379')
  assert.equal(request.idempotencyKey, 'order-2041')
  assert.deepEqual(request.metadata, { order: '2041' })
  assert.equal(request.description, 'Order 2041')
  assert.equal(request.tag, 'shop')
})

test('every field at fault is named at once, unknown ones too', async () => {
  const { bed, asked, post } = await creatingBed()
  await using _ = bed
  const answer = await post({
    amount: 1.5,
    reference: 'x'.repeat(13),
    description: 'x'.repeat(14),
    tag: 7,
    metadata: { a: 1 },
    shortcode: 'sc_1',
    expires_in: 4,
    wait: 61,
    refrence: 'INV',
  })
  assert.equal(answer.status, 400)
  assert.equal(answer.body.code, 'invalid')
  const { errors } = answer.body
  assert.ok(typeof errors === 'object' && errors !== null)
  assert.deepEqual(Object.keys(errors).sort(), [
    'amount',
    'description',
    'expires_in',
    'metadata',
    'phone',
    'reference',
    'refrence',
    'shortcode',
    'tag',
    'wait',
  ])
  assert.deepEqual(asked, [])
})

test('amounts are JSON numbers: a string of digits is refused', async () => {
  const { bed, post } = await creatingBed()
  await using _ = bed
  for (const amount of ['100', 0, -1, 250_001, 0.5, null, [100], true]) {
    const answer = await post({ ...valid, amount })
    assert.equal(answer.status, 400, String(amount))
  }
})

test('each result of the core has its answer', async () => {
  const payment = samplePayment()
  const cases: [CreateResult, number, string | undefined][] = [
    [{ code: 'created', payment }, 201, undefined],
    [{ code: 'replayed', payment }, 201, undefined],
    [{ code: 'idempotency_conflict' }, 422, 'idempotency_conflict'],
    [{ code: 'no_shortcode' }, 422, 'no_shortcode'],
  ]
  for (const [result, status, code] of cases) {
    const { bed, post } = await creatingBed(result)
    await using _ = bed
    const answer = await post(valid)
    assert.equal(answer.status, status)
    assert.equal(answer.body.code, code)
    assert.equal(answer.headers['idempotent-replayed'], result.code === 'replayed' ? 'true' : undefined)
  }
})

test('an Idempotency-Key is 1 to 255 visible characters', async () => {
  const { bed, post } = await creatingBed()
  await using _ = bed
  for (const key of ['', ' ', 'a b', 'é', 'x'.repeat(256)]) {
    const answer = await post(valid, { headers: { 'idempotency-key': key } })
    assert.equal(answer.body.code, 'bad_idempotency_key', key)
  }
})

/** A bed that lists `payments` and keeps what it was asked. */
async function listingBed(payments: Payment[]) {
  const asked: { filter: PaymentFilter; page: Page }[] = []
  const bed = await createServerBed({
    payments: {
      list: async (_owner, filter, page) => {
        asked.push({ filter, page })
        return payments.slice(0, page.limit)
      },
    },
  })
  return { bed, asked }
}

test('a list has a next page when there is one more row than fits', async () => {
  const payments = [samplePayment(), samplePayment(), samplePayment()]
  const { bed, asked } = await listingBed(payments)
  await using _ = bed
  const whole = await bed.ask('GET', '/v1/payments?limit=3')
  assert.equal(whole.body.has_more, false)
  assert.equal(whole.body.next_cursor, null)
  const part = await bed.ask('GET', '/v1/payments?limit=2')
  assert.equal(part.body.has_more, true)
  await bed.ask('GET', `/v1/payments?limit=2&cursor=${part.body.next_cursor}`)
  assert.deepEqual(asked.at(-1)?.page, { limit: 3, before: payments[1]?.id })
})

test('payments are found by every filter', async () => {
  const { bed, asked } = await listingBed([])
  await using _ = bed
  const query =
    'status=pending,uncertain&phone=%2B254%20712%20345678&reference=INV&receipt=RBC12ABC34&tag=a' +
    '&created_after=2026-01-01T00:00:00Z&created_before=2026-02-01T00:00:00%2B03:00'
  assert.equal((await bed.ask('GET', `/v1/payments?${query}`)).status, 200)
  assert.deepEqual(asked[0], {
    filter: {
      states: ['pending', 'uncertain'],
      phone: '254712345678',
      reference: 'INV',
      receipt: 'RBC12ABC34',
      tag: 'a',
      createdAfter: new Date('2026-01-01T00:00:00Z'),
      createdBefore: new Date('2026-01-31T21:00:00Z'),
    },
    page: { limit: 26, before: null },
  })
})

test('a parameter that is not understood is refused, and not left out', async () => {
  const { bed, asked } = await listingBed([])
  await using _ = bed
  const cursor = encodeCursor('shortcodes', samplePayment().id)
  const wrong = [
    'limit=0',
    'limit=101',
    'limit=5&limit=6',
    'limit=',
    'cursor=abc',
    `cursor=${cursor}`,
    'status=paid',
    'status=',
    'phone=12345',
    'created_after=yesterday',
    'reference=',
    'reference=%00',
    'tag=a&tag=b',
    'reciept=RBC12ABC34',
    '__proto__=1',
  ]
  for (const query of wrong) {
    const answer = await bed.ask('GET', `/v1/payments?${query}`)
    assert.equal(answer.status, 400, query)
    assert.equal(answer.body.code, 'invalid')
  }
  assert.deepEqual(asked, [])
})

test('a read waits as long as it is asked to, at most a minute', async () => {
  const waits: number[] = []
  await using bed = await createServerBed({
    payments: {
      find: async () => samplePayment(),
      waitFor: async (payment, _isDone, { timeoutMs }) => {
        waits.push(timeoutMs)
        return payment
      },
    },
  })
  const path = '/v1/payments/pay_0197f2a61c1e7c3a9a546e1f0b2d3c4d'
  for (const query of ['', '?wait=0', '?wait=60', '?wait=2.5']) {
    assert.equal((await bed.ask('GET', `${path}${query}`)).status, 200)
  }
  assert.deepEqual(waits, [0, 0, 60_000, 2_500])
  for (const query of ['?wait=61', '?wait=-1', '?wait=x', '?wait=1&wait=2', '?wiat=5']) {
    assert.equal((await bed.ask('GET', `${path}${query}`)).status, 400, query)
  }
})

test('what the document calls a valid payment is taken, and nothing else is', async () => {
  const { bed, post } = await creatingBed()
  await using _ = bed
  const documented = Compile(createPaymentSchema.body)
  const bodies = fc.record(
    {
      amount: fc.constantFrom(0, 1, 1.5, 250_000, 250_001, '5', null),
      phone: fc.constantFrom('0712345678', 712_345_678),
      reference: fc.constantFrom('A', 'x'.repeat(12), 'x'.repeat(13), '', 7),
      description: fc.constantFrom(null, 'x'.repeat(13), 'x'.repeat(14), 7),
      tag: fc.constantFrom(null, 'x'.repeat(100), 'x'.repeat(101)),
      metadata: fc.constantFrom(null, {}, { a: '1' }, { a: 1 }, { a: 'x'.repeat(501) }, [], 'a'),
      expires_in: fc.constantFrom(null, 4, 5, 5.5, 3_600, 3_601, '5'),
      wait: fc.constantFrom(null, -1, 0, 0.5, 60, 61, '5'),
      amuont: fc.constant(1),
    },
    { requiredKeys: ['reference'] },
  )
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const { status } = await post(body)
      assert.equal(status, documented.Check(body) ? 201 : 400, JSON.stringify(body))
    }),
    { numRuns: 500 },
  )
})
