import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import type { JsonObject } from './json-body.ts'
import { openTestbed, passwordFor, stkCallback, type Testbed } from './testbed.ts'
import { openWatch } from './watch-client.ts'

const PHONE = '254712345678'

async function answer(bed: Testbed, body: JsonObject, fields: JsonObject = {}): Promise<string | null> {
  const id = String((await bed.push(fields)).body.CheckoutRequestID)
  const answered = await bed.call('POST', `/simulator/prompts/${id}/answer`, body)
  assert.equal(answered.status, 200, answered.text)
  return bed.latest().resultCode
}

async function phone(bed: Testbed): Promise<JsonObject> {
  const shown = await bed.call('GET', `/simulator/phones/${PHONE}`)
  assert.equal(shown.status, 200, shown.text)
  return shown.body
}

function texts(body: JsonObject): string[] {
  assert.ok(Array.isArray(body.messages))
  return body.messages.map((message: JsonObject) => String(message.text))
}

test('the right PIN pays: the money falls, and the M-PESA message says so', async () => {
  const clock = manualClock(Date.UTC(2026, 1, 16, 6, 18))
  await using bed = await openTestbed({ speed: 1, clock })
  await using page = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  const id = String((await bed.push()).body.CheckoutRequestID)
  const { prompt } = await page.latest('phone', (shown) => shown.prompt !== null)
  assert.deepEqual([prompt?.id, prompt?.amountKes, prompt?.payee], [id, 150, 'Daraja-Sandbox'])
  assert.equal(prompt?.text, 'Do you want to pay Kshs. 150 to Daraja-Sandbox Account no. INV-1001?')
  await bed.call('POST', `/simulator/prompts/${id}/answer`, { action: 'pay', pin: '1234' })
  const { receipt } = bed.latest()
  const after = await page.latest('phone', (shown) => shown.prompt === null && shown.messages.length > 0)
  assert.equal(after.balanceKes, 4850)
  assert.equal(
    after.messages[0]?.text,
    `${receipt} Confirmed. Ksh150.00 sent to Daraja-Sandbox for account INV-1001 on 16/2/26 at 9:18 AM ` +
      'New M-PESA balance is Ksh4,850.00. Transaction cost, Ksh0.00. ' +
      'Amount you can transact within the day is 499,850.00.',
  )
  assert.equal(stkCallback((await bed.received(1))[0]).ResultCode, 0)
})

test('a till is paid without an account number', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await using page = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  const till = { BusinessShortCode: 174380, Password: passwordFor('174380'), PartyB: 5174380 }
  await bed.push({ ...till, TransactionType: 'CustomerBuyGoodsOnline' })
  const { prompt } = await page.latest('phone', (shown) => shown.prompt !== null)
  assert.equal(prompt?.text, 'Do you want to pay Kshs. 150 to Daraja-Sandbox Till?')
  const id = String(prompt?.id)
  await bed.call('POST', `/simulator/prompts/${id}/answer`, { action: 'pay', pin: '1234' })
  assert.match(texts(await phone(bed))[0] ?? '', /Ksh150\.00 paid to Daraja-Sandbox Till\. on /)
})

test('each wrong PIN is 2001, the third locks it, and then the right one is 8006', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await using page = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  for (const left of [/2 attempts/, /1 attempt /, /locked/]) {
    assert.equal(await answer(bed, { action: 'pay', pin: '9999' }), '2001')
    assert.match(texts(await phone(bed)).at(-1) ?? '', left)
  }
  await page.latest('phone', (shown) => shown.isLocked)
  assert.equal(await answer(bed, { action: 'pay', pin: '1234' }), '8006')
  const callbacks = await bed.received(4)
  assert.equal(stkCallback(callbacks[3]).ResultDesc, 'The security credential is locked.')
  assert.equal((await phone(bed)).balanceKes, 5000)
  const unlocked = await bed.call('PATCH', `/simulator/phones/${PHONE}`, { unlock: true })
  assert.equal(unlocked.body.isLocked, false)
  assert.equal(await answer(bed, { action: 'pay', pin: '1234' }), '0')
})

test('a right PIN forgets the wrong ones before it', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.call('POST', '/simulator/phones', { number: PHONE, pin: '4321' })
  for (const [pin, code] of [
    ['0000', '2001'],
    ['0000', '2001'],
    ['4321', '0'],
    ['0000', '2001'],
    ['4321', '0'],
  ]) {
    assert.equal(await answer(bed, { action: 'pay', pin }), code)
  }
  assert.equal(await answer(bed, { action: 'right_pin' }), '0')
  assert.equal(await answer(bed, { action: 'wrong_pin' }), '2001')
})

test('too low a balance is 1, and nothing leaves it', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.call('POST', '/simulator/phones', { number: PHONE, pin: '1234', balanceKes: 149 })
  assert.equal(await answer(bed, { action: 'pay', pin: '1234' }), '1')
  assert.match(texts(await phone(bed))[0] ?? '', /not have enough money.*balance is Ksh149\.00/)
  assert.equal(await answer(bed, { action: 'insufficient' }), '1')
  await bed.call('PATCH', `/simulator/phones/${PHONE}`, { balanceKes: 150 })
  assert.equal(await answer(bed, { action: 'pay', pin: '1234' }), '0')
  assert.equal((await phone(bed)).balanceKes, 0)
})

test('more than 500,000 in a day of East Africa Time is 4, and the next day it is paid', async () => {
  const clock = manualClock(Date.UTC(2026, 1, 16, 20, 59))
  await using bed = await openTestbed({ speed: 1, clock })
  await bed.call('POST', '/simulator/phones', { number: PHONE })
  for (const code of ['0', '0', '4']) {
    assert.equal(await answer(bed, { action: 'pay' }, { Amount: '250000' }), code)
  }
  clock.advance(60_000)
  assert.equal(await answer(bed, { action: 'pay' }, { Amount: '250000' }), '0')
})

test('a phone that is off shows nothing, is busy for others, and ends with 1037', async () => {
  await using bed = await openTestbed({ speed: 200 })
  await using page = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  await bed.call('PATCH', `/simulator/phones/${PHONE}`, { isOn: false })
  const id = String((await bed.push()).body.CheckoutRequestID)
  assert.equal(bed.latest().promptShown, false)
  assert.equal((await bed.call('POST', `/simulator/prompts/${id}/answer`, { action: 'pay' })).status, 404)
  assert.match(String((await bed.push()).body.errorMessage), /Unable to lock subscriber/)
  assert.equal(stkCallback((await bed.received(1))[0]).ResultCode, 1037)
  assert.equal((await bed.query(id)).body.ResultDesc, 'DS timeout user cannot be reached.')
  assert.ok(page.told.phone.every((shown) => shown.prompt === null))
})

test('switching a phone off takes its prompt away for good', async () => {
  await using bed = await openTestbed({ speed: 20 })
  await using page = await openWatch(bed.simulator.url, `numbers=${PHONE}`)
  await bed.push()
  await page.latest('phone', (shown) => shown.prompt !== null)
  for (const isOn of [false, true]) {
    const changed = await bed.call('PATCH', `/simulator/phones/${PHONE}`, { isOn })
    assert.deepEqual([changed.body.isOn, changed.body.prompt], [isOn, null])
  }
  assert.equal(bed.latest().endedAtMs, null)
  assert.equal((await bed.ended()).resultCode, '1037')
})

test('what a phone can be set to is checked, and test numbers are no phones', async () => {
  await using bed = await openTestbed({ speed: 1 })
  await bed.call('POST', '/simulator/phones', { number: PHONE })
  for (const body of [{ balanceKes: -1 }, { balanceKes: 1.5 }, { pin: '12' }, { isOn: 'yes' }, '[']) {
    const answered = await bed.call('PATCH', `/simulator/phones/${PHONE}`, body)
    assert.equal(answered.status, 400, JSON.stringify(body))
  }
  assert.equal((await bed.call('PATCH', '/simulator/phones/254711111111', {})).status, 404)
  for (const query of ['numbers=254700000000', 'numbers=0712345678', `numbers=${tooMany()}`]) {
    assert.equal((await bed.call('GET', `/simulator/watch?${query}`)).status, 400, query)
  }
})

function tooMany(): string {
  return Array.from({ length: 9 }, (_, index) => `25471234567${index}`).join(',')
}
