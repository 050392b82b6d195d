import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isJsonObject, type JsonObject } from './json-body.ts'
import { type Answer, openTestbed, passwordFor, stkCallback, until } from './testbed.ts'

const PHONE = '254712345678'

test('a prompt on a virtual phone waits, and ends as it is answered', async () => {
  await using bed = await openTestbed({ speed: 1 })
  assert.equal((await bed.call('POST', '/simulator/phones', { number: PHONE })).status, 201)
  const answers: [action: string, code: number][] = [
    ['pay', 0],
    ['cancel', 1032],
    ['wrong_pin', 2001],
    ['insufficient', 1],
  ]
  for (const [index, [action, code]] of answers.entries()) {
    const id = String((await bed.push()).body.CheckoutRequestID)
    const [prompt] = listed(await bed.call('GET', `/simulator/prompts?phone=${PHONE}`), 'prompts')
    assert.deepEqual([prompt?.id, prompt?.phone, prompt?.amountKes], [id, PHONE, 150])
    assert.deepEqual([prompt?.reference, prompt?.shortcode], ['INV-1001', '174379'])
    const answered = await bed.call('POST', `/simulator/prompts/${id}/answer`, { action })
    assert.deepEqual([answered.status, answered.body], [200, { id, resultCode: String(code) }])
    const callbacks = await bed.received(index + 1)
    assert.equal(stkCallback(callbacks[index]).ResultCode, code)
    assert.deepEqual(listed(await bed.call('GET', '/simulator/prompts'), 'prompts'), [])
    assert.equal((await bed.call('POST', `/simulator/prompts/${id}/answer`, { action })).status, 404)
  }
})

test('a prompt on a virtual phone that nobody answers ends with 1037', async () => {
  await using bed = await openTestbed()
  await bed.call('POST', '/simulator/phones', { number: PHONE })
  await bed.push()
  assert.equal(stkCallback((await bed.received(1))[0]).ResultCode, 1037)
})

test('a prompt that is ignored stays up until its life is over', async () => {
  await using bed = await openTestbed({ speed: 100, faults: { callbackDelayMs: 60_000 } })
  const id = String((await bed.push({ PhoneNumber: '254700000000' })).body.CheckoutRequestID)
  const ignored = await bed.call('POST', `/simulator/prompts/${id}/answer`, { action: 'ignore' })
  assert.deepEqual(ignored.body, { id, resultCode: null })
  assert.equal((await bed.ended()).resultCode, '1037')
})

test('a phone with a PIN of its own pays with that PIN only', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.call('POST', '/simulator/phones', { number: PHONE, pin: '4321' })
  for (const [pin, code] of [
    ['1234', '2001'],
    ['4321', '0'],
  ]) {
    const id = String((await bed.push()).body.CheckoutRequestID)
    await bed.call('POST', `/simulator/prompts/${id}/answer`, { action: 'pay', pin })
    assert.equal(bed.latest().resultCode, code)
  }
})

test('a closed phone pays by itself again', async () => {
  await using bed = await openTestbed()
  await bed.call('POST', '/simulator/phones', { number: PHONE })
  assert.deepEqual((await bed.call('GET', '/simulator/phones')).body, { phones: [PHONE] })
  assert.equal((await bed.call('DELETE', `/simulator/phones/${PHONE}`)).status, 200)
  assert.equal((await bed.call('DELETE', `/simulator/phones/${PHONE}`)).status, 404)
  await bed.push()
  assert.equal((await bed.ended()).resultCode, '0')
})

test('bad phones, answers and PINs are refused with a reason', async () => {
  await using bed = await openTestbed({ speed: 1 })
  for (const body of [
    {},
    { number: '0712345678' },
    { number: '254700000000' },
    { number: PHONE, pin: 1234 },
    '[',
  ]) {
    const answer = await bed.call('POST', '/simulator/phones', body)
    assert.equal(answer.status, 400)
    assert.ok(Array.isArray(answer.body.errors))
  }
  await bed.call('POST', '/simulator/phones', { number: PHONE })
  const id = String((await bed.push()).body.CheckoutRequestID)
  for (const body of [{}, { action: 'steal' }, { action: 'pay', pin: '12' }, 'x']) {
    assert.equal((await bed.call('POST', `/simulator/prompts/${id}/answer`, body)).status, 400)
  }
  assert.equal(bed.latest().endedAtMs, null)
})

test('the ledger tells what happened, newest first, and can be searched and read on', async () => {
  await using bed = await openTestbed()
  for (const [index, phone] of [PHONE, '254700001032', '254711111111'].entries()) {
    await bed.push({ PhoneNumber: phone, AccountReference: `INV-${index}` })
    await bed.received(index + 1)
    await until(() => bed.latest().callbacksAnswered === 1, 'the callback was not answered')
  }
  const all = await bed.call('GET', '/simulator/ledger')
  assert.deepEqual(
    listed(all, 'entries').map((entry) => entry.sequence),
    [3, 2, 1],
  )
  const [cancelled] = listed(await bed.call('GET', '/simulator/ledger?phone=254700001032'), 'entries')
  const { checkoutRequestId, merchantRequestId, callbackUrl, pushedAtMs, endedAtMs, ...rest } =
    cancelled ?? {}
  assert.deepEqual(rest, {
    sequence: 2,
    shortcode: '174379',
    transactionType: 'CustomerPayBillOnline',
    partyB: '174379',
    phone: '254700001032',
    amountKes: 150,
    reference: 'INV-1',
    behaviour: 0,
    answer: 'accepted',
    promptShown: true,
    resultCode: '1032',
    receipt: null,
    callbacksAttempted: 1,
    callbacksAnswered: 1,
    queries: 0,
  })
  assert.equal(callbackUrl, bed.callbackUrl)
  const byCheckout = await bed.call('GET', `/simulator/ledger?checkout=${checkoutRequestId}`)
  assert.deepEqual(listed(byCheckout, 'entries'), [cancelled])
  const byReference = await bed.call('GET', '/simulator/ledger?reference=INV-2')
  assert.equal(listed(byReference, 'entries').length, 1)
  const page = await bed.call('GET', '/simulator/ledger?limit=2')
  assert.deepEqual([page.body.count, page.body.nextBefore], [3, 2])
  const rest2 = await bed.call('GET', '/simulator/ledger?limit=2&before=2')
  assert.deepEqual([listed(rest2, 'entries').length, rest2.body.nextBefore], [1, null])
  for (const query of ['limit=0', 'limit=10001', 'limit=x', 'before=-1']) {
    assert.equal((await bed.call('GET', `/simulator/ledger?${query}`)).status, 400, query)
  }
})

test('faults are set as a whole and shown', async () => {
  await using bed = await openTestbed()
  const set = await bed.call('PUT', '/simulator/faults', { lostCallback: 0.25, balance: 'absent' })
  assert.deepEqual([set.status, set.body.lostCallback, set.body.balance], [200, 0.25, 'absent'])
  assert.equal((await bed.call('PUT', '/simulator/faults', { lostCalls: 1 })).status, 400)
  assert.deepEqual((await bed.call('GET', '/simulator/faults')).body, set.body)
  const cleared = await bed.call('PUT', '/simulator/faults', {})
  assert.deepEqual([cleared.body.lostCallback, cleared.body.balance], [0, 'empty'])
})

test('a credential registered at run time can push with its own shortcode', async () => {
  await using bed = await openTestbed()
  const credential = {
    consumerKey: 'shop',
    consumerSecret: 'shop-secret',
    shortcode: '600123',
    passkey: 'shop-passkey',
    kinds: ['paybill'],
  }
  const put = await bed.call('PUT', '/simulator/credentials', credential)
  assert.equal(put.status, 200)
  assert.ok(!put.text.includes('secret') && !put.text.includes('passkey'))
  const list = await bed.call('GET', '/simulator/credentials')
  assert.ok(list.text.includes('600123') && !list.text.includes('shop-secret'))
  const headers = { authorization: `Basic ${Buffer.from('shop:shop-secret').toString('base64')}` }
  const path = '/oauth/v1/generate?grant_type=client_credentials'
  const token = String((await bed.call('GET', path, undefined, headers)).body.access_token)
  const own = { BusinessShortCode: 600123, PartyB: 600123, Password: passwordFor('600123', 'shop-passkey') }
  assert.equal((await bed.push(own, token)).status, 200)
  await bed.ended()
  assert.equal((await bed.push({}, token)).status, 200)
  const foreign = await bed.push(own)
  assert.equal(foreign.body.errorMessage, '[MerchantValidate] - Wrong credentials')
})

test('bad credentials are refused with every reason', async () => {
  await using bed = await openTestbed()
  const answer = await bed.call('PUT', '/simulator/credentials', {
    shortcode: '1',
    kinds: ['bank'],
    tillNumber: 'x',
  })
  assert.equal(answer.status, 400)
  assert.equal(Array.isArray(answer.body.errors) && answer.body.errors.length, 6)
  assert.equal((await bed.call('PUT', '/simulator/credentials', 'nonsense')).status, 400)
})

test('the index names the control routes', async () => {
  await using bed = await openTestbed()
  const { routes } = (await bed.call('GET', '/')).body
  assert.ok(Array.isArray(routes))
  assert.ok(routes.includes('POST /simulator/prompts/{id}/answer'))
})

function listed(answer: Answer, field: string): JsonObject[] {
  const list = answer.body[field]
  assert.ok(Array.isArray(list))
  return list.filter(isJsonObject)
}
