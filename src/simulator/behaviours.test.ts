import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { openTestbed, passwordFor, stkCallback, type Testbed, until } from './testbed.ts'

const RESULT_CODES = [
  '0',
  '1',
  '17',
  '26',
  '1001',
  '1019',
  '1025',
  '1032',
  '1037',
  '2001',
  '2028',
  '8006',
  '9999',
]

test('behaviour 0 calls back with the ResultCode of the last four digits', async () => {
  await using bed = await openTestbed()
  for (const [index, code] of RESULT_CODES.entries()) {
    assert.equal((await bed.push({ PhoneNumber: `25470000${code.padStart(4, '0')}` })).status, 200)
    const callbacks = await bed.received(index + 1)
    assert.equal(stkCallback(callbacks[index]).ResultCode, Number(code))
    assert.equal(bed.latest().resultCode, code)
  }
})

test('behaviour 1 loses the callback, and the query knows', async () => {
  await using bed = await openTestbed({ faults: { queryTooEarlyMs: 0 } })
  for (const code of ['0', '1032']) {
    const pushed = await bed.push({ PhoneNumber: `25470001${code.padStart(4, '0')}` })
    const entry = await bed.ended()
    assert.equal(entry.resultCode, code)
    assert.equal((await bed.query(String(pushed.body.CheckoutRequestID))).body.ResultCode, code)
    assert.equal(bed.latest().callbacksAttempted, 0)
  }
})

test('behaviour 2 calls back three times with the same body', async () => {
  await using bed = await openTestbed()
  await bed.push({ PhoneNumber: '254700020000' })
  const callbacks = await bed.received(3)
  assert.equal(new Set(callbacks.map((callback) => callback.text)).size, 1)
  await until(() => bed.latest().callbacksAnswered === 3, 'not all copies were answered')
  assert.equal(bed.latest().callbacksAttempted, 3)
})

test('behaviour 3 calls back before the push is answered', async () => {
  await using bed = await openTestbed({ speed: 1 })
  const answer = await bed.push({ PhoneNumber: '254700030000' })
  assert.equal(bed.callbacks.length, 1)
  const callback = stkCallback(bed.callbacks[0])
  assert.equal(callback.CheckoutRequestID, answer.body.CheckoutRequestID)
  assert.equal(callback.ResultCode, 0)
  assert.equal(bed.latest().callbacksAnswered, 1)
})

test('behaviour 3 answers the push even when nobody takes the callback', async () => {
  await using bed = await openTestbed()
  const answer = await bed.push({ PhoneNumber: '254700030000', CallBackURL: 'http://127.0.0.1:1/hook' })
  assert.equal(answer.status, 200)
  assert.deepEqual([bed.latest().callbacksAttempted, bed.latest().callbacksAnswered], [1, 0])
})

test('behaviour 4 has ended long before it calls back', async () => {
  await using bed = await openTestbed({ faults: { queryTooEarlyMs: 0 } })
  const pushed = await bed.push({ PhoneNumber: '254700040000' })
  await bed.ended()
  assert.equal((await bed.query(String(pushed.body.CheckoutRequestID))).body.ResultCode, '0')
  const [callback] = await bed.received(1)
  assert.equal(stkCallback(callback).CheckoutRequestID, pushed.body.CheckoutRequestID)
})

test('behaviour 5 accepts the push and closes the connection without a byte', async () => {
  await using bed = await openTestbed()
  const answer = await rawPush(bed, '254700050000')
  assert.equal(answer, '')
  const [callback] = await bed.received(1)
  assert.equal(stkCallback(callback).ResultCode, 0)
  assert.deepEqual([bed.latest().answer, bed.latest().promptShown], ['dropped', true])
})

test('behaviour 6 answers 500.003.1001 and shows the prompt all the same', async () => {
  await using bed = await openTestbed()
  const answer = await bed.push({ PhoneNumber: '254700061032' })
  assert.deepEqual([answer.status, answer.body.errorCode], [500, '500.003.1001'])
  assert.equal(answer.body.errorMessage, 'Internal Server Error')
  const [callback] = await bed.received(1)
  assert.equal(stkCallback(callback).ResultCode, 1032)
  assert.deepEqual([bed.latest().answer, bed.latest().promptShown], ['500.003.1001', true])
})

test('behaviour 7 refuses as the last four digits say, and shows no prompt', async () => {
  await using bed = await openTestbed()
  const refusals: [digits: string, status: number, errorCode: string | undefined][] = [
    ['1001', 500, '500.001.1001'],
    ['0002', 400, '400.002.02'],
    ['0302', 500, '500.003.02'],
    ['0303', 429, undefined],
    ['0503', 503, undefined],
    ['0000', 400, '400.002.02'],
  ]
  for (const [digits, status, errorCode] of refusals) {
    const answer = await bed.push({ PhoneNumber: `25470007${digits}` })
    assert.deepEqual([answer.status, answer.body.errorCode], [status, errorCode], digits)
    assert.deepEqual([bed.latest().promptShown, bed.latest().checkoutRequestId], [false, null])
  }
  const html = await bed.push({ PhoneNumber: '254700070503' })
  assert.equal(html.contentType, 'text/html')
  assert.match(html.text, /^<html>/)
  const spike = await bed.push({ PhoneNumber: '254700070303' })
  assert.match(spike.text, /policies\.ratelimit\.SpikeArrestViolation/)
  assert.doesNotMatch(spike.text, /Allowed rate/, 'that of pushes is unpublished')
})

test('behaviour 8 says 4999 for a minute, then fails now and then', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  const draws = { next: 0.9 }
  await using bed = await openTestbed({ clock, random: () => draws.next })
  const pushed = await bed.push({ PhoneNumber: '254700080000' })
  const id = String(pushed.body.CheckoutRequestID)
  await bed.ended()
  clock.advance(59)
  assert.equal((await bed.query(id)).body.ResultCode, '4999')
  clock.advance(1)
  assert.equal((await bed.query(id)).body.ResultCode, '0')
  draws.next = 0.1
  const failed = await bed.query(id)
  assert.deepEqual([failed.status, failed.body.errorCode], [500, '500.001.1001'])
  draws.next = 0.3
  assert.equal((await bed.query(id)).body.ResultCode, '0')
  assert.equal(bed.callbacks.length, 0)
})

test('no payment ends with 4999: a number that asks for it is refused', async () => {
  await using bed = await openTestbed()
  for (const behaviour of [0, 1, 4, 8]) {
    const answer = await bed.push({ PhoneNumber: `2547000${behaviour}4999` })
    assert.deepEqual([answer.status, answer.body.errorMessage], [400, 'Bad Request - Invalid PhoneNumber'])
  }
  await bed.push({ PhoneNumber: '254700094999' })
  assert.equal((await bed.ended()).resultCode, '1037')
  assert.deepEqual(
    (await bed.received(1)).map((callback) => stkCallback(callback).ResultCode),
    [1037],
  )
})

test('behaviour 9 ends with 1037, whatever the last four digits say', async () => {
  await using bed = await openTestbed()
  await bed.push({ PhoneNumber: '254700090000' })
  const [callback] = await bed.received(1)
  const { ResultCode, ResultDesc } = stkCallback(callback)
  assert.deepEqual([ResultCode, ResultDesc], [1037, 'No response from user.'])
})

test('a prompt that was seen to the last can end with 1032, one that was not cannot', async () => {
  const faults = { promptTimeout: '1032', promptLifeMs: 500 } as const
  await using bed = await openTestbed({ speed: 1, faults })
  const codeOf = async (phone: string): Promise<string | null> => {
    await bed.push({ PhoneNumber: phone })
    return (await bed.ended()).resultCode
  }
  assert.equal(await codeOf('254700090000'), '1032')
  await bed.call('POST', '/simulator/phones', { number: '254712345678' })
  assert.equal(await codeOf('254712345678'), '1032')
  const ignored = String((await bed.push()).body.CheckoutRequestID)
  await bed.call('POST', `/simulator/prompts/${ignored}/answer`, { action: 'ignore' })
  assert.equal((await bed.ended()).resultCode, '1032')
  await bed.push()
  await bed.call('PATCH', '/simulator/phones/254712345678', { isOn: false })
  assert.equal((await bed.ended()).resultCode, '1037')
  assert.equal(await codeOf('254712345678'), '1037')
})

test('any other number pays', async () => {
  await using bed = await openTestbed()
  for (const phone of ['254712345678', '254708374149', '254112345678', '254700100000']) {
    await bed.push({ PhoneNumber: phone })
    const entry = await bed.ended()
    assert.deepEqual([entry.phone, entry.resultCode, entry.behaviour], [phone, '0', null])
  }
})

async function rawPush(bed: Testbed, phone: string): Promise<string> {
  const body = JSON.stringify({
    BusinessShortCode: 174379,
    Password: passwordFor('174379'),
    Timestamp: '20260301120000',
    TransactionType: 'CustomerPayBillOnline',
    Amount: 1,
    PartyA: phone,
    PartyB: 174379,
    PhoneNumber: phone,
    CallBackURL: bed.callbackUrl,
    AccountReference: 'INV-1',
    TransactionDesc: 'Order',
  })
  const token = await bed.token()
  const socket = connect(bed.simulator.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    'POST /mpesa/stkpush/v1/processrequest HTTP/1.1\r\nHost: daraja\r\n' +
      `Authorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  return text(socket)
}

test('customers decline at the share that is set, each with a code of their own', async () => {
  await using bed = await openTestbed({ faults: { declined: 1 } })
  const codes = new Set<string | null>()
  for (let index = 0; index < 40; index += 1) {
    await bed.push({ PhoneNumber: `2547${10_000_000 + index}` })
    codes.add((await bed.ended()).resultCode)
  }
  assert.deepEqual([...codes].sort(), ['1', '1032', '1037', '2001'])
  bed.simulator.setFaults({})
  await bed.push({ PhoneNumber: '254710000099' })
  assert.equal((await bed.ended()).resultCode, '0')
})
