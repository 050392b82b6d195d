import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestbed, stkCallback, until } from './testbed.ts'

const PAID_FORM = new RegExp(
  '^\\{"Body":\\{"stkCallback":\\{"MerchantRequestID":"[0-9a-f-]+\\d+","CheckoutRequestID":"ws_CO_\\d+",' +
    '"ResultCode":0,"ResultDesc":"The service request is processed successfully\\.",' +
    '"CallbackMetadata":\\{"Item":\\[\\{"Name":"Amount","Value":150\\.00\\},' +
    '\\{"Name":"MpesaReceiptNumber","Value":"[A-Z0-9]{10}"\\},\\{"Name":"Balance"\\},' +
    '\\{"Name":"TransactionDate","Value":\\d{14}\\},' +
    '\\{"Name":"PhoneNumber","Value":254712345678\\}\\]\\}\\}\\}\\}$',
)

test('a paid callback is written as Daraja writes it, and matches the push and the ledger', async () => {
  await using bed = await openTestbed()
  const pushed = await bed.push()
  const [callback] = await bed.received(1)
  assert.match(callback?.text ?? '', PAID_FORM)
  const { MerchantRequestID, CheckoutRequestID } = stkCallback(callback)
  assert.equal(MerchantRequestID, pushed.body.MerchantRequestID)
  assert.equal(CheckoutRequestID, pushed.body.CheckoutRequestID)
  assert.equal(callback?.headers['content-type'], 'application/json;charset=UTF-8')
  assert.equal(callback?.headers.businessshortcode, '174379')
  assert.equal(callback?.path, '/hooks/stk-push/token-1')
  assert.ok(callback?.text.includes(`"Value":"${bed.latest().receipt}"`))
})

test('a failed callback has a number, a text and nothing more', async () => {
  await using bed = await openTestbed()
  const pushed = await bed.push({ PhoneNumber: '254700001032' })
  const [callback] = await bed.received(1)
  assert.deepEqual(stkCallback(callback), {
    MerchantRequestID: pushed.body.MerchantRequestID,
    CheckoutRequestID: pushed.body.CheckoutRequestID,
    ResultCode: 1032,
    ResultDesc: 'Request cancelled by user',
  })
})

test('a code without a text of its own is still called back', async () => {
  await using bed = await openTestbed()
  await bed.push({ PhoneNumber: '254700007777' })
  const [callback] = await bed.received(1)
  assert.equal(stkCallback(callback).ResultCode, 7777)
})

test('a callback that is refused is not sent again', async () => {
  await using bed = await openTestbed()
  bed.answerCallbacksWith(500)
  await bed.push()
  await bed.received(1)
  bed.answerCallbacksWith(200)
  await bed.push({ PhoneNumber: '254700000001' })
  await until(() => bed.latest().callbacksAnswered === 1, 'the second payment was not called back')
  const first = bed.simulator.ledger()[0]
  assert.deepEqual([first?.callbacksAttempted, first?.callbacksAnswered], [1, 0])
  assert.equal(bed.callbacks.length, 2)
})

test('the disputed points of a callback can be switched', async () => {
  await using bed = await openTestbed({ faults: { balance: 'absent', callbackPhone: 'masked' } })
  await bed.push()
  const [masked] = await bed.received(1)
  assert.ok(!masked?.text.includes('Balance'))
  assert.ok(masked?.text.includes('{"Name":"PhoneNumber","Value":"25471****678"}'))
  bed.simulator.setFaults({ callbackPhone: 'absent', oldResultDesc: true, callbackCopies: 4 })
  await bed.push()
  const absent = (await bed.received(5)).slice(1)
  assert.equal(new Set(absent.map((callback) => callback.text)).size, 1)
  assert.ok(!absent[0]?.text.includes('PhoneNumber'))
  bed.simulator.setFaults({ oldResultDesc: true })
  await bed.push({ PhoneNumber: '254700001032' })
  const old = (await bed.received(6))[5]
  assert.equal(stkCallback(old).ResultDesc, '[STK_CB - ]Request cancelled by user')
})
