// What people of a merchant do in the dashboard is in its audit log, and what each of them may see and set.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { prefixedId } from '../../src/ids.ts'
import { rowsOf } from '../support/checked-client.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { asMerchant, inviteColleague, type Person, signUp, WITH_ACCOUNTS } from '../support/people.ts'

let bed: TestGateway
let merchant: string
let owner: Person
let developer: Person
let support: Person
before(async () => {
  bed = await startTestGateway({ env: WITH_ACCOUNTS })
  merchant = prefixedId('mer', bed.merchant.id)
  owner = await signUp(bed, 'amina@shop.example')
  const invite = (email: string, role: string) => inviteColleague(bed, owner, { merchant, email, role })
  developer = await invite('dev@shop.example', 'developer')
  support = await invite('help@shop.example', 'support')
})
after(() => bed[Symbol.asyncDispose]())

function ask(who: Person, method: string, path: string, body?: unknown, mode: 'test' | 'live' = 'test') {
  return who.ask(method, path, body, { ...asMerchant(merchant, mode), 'user-agent': 'Firefox' })
}

test('a payment that a person makes is recorded once, with the number masked', async () => {
  const body = { amount: 5, phone: '254700000000', reference: 'BY-HAND', wait: 20 }
  const headers = { ...asMerchant(merchant), 'idempotency-key': 'by-hand' }
  const paid = await developer.ask('POST', '/v1/payments', body, headers)
  assert.equal(paid.body.status, 'succeeded', paid.text)
  const again = await developer.ask('POST', '/v1/payments', body, headers)
  assert.equal(again.body.id, paid.body.id)
  const [entry, ...more] = rowsOf(await ask(owner, 'GET', '/v1/audit_log?action=payment.created'))
  assert.deepEqual(more, [])
  assert.partialDeepStrictEqual(entry, {
    actor: { kind: 'user', name: 'dev@shop.example', role: 'developer' },
    target: { id: paid.body.id, name: 'BY-HAND' },
    detail: { amount: 5, phone: '2547*****000' },
  })
  const { actor } = entry as { actor: { id: string } }
  const own = rowsOf(await ask(owner, 'GET', `/v1/audit_log?actor=${actor.id}`))
  assert.ok(own.some(({ id }) => id === entry?.id))
})

test('owners and developers read the log of both sides, and support does not', async () => {
  await ask(developer, 'POST', '/v1/api_keys', { name: 'of the test side' })
  await ask(developer, 'POST', '/v1/api_keys', { name: 'of the live side' }, 'live')
  for (const who of [owner, developer]) {
    const rows = rowsOf(await ask(who, 'GET', '/v1/audit_log?action=api_key.created'))
    assert.deepEqual(new Set(rows.map(({ live }) => live)), new Set([true, false]))
  }
  assert.equal((await ask(support, 'GET', '/v1/audit_log')).status, 403)
})

test('owners alone read and change the settings, on either side', async () => {
  for (const who of [developer, support]) {
    assert.equal((await ask(who, 'GET', '/v1/settings')).status, 403)
    assert.equal((await ask(who, 'PATCH', '/v1/settings', { language: 'sw' })).status, 403)
  }
  const changed = await ask(owner, 'PATCH', '/v1/settings', { language: 'sw', name: 'Duka' })
  assert.partialDeepStrictEqual(changed.body, { language: 'sw', name: 'Duka' })
  const [entry] = rowsOf(await ask(owner, 'GET', '/v1/audit_log?action=settings.updated'))
  assert.partialDeepStrictEqual(entry, {
    actor: { kind: 'user', name: 'amina@shop.example', role: 'owner' },
    live: null,
    user_agent: 'Firefox',
    changes: [
      { field: 'language', from: 'en', to: 'sw' },
      { field: 'name', from: 'test', to: 'Duka' },
    ],
  })
})
