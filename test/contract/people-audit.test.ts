// What people of a merchant do in the dashboard is in its audit log, and what each of them may see and set.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { prefixedId } from '../../src/ids.ts'
import { createCheckedClient, rowsOf } from '../support/checked-client.ts'
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

test('a customer’s number in the reference of a payment made by hand is in no entry', async () => {
  const body = { amount: 5, phone: '254733000000', reference: 'AC0733000000' }
  const headers = { ...asMerchant(merchant), 'idempotency-key': 'by-number' }
  const made = await developer.ask('POST', '/v1/payments', body, headers)
  assert.equal(made.status, 201, made.text)
  const [entry] = rowsOf(await ask(owner, 'GET', '/v1/audit_log?action=payment.created'))
  assert.partialDeepStrictEqual(entry, {
    target: { id: made.body.id, name: 'AC2547*****000' },
    detail: { reference: 'AC2547*****000' },
  })
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

test('what is the owners’ own no developer does, nor by any key that a developer can get', async () => {
  const forget = (who: Person) => ask(who, 'POST', '/v1/phone_numbers/forget', { phone: '254712000000' })
  for (const who of [developer, support]) assert.equal((await forget(who)).status, 403)
  const own = (await ask(developer, 'GET', '/v1/account')).body.scopes as string[]
  assert.ok(own.includes('settings:write') && !own.some((scope) => scope.startsWith('merchant:')))
  const made = await ask(developer, 'POST', '/v1/api_keys', { name: 'all of them', scopes: own }, 'live')
  assert.equal(made.status, 201, made.text)
  for (const scope of ['merchant:write', 'merchant:read']) {
    const wish = { name: 'more', scopes: ['payments:read', scope] }
    const refused = await ask(developer, 'POST', '/v1/api_keys', wish, 'live')
    assert.equal(refused.status, 403)
    assert.match(String(refused.body.detail), new RegExp(`^The role developer lacks ${scope},`))
  }
  const ownerScopes = ['settings:write', 'merchant:write', 'merchant:read']
  const ofOwner = await ask(owner, 'POST', '/v1/api_keys', { name: 'set-up', scopes: ownerScopes }, 'live')
  const stolen = await ask(developer, 'POST', `/v1/api_keys/${ofOwner.body.id}/rotate`, {}, 'live')
  assert.equal(stolen.status, 403, 'a rotation gives out the text of a key')
  const unnamed = await ask(owner, 'POST', '/v1/api_keys', { name: 'usual' }, 'live')
  assert.deepEqual(
    (unnamed.body.scopes as string[]).filter((scope) => scope.startsWith('merchant:')),
    [],
  )
  const statuses = async (secret: unknown) => {
    const byKey = await createCheckedClient(bed)
    const key = String(secret)
    const calls: ['GET' | 'PATCH' | 'POST', string, unknown?][] = [
      ['GET', '/v1/settings'],
      ['PATCH', '/v1/settings', { phone_retention_days: null }],
      ['POST', '/v1/phone_numbers/forget', { phone: '254712000000' }],
    ]
    const answers = calls.map(([method, path, body]) => byKey(method, path, { body, key }))
    return (await Promise.all(answers)).map(({ status }) => status)
  }
  assert.deepEqual(await statuses(made.body.secret), [403, 403, 403])
  assert.deepEqual(await statuses(unnamed.body.secret), [403, 403, 403])
  assert.deepEqual(await statuses(ofOwner.body.secret), [200, 200, 200])
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
