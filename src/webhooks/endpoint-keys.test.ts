import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { createTestDatabase } from '../../test/support/database.ts'
import { verifyEd25519 } from '../../test/support/ed25519-reference.ts'
import { watchedDatabase } from '../db/testing/watched-database.ts'
import { createReadCache } from '../merchants/read-cache.ts'
import type { PublicKeys } from './endpoint-key-store.ts'
import { createFindPublicKeys, newSealedKey, rotateSigningKey } from './endpoint-keys.ts'
import { changeEndpoint, findEndpoint } from './endpoint-store.ts'
import { updateEndpoint } from './endpoints.ts'
import { createReceiver, type ReceivedRequest, status } from './testing/receiver.ts'
import { createWebhookBench, newId, sweepAndWait, type WebhookBench } from './testing/webhook-bench.ts'

const DAY_MS = 86_400_000

function schemesOf(request: ReceivedRequest | undefined): string[] {
  return (request?.headers['webhook-signature'] ?? '').split(' ').map((each) => each.split(',')[0] ?? '')
}

/** True when one of the request's signatures is by the private half of `publicKey`. */
function isSignedBy(publicKey: string | undefined, request: ReceivedRequest | undefined): boolean {
  assert.ok(publicKey && request)
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = request.headers
  const key = Buffer.from(publicKey.slice('whpk_'.length), 'base64')
  const content = Buffer.from(`${id}.${time}.${request.body}`)
  return (given ?? '')
    .split(' ')
    .filter((each) => each.startsWith('v1a,'))
    .some((each) => verifyEd25519(key, content, Buffer.from(each.slice('v1a,'.length), 'base64')))
}

function publicKeysOf(bench: WebhookBench) {
  const find = createFindPublicKeys({ ...bench, cache: createReadCache({ clock: bench.clock }) })
  return (id: Parameters<typeof find>[1]) => find(bench.owner.merchantId, id)
}

test('an endpoint is signed for by HMAC alone until it asks for a key', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const worker = bench.addWorker()
  assert.equal(await publicKeysOf(bench)(id), null)
  await bench.addEvent([id])
  await sweepAndWait(worker)
  const change = async (signatureSchemes: ('v1' | 'v1a')[]) => {
    const changed = await updateEndpoint(bench.endpointDeps, bench.owner, id, { signatureSchemes })
    assert.ok(changed.ok)
    await bench.addEvent([id])
    bench.clock.advance(5_000)
    await sweepAndWait(worker)
    return changed.endpoint.publicKey
  }
  const first = await change(['v1', 'v1a'])
  const again = await change(['v1a'])
  assert.equal(again, first)
  assert.equal(await change(['v1']), first)
  assert.deepEqual(receiver.requests.map(schemesOf), [['v1'], ['v1', 'v1a'], ['v1a'], ['v1']])
  assert.ok(isSignedBy(first ?? '', receiver.requests[1]))
  assert.ok(isSignedBy(first ?? '', receiver.requests[2]))
  assert.equal(await publicKeysOf(bench)(id), null)
})

test('a receiver needs the published key and no secret, and others’ webhooks do not pass', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const [one, two] = [
    await bench.addEndpoint(receiver.url, { signatureSchemes: ['v1', 'v1a'] }),
    await bench.addEndpoint(receiver.url, { signatureSchemes: ['v1a'] }),
  ]
  const worker = bench.addWorker()
  await bench.addEvent([one.id])
  await sweepAndWait(worker)
  await bench.addEvent([two.id])
  await sweepAndWait(worker)
  const keys = publicKeysOf(bench)
  const [first, second] = [await keys(one.id), await keys(two.id)]
  const [ofOne, ofTwo] = receiver.requests
  assert.ok(ofOne)
  new Webhook(one.secret).verify(ofOne.body, ofOne.headers)
  assert.ok(isSignedBy(first?.current, ofOne) && isSignedBy(second?.current, ofTwo))
  assert.ok(!isSignedBy(first?.current, ofTwo) && !isSignedBy(second?.current, ofOne))
  const find = createFindPublicKeys({ ...bench, cache: createReadCache({ clock: bench.clock }) })
  assert.equal(await find(newId(), one.id), null)
})

test('after a rotation both keys sign and are published for a day, then the new one alone', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url, { signatureSchemes: ['v1a'] })
  const former = (await publicKeysOf(bench)(id))?.current
  const rotated = await rotateSigningKey(bench.endpointDeps, bench.owner, id)
  assert.ok(rotated.ok)
  const current = rotated.endpoint.publicKey ?? ''
  assert.notEqual(current, former)
  const during = await publicKeysOf(bench)(id)
  assert.deepEqual([during?.current, ...formerOf(during)], [current, former])
  const worker = bench.addWorker()
  await bench.addEvent([id])
  await sweepAndWait(worker)
  assert.deepEqual(schemesOf(receiver.requests[0]), ['v1a', 'v1a'])
  assert.ok(isSignedBy(former, receiver.requests[0]) && isSignedBy(current, receiver.requests[0]))
  bench.clock.advance(DAY_MS)
  assert.deepEqual(await publicKeysOf(bench)(id), { current, former: [] })
  await bench.addEvent([id])
  await sweepAndWait(worker)
  assert.ok(isSignedBy(current, receiver.requests[1]) && !isSignedBy(former, receiver.requests[1]))
})

test('ids that are none, a thousand at once, cost few statements', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/', { signatureSchemes: ['v1a'] })
  const watched = watchedDatabase(db.pool)
  const cache = createReadCache<PublicKeys>({ clock: bench.clock })
  const find = createFindPublicKeys({ db: watched.db, clock: bench.clock, cache })
  const guessed = Array.from({ length: 1_000 }, () => find(newId(), newId()))
  const [known, ...none] = await Promise.all([find(bench.owner.merchantId, id), ...guessed])
  assert.ok(known !== null && none.every((each) => each === null))
  assert.ok(watched.sizes.length <= 10, `${watched.sizes.length} statements`)
  assert.equal(watched.runningMax, 1)
})

const formerOf = (keys: PublicKeys | null) => keys?.former.map(({ value }) => value) ?? []

test('each former key signs and is published until the end it was promised; zero ends all', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url, { signatureSchemes: ['v1a'] })
  const rotate = (overlap?: number) => rotateSigningKey(bench.endpointDeps, bench.owner, id, overlap)
  const first = (await publicKeysOf(bench)(id))?.current ?? ''
  const keyOf = (rotated: Awaited<ReturnType<typeof rotate>>) =>
    (rotated.ok ? rotated.endpoint.publicKey : null) ?? assert.fail('not rotated')
  const [second, third] = [keyOf(await rotate()), keyOf(await rotate(3_600))]
  const published = async () => {
    const keys = await publicKeysOf(bench)(id)
    return [keys?.current, ...formerOf(keys)]
  }
  const signedBy = async () => {
    await bench.addEvent([id])
    await sweepAndWait(bench.addWorker())
    return [third, second, first].filter((key) => isSignedBy(key, receiver.requests.at(-1)))
  }
  assert.deepEqual(
    [await published(), await signedBy()],
    [
      [third, second, first],
      [third, second, first],
    ],
  )
  bench.clock.advance(3_600_000)
  assert.deepEqual(
    [await published(), await signedBy()],
    [
      [third, first],
      [third, first],
    ],
  )
  const more = await Promise.all(Array.from({ length: 5 }, () => rotate()))
  assert.deepEqual(
    more.find(({ ok }) => !ok),
    { ok: false, code: 'too_many_rotations' },
  )
  const last = keyOf(await rotate(0))
  assert.deepEqual([await published(), await signedBy()], [[last], []])
})

test('asked for a key by two at once, an endpoint gets one, and signs by the one it shows', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url)
  const signatureSchemes: ('v1' | 'v1a')[] = ['v1a']
  const ask = () =>
    changeEndpoint(bench, bench.owner, id, {
      change: { signatureSchemes },
      // Each has seen that there is none.
      key: newSealedKey(bench, bench.owner.merchantId, id),
      now: new Date(bench.clock.now()),
    })
  const [first, second] = [await ask(), await ask()]
  assert.equal(second?.publicKey, first?.publicKey)
  await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  assert.ok(isSignedBy((await publicKeysOf(bench)(id))?.current, receiver.requests[0]))
})

test('a leaked key is taken out of force at once, and its public half is no longer published', async () => {
  await using db = await createTestDatabase()
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint('https://shop.example/', { signatureSchemes: ['v1a'] })
  const rotated = await rotateSigningKey(bench.endpointDeps, bench.owner, id, 0)
  assert.ok(rotated.ok)
  assert.deepEqual(await publicKeysOf(bench)(id), { current: rotated.endpoint.publicKey, former: [] })
  const rotate = (overlap?: number, owner = bench.owner) =>
    rotateSigningKey(bench.endpointDeps, owner, id, overlap)
  assert.equal((await rotate(604_801)).ok, false)
  assert.deepEqual(await rotate(0, { ...bench.owner, live: true }), { ok: false, code: 'not_found' })
  await updateEndpoint(bench.endpointDeps, bench.owner, id, { signatureSchemes: ['v1'] })
  const refused = await rotate()
  assert.ok(!refused.ok && refused.code === 'invalid')
})

test('a private key is stored sealed for its own row only, and no event shows any of it', async () => {
  await using db = await createTestDatabase()
  await using receiver = await createReceiver(status(410))
  await using bench = await createWebhookBench(db.pool)
  const { id } = await bench.addEndpoint(receiver.url, { signatureSchemes: ['v1a'] })
  const other = await bench.addEndpoint('https://other.example/', { signatureSchemes: ['v1a'] })
  await rotateSigningKey(bench.endpointDeps, bench.owner, id)
  const { rows } = await db.pool.query<{ text: string }>('select e::text as text from webhook_endpoints e')
  assert.doesNotMatch(JSON.stringify(rows), /whsk_/)
  await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  const told = await db.pool.query("select snapshot from events where type = 'webhook_endpoint.disabled'")
  assert.doesNotMatch(JSON.stringify(told.rows), /sealed|secret|previous|earlier/)
  assert.match(JSON.stringify(told.rows), /"public_key":"whpk_/)
  // Another row's key, put here in the database, does not open: nothing is signed by it.
  await db.pool.query(
    `update webhook_endpoints e set disabled_at = null, signing_key_sealed = o.signing_key_sealed
     from webhook_endpoints o where e.id = $1 and o.id = $2`,
    [id, other.id],
  )
  receiver.answer = status(200)
  await bench.addEvent([id])
  await sweepAndWait(bench.addWorker())
  assert.equal(receiver.requests.length, 1)
  assert.equal((await findEndpoint(bench, bench.owner, id))?.signatureSchemes[0], 'v1a')
})
