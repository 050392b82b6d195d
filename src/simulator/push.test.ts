import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { SANDBOX_PASSKEY } from './credentials.ts'
import type { JsonObject } from './json-body.ts'
import { openTestbed, passwordFor, stkCallback } from './testbed.ts'

const MERCHANT_REQUEST_FORM = /^[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\d+$/

test('a good push is accepted in the documented form', async () => {
  await using bed = await openTestbed()
  const answer = await bed.push()
  assert.equal(answer.status, 200)
  assert.equal(answer.contentType, 'application/json;charset=UTF-8')
  const { MerchantRequestID, CheckoutRequestID, ...rest } = answer.body
  assert.match(String(MerchantRequestID), MERCHANT_REQUEST_FORM)
  assert.match(String(CheckoutRequestID), /^ws_CO_\d{14}\d{1,3}712345678$/)
  assert.deepEqual(rest, {
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  })
})

test('numbers and strings are taken alike', async () => {
  await using bed = await openTestbed()
  const numbers = { BusinessShortCode: 174379, Amount: 1, PartyA: 254712345678, PartyB: 174379 }
  assert.equal((await bed.push({ ...numbers, PhoneNumber: 254712345678 })).status, 200)
  await bed.ended()
  assert.equal((await bed.push({ BusinessShortCode: '174379', Amount: '250000' })).status, 200)
})

test('each field of a wrong form is refused by name', async () => {
  await using bed = await openTestbed()
  const wrong: JsonObject = {
    BusinessShortCode: ['abc', null, 1743799999, '', '1743'],
    Password: ['', null, {}],
    Timestamp: ['2026030112000', '20261301120000', '20260230120000', '20260301250000', 'now', null],
    TransactionType: ['CustomerPayBill', '', 1],
    Amount: [0, -1, 250_001, 1.5, '1.0', '1e3', '', null, [1], 1e300, ' 1', '01'],
    PartyA: ['0712345678', '+254712345678', '25471234567', '254812345678'],
    PartyB: ['', 'till', 12],
    PhoneNumber: ['0712345678', '+254712345678', '2547123456789', '254812345678', {}],
    CallBackURL: ['', 'not an address', 'ftp://shop.example/hook', 'http://shop.example/hook'],
    AccountReference: ['', null],
    TransactionDesc: ['', false],
  }
  for (const [field, values] of Object.entries(wrong)) {
    assert.ok(Array.isArray(values))
    for (const value of values) {
      const answer = await bed.push({ [field]: value })
      assert.equal(answer.status, 400, `${field} ${value}`)
      const { requestId, ...rest } = answer.body
      assert.match(String(requestId), MERCHANT_REQUEST_FORM)
      assert.deepEqual(rest, { errorCode: '400.002.02', errorMessage: `Bad Request - Invalid ${field}` })
    }
  }
})

test('a body that is no JSON object is refused', async () => {
  await using bed = await openTestbed()
  const headers = { authorization: `Bearer ${await bed.token()}` }
  for (const body of ['', '{', '[]', 'null', '"text"', 'Amount=1&PhoneNumber=254712345678']) {
    const answer = await bed.call('POST', '/mpesa/stkpush/v1/processrequest', body, headers)
    assert.deepEqual([answer.status, answer.body.errorCode], [400, '400.002.02'])
  }
})

test('a password that does not fit shortcode, passkey and timestamp is refused', async () => {
  await using bed = await openTestbed()
  const wrong = [passwordFor('174380'), passwordFor('174379', 'other'), 'x']
  for (const Password of wrong) {
    const answer = await bed.push({ Password })
    assert.equal(answer.status, 500)
    assert.equal(answer.body.errorCode, '500.001.1001')
    assert.equal(answer.body.errorMessage, '[MerchantValidate] - Wrong credentials')
  }
  const otherTime = await bed.push({ Timestamp: '20260301120001' })
  assert.equal(otherTime.body.errorMessage, '[MerchantValidate] - Wrong credentials')
})

test('a shortcode that nobody has does not exist', async () => {
  await using bed = await openTestbed()
  const answer = await bed.push({ BusinessShortCode: '600000', Password: passwordFor('600000') })
  assert.deepEqual([answer.status, answer.body.errorCode], [500, '500.001.1001'])
  assert.equal(answer.body.errorMessage, 'Merchant does not exist')
})

test('a till is pushed with its store number and its till number', async () => {
  await using bed = await openTestbed()
  const till = { BusinessShortCode: 174380, Password: passwordFor('174380'), PartyB: 5174380 }
  const answer = await bed.push({ ...till, TransactionType: 'CustomerBuyGoodsOnline' })
  assert.equal(answer.status, 200)
  const entry = await bed.ended()
  assert.deepEqual([entry.shortcode, entry.partyB, entry.resultCode], ['174380', '5174380', '0'])
})

test('a wrong transaction type or PartyB is accepted, shows no prompt and fails for the set-up', async () => {
  await using bed = await openTestbed()
  const till = { BusinessShortCode: 174380, Password: passwordFor('174380'), PartyB: 5174380 }
  const mistakes: [fields: JsonObject, resultCode: unknown][] = [
    [till, 2028],
    [{ TransactionType: 'CustomerBuyGoodsOnline' }, 2028],
    [{ PartyB: '600000' }, 'SFC_IC0003'],
  ]
  for (const [index, [fields, resultCode]] of mistakes.entries()) {
    assert.equal((await bed.push(fields)).status, 200)
    const callbacks = await bed.received(index + 1)
    assert.equal(stkCallback(callbacks[index]).ResultCode, resultCode)
    assert.equal(bed.latest().promptShown, false)
  }
})

test('a reference over 12 or a description over 13 characters is accepted and no prompt comes', async () => {
  await using bed = await openTestbed()
  for (const long of [{ AccountReference: '1234567890123' }, { TransactionDesc: '12345678901234' }]) {
    assert.equal((await bed.push(long)).status, 200)
    const entry = await bed.ended()
    assert.deepEqual([entry.promptShown, entry.resultCode], [false, '1037'])
  }
  const fits = { AccountReference: '123456789012', TransactionDesc: '1234567890123' }
  assert.equal((await bed.push(fits)).status, 200)
  const entry = await bed.ended()
  assert.deepEqual([entry.promptShown, entry.resultCode], [true, '0'])
})

test('a second push to a phone whose prompt is up cannot lock the subscriber', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.push()
  const second = await bed.push()
  assert.equal(second.status, 500)
  assert.equal(second.body.errorCode, '500.001.1001')
  assert.equal(
    second.body.errorMessage,
    'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  )
  assert.equal((await bed.push({ PhoneNumber: '254112345678' })).status, 200)
  assert.deepEqual(
    bed.simulator.ledger().map((entry) => [entry.answer, entry.promptShown]),
    [
      ['accepted', true],
      ['500.001.1001', false],
      ['accepted', true],
    ],
  )
})

test('the status of a busy phone and of a busy system can be set, and that of no other refusal', async () => {
  await using bed = await openTestbed({ faults: { busyStatus: 400 } })
  for (const [digits, status] of [
    ['1001', 400],
    ['0302', 400],
  ] as const) {
    assert.equal((await bed.push({ PhoneNumber: `25470007${digits}` })).status, status)
  }
  assert.equal((await bed.push({ Password: 'x' })).status, 500)
  bed.simulator.setSpeed(1)
  await bed.push()
  assert.equal((await bed.push()).status, 400)
})

test('a Timestamp of another hour is taken, unless only East Africa Time is', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1, 9))
  const faults = { queryTooEarlyMs: 0, tokenLifetimeSeconds: 86_400 }
  await using bed = await openTestbed({ clock, faults })
  const inUtc = {
    Timestamp: '20260301090000',
    Password: Buffer.from(`174379${SANDBOX_PASSKEY}20260301090000`).toString('base64'),
  }
  const pushed = await bed.push(inUtc)
  assert.equal(pushed.status, 200)
  await bed.ended()
  bed.simulator.setFaults({ strictTimestamp: true, queryTooEarlyMs: 0 })
  const id = String(pushed.body.CheckoutRequestID)
  for (const refused of [await bed.push(inUtc), await bed.query(id, inUtc)]) {
    assert.deepEqual([refused.status, refused.body.errorMessage], [400, 'Bad Request - Invalid Timestamp'])
  }
  assert.equal((await bed.query(id)).status, 200)
  clock.advance(3_600_000)
  assert.equal((await bed.push()).status, 200)
  clock.advance(1)
  assert.equal((await bed.push({ PhoneNumber: '254712345679' })).status, 400)
})

test('of pushes to one phone at the same moment exactly one is accepted', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.token()
  const answers = await Promise.all(Array.from({ length: 20 }, () => bed.push()))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
})

test('the phone is free again once the payment has ended', async () => {
  await using bed = await openTestbed()
  for (let round = 0; round < 3; round++) {
    assert.equal((await bed.push()).status, 200)
    await bed.ended()
  }
  const receipts = bed.simulator.ledger().map((entry) => entry.receipt)
  assert.equal(new Set(receipts).size, 3)
})

test('ids have the older form when asked for, those of refusals too', async () => {
  await using bed = await openTestbed({ faults: { idForm: 'old' } })
  const answer = await bed.push()
  assert.match(String(answer.body.MerchantRequestID), /^\d{5}-\d{8}-1$/)
  assert.match(String(answer.body.CheckoutRequestID), /^ws_CO_\d{18}$/)
  const refused = await bed.push({ Amount: 0 })
  assert.match(String(refused.body.requestId), /^\d{5}-\d{8}-1$/)
})
