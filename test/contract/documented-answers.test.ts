// The two given surfaces, the hooks and the health routes answer as the OpenAPI document says.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { STK_CALLBACK_EXAMPLE } from '../../src/http/hooks/hooks-schema.ts'
import { type CheckedClient, createCheckedClient } from '../support/checked-client.ts'
import { objectIn, startTestGateway, type TestGateway, until } from '../support/gateway.ts'

let bed: TestGateway
let ask: CheckedClient
before(async () => {
  bed = await startTestGateway()
  ask = await createCheckedClient(bed)
})
after(() => bed[Symbol.asyncDispose]())

type Case = [expected: number, body: unknown, options?: { key?: string; headers?: Record<string, string> }]

test('every answer of /api/mpesa/stkPush is as documented', async () => {
  const body = { amount: 1, phoneNumber: '254700000000', accountId: 'A' }
  const headers = { 'idempotency-key': 'documented' }
  const cases: Case[] = [
    [200, body, { headers }],
    [200, body, { headers }],
    [422, { ...body, amount: 2 }, { headers }],
    [400, {}],
    [401, body, { key: 'sk_test_unknown' }],
    [422, { ...body, phoneNumber: '254700070002' }],
    [503, { ...body, phoneNumber: '254700070303' }],
    [504, { ...body, phoneNumber: '254700050000' }],
    [413, { ...body, accountId: 'x'.repeat(70_000) }],
    [415, body, { headers: { 'content-type': 'text/plain' } }],
  ]
  for (const [expected, wish, options] of cases) {
    const answer = await ask('POST', '/api/mpesa/stkPush', { body: wish, ...options })
    assert.equal(answer.status, expected, answer.text)
  }
})

test('every answer of /api/mpesa/check-status is as documented', async () => {
  const body = { amount: 1, phoneNumber: '254700001032', accountId: 'A' }
  const pushed = objectIn((await ask('POST', '/api/mpesa/stkPush', { body })).body, 'data')
  const check = (checkoutRequestId: unknown) =>
    ask('POST', '/api/mpesa/check-status', { body: { checkoutRequestId } })
  await until('the verdict', async () => {
    const answer = await check(pushed.CheckoutRequestID)
    return objectIn(answer.body, 'data').ResultCode === '1032'
  })
  assert.equal((await check('ws_CO_unknown')).status, 404)
  assert.equal((await check(7)).status, 400)
})

test('every answer of /api/stk-push is as documented', async () => {
  const body = { amount: 1, phone: '254700000000', reference: 'A', tag: null }
  const cases: Case[] = [
    [202, body],
    [422, {}],
    [401, body, { key: 'sk_test_unknown' }],
    [400, body, { headers: { 'idempotency-key': '' } }],
    [415, body, { headers: { 'content-type': 'text/plain' } }],
  ]
  for (const [expected, wish, options] of cases) {
    const answer = await ask('POST', '/api/stk-push', { body: wish, ...options })
    assert.equal(answer.status, expected, answer.text)
  }
  const sync = await ask('POST', '/api/stk-push?mode=sync', { body })
  assert.equal(sync.status, 200)
  const path = `/api/stk-push/${objectIn(sync.body, 'data').tracking_id}`
  const paid = await ask('GET', `${path}?wait=30`)
  assert.equal(objectIn(paid.body, 'data').status, 1)
  assert.equal((await ask('GET', '/api/stk-push/unknown')).status, 404)
  assert.equal((await ask('GET', `${path}?wait=x`)).status, 422)
})

test('every answer of the hooks and the health routes is as documented', async () => {
  for (const path of ['/hooks/stk-push', '/hooks/stk-push/no-token-of-ours']) {
    assert.equal((await ask('POST', path, { body: STK_CALLBACK_EXAMPLE })).status, 200)
    assert.equal((await ask('POST', path, { body: {} })).status, 400)
    assert.equal((await ask('POST', path, { body: 'x'.repeat(70_000) })).status, 413)
  }
  assert.equal((await ask('GET', '/healthz')).status, 200)
  assert.equal((await ask('GET', '/readyz')).status, 200)
})
