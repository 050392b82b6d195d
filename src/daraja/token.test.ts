import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import { createMemoryTokenStore } from './testing/memory-token-store.ts'
import { stubCredential } from './testing/stub-daraja.ts'
import { type CredentialVerdict, createDarajaTokens, type DarajaTokens, type TokenResult } from './token.ts'
import type { TokenAnswer } from './token-request.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 0, 1)
const credential = stubCredential('http://stub')

type Settings = {
  requests: number
  lifeMs: number
  /** What Daraja says in place of a token. */
  answer: TokenAnswer | null
  /** What happens elsewhere while a process waits for another. */
  meanwhile: () => void
}

/** Processes that share a store and a Daraja, which issues `t1`, `t2`, … unless `answer` is set. */
function createWorld(processes = 1) {
  const clock = manualClock(START_MS)
  const store = createMemoryTokenStore()
  const world: Settings = { requests: 0, lifeMs: HOUR_MS, answer: null, meanwhile: () => {} }
  const request = async (): Promise<TokenAnswer> => {
    world.requests += 1
    const issued = { kind: 'issued' as const, accessToken: `t${world.requests}`, lifeMs: world.lifeMs }
    await new Promise((resolve) => setImmediate(resolve))
    return world.answer ?? issued
  }
  const pause = async (ms: number) => {
    await new Promise((resolve) => setImmediate(resolve))
    world.meanwhile()
    assert.equal(ms, 100)
  }
  const verdicts: string[] = []
  const onVerdict = async (_credential: unknown, verdict: CredentialVerdict) => {
    verdicts.push(verdict.kind)
  }
  const start = () => createDarajaTokens({ clock, log: silentLogger, store, request, pause, onVerdict })
  const [first, ...others] = Array.from({ length: processes }, start)
  if (first === undefined) throw new Error('a world has a process')
  return Object.assign(world, { clock, store, verdicts, tokens: first, all: [first, ...others] })
}

function tokenOf(result: TokenResult): string {
  return result.kind === 'token' ? result.accessToken : result.kind
}

async function get(tokens: DarajaTokens): Promise<string> {
  return tokenOf(await tokens.get(credential))
}

test('a burst of payments asks for one token', async () => {
  const world = createWorld()
  const results = await Promise.all(Array.from({ length: 50 }, () => get(world.tokens)))
  assert.deepEqual(new Set(results), new Set(['t1']))
  assert.equal(world.requests, 1)
})

test('processes that start at once ask for one token between them', async () => {
  const world = createWorld(5)
  const results = await Promise.all(world.all.map(get))
  assert.deepEqual(new Set(results), new Set(['t1']))
  assert.equal(world.requests, 1)
})

test('a fresh token costs no look at the store', async () => {
  const world = createWorld()
  await get(world.tokens)
  const calls = world.store.calls()
  assert.equal(await get(world.tokens), 't1')
  assert.equal(world.store.calls(), calls)
})

test('a token is renewed five minutes before its end, or a tenth of a short life', async () => {
  const world = createWorld()
  await get(world.tokens)
  world.clock.advance(HOUR_MS - 5 * MINUTE_MS - 1)
  assert.equal(await get(world.tokens), 't1')
  world.lifeMs = MINUTE_MS
  world.clock.advance(1)
  assert.equal(await get(world.tokens), 't2')
  world.clock.advance(MINUTE_MS * 0.9 - 1)
  assert.equal(await get(world.tokens), 't2')
  world.clock.advance(1)
  assert.equal(await get(world.tokens), 't3')
})

test('a process that starts later takes the stored token', async () => {
  const world = createWorld(2)
  await get(world.tokens)
  for (const tokens of world.all) assert.equal(await get(tokens), 't1')
  assert.equal(world.requests, 1)
})

test('while a renewal ahead of time fails, the old token serves to its end and no longer', async () => {
  const world = createWorld()
  await get(world.tokens)
  world.answer = { kind: 'unavailable', detail: 'down', retryAfterMs: null }
  world.clock.advance(HOUR_MS - 5 * MINUTE_MS)
  assert.equal(await get(world.tokens), 't1')
  assert.equal(await get(world.tokens), 't1')
  assert.equal(world.requests, 2, 'not tried again at once')
  world.clock.advance(10_000)
  assert.equal(await get(world.tokens), 't1')
  assert.equal(world.requests, 3)
  world.clock.advance(5 * MINUTE_MS)
  assert.equal(await get(world.tokens), 'unavailable')
  world.answer = null
  assert.equal(await get(world.tokens), 't5')
})

test('a refused token is replaced once, however many payments were refused with it', async () => {
  const world = createWorld(2)
  const [one, two] = world.all
  if (one === undefined || two === undefined) throw new Error('two processes')
  await Promise.all([get(one), get(two)])
  const replaced = await Promise.all(
    [one, one, one, two, two].map((tokens) => tokens.replace(credential, 1).then(tokenOf)),
  )
  assert.deepEqual(new Set(replaced), new Set(['t2']))
  assert.equal(world.requests, 2)
})

test('a refusal of an old token leaves the new one alone', async () => {
  const world = createWorld()
  await get(world.tokens)
  await world.tokens.replace(credential, 1)
  assert.equal(tokenOf(await world.tokens.replace(credential, 1)), 't2')
  assert.equal(world.requests, 2)
})

test('a process whose token was renewed by another finds the new one in the store', async () => {
  const world = createWorld(2)
  const [one, two] = world.all
  if (one === undefined || two === undefined) throw new Error('two processes')
  await Promise.all([get(one), get(two)])
  await one.replace(credential, 1)
  assert.equal(await get(two), 't1', 'from its memory')
  assert.equal(tokenOf(await two.replace(credential, 1)), 't2')
  assert.equal(world.requests, 2)
})

test('wrong keys are not offered to Daraja again for a while, by any process', async () => {
  const world = createWorld(2)
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  for (const tokens of [...world.all, ...world.all]) assert.equal(await get(tokens), 'refused')
  assert.equal(world.requests, 1)
  world.answer = null
  world.clock.advance(15_000)
  assert.equal(await get(world.tokens), 't2')
  assert.equal(world.store.record().refusal, null)
})

test('the longer keys are refused, the seldomer they are offered, by all processes together', async () => {
  const world = createWorld(3)
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  const inHour = async () => {
    const before = world.requests
    for (let n = 0; n < 3_600; n += 1) {
      world.clock.advance(1_000)
      for (const tokens of world.all) await get(tokens)
    }
    return world.requests - before
  }
  assert.ok((await inHour()) <= 16, String(world.requests))
  assert.equal(await inHour(), 12, 'every five minutes')
})

test('mended keys are used within five seconds by processes that did not find out themselves', async () => {
  const world = createWorld(2)
  const [one, two] = world.all
  if (one === undefined || two === undefined) throw new Error('two processes')
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  for (let n = 0; n < 3_600; n += 1) {
    world.clock.advance(1_000)
    for (const tokens of world.all) await get(tokens)
  }
  world.answer = null
  const token = tokenOf(await one.renew(credential))
  world.clock.advance(5_000)
  assert.equal(await get(two), token)
})

test('a verdict on the keys is told by who asked, a refusal only when no token is left', async () => {
  const world = createWorld()
  await get(world.tokens)
  assert.deepEqual(world.verdicts, ['accepted'])
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  world.clock.advance(HOUR_MS - 5 * MINUTE_MS)
  assert.equal(await get(world.tokens), 't1', 'the old one serves')
  assert.deepEqual(world.verdicts, ['accepted'])
  world.clock.advance(5 * MINUTE_MS)
  assert.equal(await get(world.tokens), 'refused')
  assert.deepEqual(world.verdicts, ['accepted', 'refused'])
})

test('a verification asks Daraja although there is a token, and what it gets is shared', async () => {
  const world = createWorld(2)
  await get(world.tokens)
  assert.equal(tokenOf(await world.tokens.renew(credential)), 't2')
  assert.equal(await get(world.tokens), 't2')
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  world.clock.advance(5_000)
  assert.equal(tokenOf(await world.tokens.renew(credential)), 'refused')
  assert.equal(await get(world.tokens), 't2', 'the token that works is kept')
})

test('verifications without a pause ask Daraja once in five seconds', async () => {
  const world = createWorld()
  for (let n = 0; n < 30; n += 1) {
    const proofs = await Promise.all([world.tokens.renew(credential), world.tokens.renew(credential)])
    assert.deepEqual(proofs.map(tokenOf), Array(2).fill(`t${world.requests}`))
    world.clock.advance(1_000)
  }
  assert.equal(world.requests, 6)
})

test('a verification during a refusal asks again', async () => {
  const world = createWorld()
  world.answer = { kind: 'refused', detail: 'HTTP 400' }
  assert.equal(await get(world.tokens), 'refused')
  world.answer = null
  assert.equal(tokenOf(await world.tokens.renew(credential)), 't2')
  assert.equal(await get(world.tokens), 't2')
})

test('a verification does not settle for the answer of a search under way', async () => {
  const world = createWorld()
  const search = get(world.tokens)
  assert.equal(tokenOf(await world.tokens.renew(credential)), 't2')
  assert.equal(await search, 't1')
})

const THEIRS = { accessToken: 'theirs', lifeMs: HOUR_MS, expiresAtMs: START_MS + HOUR_MS }

test('who waits for another process takes what it stores', async () => {
  const world = createWorld()
  world.store.hold()
  world.meanwhile = () => world.store.put(THEIRS, 1)
  assert.equal(await get(world.tokens), 'theirs')
  assert.equal(world.requests, 0)
})

test('waiting for a process that never stores anything has an end', async () => {
  const world = createWorld()
  world.store.hold()
  let looks = 0
  world.meanwhile = () => {
    looks += 1
  }
  assert.equal(await get(world.tokens), 'unavailable')
  assert.equal(world.requests, 0)
  assert.equal(looks, 30)
})

test('while another process renews ahead of time, the old token serves', async () => {
  const world = createWorld()
  await get(world.tokens)
  world.clock.advance(HOUR_MS - 5 * MINUTE_MS)
  world.store.hold()
  assert.equal(await get(world.tokens), 't1')
  assert.equal(world.requests, 1)
})

test('who lost its lease while Daraja was slow takes the token of who has it', async () => {
  const world = createWorld()
  const save = world.store.save
  world.store.save = async () => {
    world.store.put(THEIRS, 1)
    world.store.save = save
    return null
  }
  assert.equal(await get(world.tokens), 'theirs')
  assert.equal(world.requests, 1)
})

test('a store that lost its rows is started anew', async () => {
  const world = createWorld()
  await get(world.tokens)
  await world.tokens.replace(credential, 1)
  await world.tokens.replace(credential, 2)
  world.store.put({ accessToken: 'gone', lifeMs: 0, expiresAtMs: 0 }, 0)
  assert.equal(tokenOf(await world.tokens.replace(credential, 3)), 't4')
  assert.equal(await get(world.tokens), 't4')
  assert.equal(world.requests, 4)
})

test('a store that fails fails the call and not the next one', async () => {
  const world = createWorld()
  const read = world.store.read
  world.store.read = () => Promise.reject(new Error('database away'))
  await assert.rejects(get(world.tokens), /database away/)
  world.store.read = read
  assert.equal(await get(world.tokens), 't1')
})
