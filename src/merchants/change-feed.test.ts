import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as settle } from 'node:timers/promises'
import fc from 'fast-check'
import { manualClock } from '../clock.ts'
import { DatabaseUnavailableError } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { silentLogger } from '../log.ts'
import { createChangeFeed, HEARD_MAX_MS } from './change-feed.ts'
import { EVERY_MERCHANT, type FeedAnswer, type FeedMoment } from './change-feed-store.ts'
import { createReadCache, FOLLOWED_MAX_MS, READ_CACHE_TTL_MS } from './read-cache.ts'

/** What every merchant is promised of a revoked key. */
const PROMISED_MS = 5_000
const MERCHANTS = ['a', 'b'] as Uuid[]

/** Something that was asked of the database: it looks at once time, and its answer comes at another. */
type Asked = { look(): void; answer(): void; fail(): void }

/** Something more to be looked at and answered. */
function askOf<R>(asked: Asked[], look: () => R): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>()
  let seen: { found: R } | null = null
  const lookOnce = () => {
    seen ??= { found: look() }
    return seen.found
  }
  asked.push({
    look: lookOnce,
    answer: () => resolve(lookOnce()),
    fail: () => reject(new DatabaseUnavailableError('away', { didNotRun: true })),
  })
  return promise
}

/** A database, a feed and a cache on it, and three times: the true one, a clock, and what has elapsed. */
function createWorld() {
  const clock = manualClock(1_000_000)
  const time = { trueMs: 0, elapsedMs: 0 }
  const commits: { merchantId: Uuid; atMs: number }[] = []
  const server = { run: 1 }
  const asked: Asked[] = []
  const loads = { count: 0 }
  let tick = () => {}

  function changesSince(since: FeedMoment | null): FeedAnswer {
    const continues = since !== null && Number(since.serverStartedAt) === server.run
    const merchants = commits.slice(Number(since?.snapshot)).map(({ merchantId }) => merchantId)
    const at = { snapshot: String(commits.length), serverStartedAt: String(server.run), at: '' }
    return { moment: at, merchants: continues ? merchants : [], continues, isStandby: false }
  }

  const elapsedMs = () => time.elapsedMs
  const feed = createChangeFeed({
    ...{ clock, log: silentLogger, elapsedMs },
    read: (since) => askOf(asked, () => changesSince(since)),
    pause: () => new Promise<void>((resolve) => (tick = resolve)),
  })
  const merchantOf = (value: { merchantId: Uuid }) => value.merchantId
  const cache = createReadCache<{ merchantId: Uuid; version: number }>({
    ...{ clock, elapsedMs, follow: { feed, merchantOf } },
  })
  const versionAt = (merchantId: Uuid, atMs: number) =>
    commits.filter((commit) => commit.merchantId === merchantId && commit.atMs <= atMs).length
  return {
    ...{ clock, time, commits, server, asked, loads, versionAt },
    tick: () => tick(),
    pass(ms: number) {
      clock.advance(ms)
      time.trueMs += ms
      time.elapsedMs += ms
    },
    commit: (merchantId: Uuid) => commits.push({ merchantId, atMs: time.trueMs }),
    async get(merchantId: Uuid) {
      const load = () => {
        loads.count += 1
        return askOf(asked, () => ({ merchantId, version: versionAt(merchantId, time.trueMs) }))
      }
      return (await cache.get(merchantId, load))?.version
    },
    async answerAll() {
      for (const each of asked.splice(0)) each.answer()
      await settle()
    },
    /** A second goes by, in which the feed asks and hears. */
    async second() {
      this.pass(1_000)
      tick()
      await settle()
      await this.answerAll()
    },
  }
}

type World = ReturnType<typeof createWorld>

/** A world whose cache has read both merchants after the feed was first heard. */
async function createHeardWorld(): Promise<World> {
  const world = createWorld()
  for (const round of [1, 2]) {
    for (const merchantId of MERCHANTS) void world.get(merchantId)
    await world.answerAll()
    for (let second = 0; round === 1 && second < 5; second += 1) await world.second()
  }
  return world
}

describe('what is remembered of a merchant', () => {
  it('is read once while the feed is heard, and again after ten minutes all the same', async () => {
    const world = await createHeardWorld()
    const before = world.loads.count
    for (let second = 0; second < FOLLOWED_MAX_MS / 1_000 - 1; second += 1) {
      await world.second()
      await world.get('a' as Uuid)
    }
    assert.equal(world.loads.count, before)
    await world.second()
    void world.get('a' as Uuid)
    assert.equal(world.loads.count, before + 1)
  })

  it('is read again as soon as a change of it was heard of, and only of it', async () => {
    const world = await createHeardWorld()
    const before = world.loads.count
    world.commit('a' as Uuid)
    await world.second()
    assert.equal(await world.get('b' as Uuid), 0)
    assert.equal(world.loads.count, before)
    const again = world.get('a' as Uuid)
    await world.answerAll()
    assert.equal(await again, 1)
  })

  it('is read again when a whole table was emptied', async () => {
    const world = await createHeardWorld()
    for (let second = 0; second < 5; second += 1) await world.second()
    const before = world.loads.count
    world.commit(EVERY_MERCHANT)
    await world.second()
    for (const merchantId of MERCHANTS) void world.get(merchantId)
    assert.equal(world.loads.count, before + 2)
  })

  it('ages as ever once the feed is silent', async () => {
    const world = await createHeardWorld()
    const before = world.loads.count
    world.pass(READ_CACHE_TTL_MS)
    void world.get('a' as Uuid)
    assert.equal(world.loads.count, before + 1)
  })

  it('ages from when the feed was asked, however late it answers', async () => {
    const world = await createHeardWorld()
    for (let second = 0; second < 5; second += 1) await world.second()
    world.tick()
    await settle()
    world.asked[0]?.look()
    world.commit('a' as Uuid)
    world.pass(HEARD_MAX_MS - 1)
    await world.answerAll()
    world.pass(1)
    const again = world.get('a' as Uuid)
    await world.answerAll()
    assert.equal(await again, 1)
  })

  it('costs no question once nobody has used it for ten seconds', async () => {
    const world = await createHeardWorld()
    for (let second = 0; second < 12; second += 1) await world.second()
    world.tick()
    await settle()
    assert.equal(world.asked.length, 0)
  })
})

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('commit' as const), place: fc.nat(1) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('get' as const), place: fc.nat(1) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 2_500 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('tick' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('look' as const), place: fc.nat(3) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answer' as const), place: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), place: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failover' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('fault' as const), ms: fc.integer({ min: 1, max: 60_000 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function act(world: World, fault: 'set back' | 'asleep', at: Step, seen: Promise<void>[]): void {
  const { asked, time } = world
  if (at.kind === 'commit') world.commit(MERCHANTS[at.place] ?? EVERY_MERCHANT)
  else if (at.kind === 'pass') world.pass(at.ms)
  else if (at.kind === 'tick') world.tick()
  else if (at.kind === 'look') asked[at.place]?.look()
  else if (at.kind === 'answer') asked.splice(at.place, 1)[0]?.answer()
  else if (at.kind === 'fail') asked.splice(at.place, 1)[0]?.fail()
  else if (at.kind === 'failover') world.server.run += 1
  else if (at.kind === 'fault' && fault === 'set back') world.clock.advance(-at.ms)
  else if (at.kind === 'fault') {
    world.clock.advance(at.ms)
    time.trueMs += at.ms
  } else if (at.kind === 'get') {
    const merchantId = MERCHANTS[at.place] ?? EVERY_MERCHANT
    const promised = world.versionAt(merchantId, time.trueMs - PROMISED_MS)
    const check = (version: number | undefined) =>
      assert.ok((version ?? 0) >= promised, `${version} < ${promised}`)
    seen.push(
      world
        .get(merchantId)
        .then(check, (error: unknown) => assert.ok(error instanceof DatabaseUnavailableError)),
    )
  }
}

describe('a change', () => {
  it('counts within 5 s, whatever is late, lost, set back, asleep or failed over', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('set back' as const, 'asleep' as const),
        fc.array(step, { minLength: 20, maxLength: 60 }),
        async (fault, steps) => {
          const world = await createHeardWorld()
          const seen: Promise<void>[] = []
          for (const each of steps) {
            act(world, fault, each, seen)
            await settle()
          }
          await world.answerAll()
          await Promise.all(seen)
        },
      ),
      { numRuns: 400 },
    )
  })
})
