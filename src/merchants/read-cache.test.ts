import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../clock.ts'
import { createReadCache, READ_CACHE_TTL_MS } from './read-cache.ts'

function counting<V>(value: V) {
  const loads = { count: 0, value }
  const load = async () => {
    loads.count += 1
    return loads.value
  }
  return { loads, load }
}

describe('the read cache', () => {
  it('reads once in its time to live, and again after it', async () => {
    const clock = manualClock(1_000_000)
    const cache = createReadCache<string>({ clock })
    const { loads, load } = counting('a')
    assert.equal(await cache.get('k', load), 'a')
    loads.value = 'b'
    clock.advance(READ_CACHE_TTL_MS - 1)
    assert.equal(await cache.get('k', load), 'a')
    clock.advance(1)
    assert.equal(await cache.get('k', load), 'b')
    assert.equal(loads.count, 2)
  })

  it('remembers for as long that there is nothing', async () => {
    const clock = manualClock(1_000_000)
    const cache = createReadCache<string>({ clock })
    const { loads, load } = counting<string | null>(null)
    assert.equal(await cache.get('k', load), null)
    loads.value = 'made'
    assert.equal(await cache.get('k', load), null)
    clock.advance(READ_CACHE_TTL_MS)
    assert.equal(await cache.get('k', load), 'made')
  })

  it('shares one read between callers, and keeps no failed one', async () => {
    const cache = createReadCache<string>({ clock: manualClock(1_000_000) })
    let count = 0
    const failing = async () => {
      count += 1
      throw new Error('down')
    }
    const both = await Promise.allSettled([cache.get('k', failing), cache.get('k', failing)])
    assert.deepEqual(
      both.map((each) => each.status),
      ['rejected', 'rejected'],
    )
    assert.equal(count, 1)
    assert.equal(await cache.get('k', async () => 'up'), 'up')
  })

  it('counts the age from before the read, so that a slow one is not kept for longer', async () => {
    const clock = manualClock(1_000_000)
    const cache = createReadCache<string>({ clock })
    const slow = Promise.withResolvers<string>()
    const first = cache.get('k', () => slow.promise)
    clock.advance(READ_CACHE_TTL_MS)
    assert.equal(await cache.get('k', async () => 'new'), 'new')
    slow.resolve('old')
    assert.equal(await first, 'old')
    assert.equal(await cache.get('k', async () => 'unused'), 'new')
  })
})

describe('an entry of the read cache', () => {
  it('is not kept alive by a clock that was set back', async () => {
    const clock = manualClock(1_000_000)
    const cache = createReadCache<string>({ clock })
    await cache.get('k', async () => 'before')
    clock.advance(-3_600_000)
    assert.equal(await cache.get('k', async () => 'after'), 'after')
  })

  it('is not kept alive by a clock that was set back a little, or that stands', async () => {
    const clock = manualClock(1_000_000)
    const elapsed = { ms: 0 }
    const cache = createReadCache<string>({ clock, elapsedMs: () => elapsed.ms })
    await cache.get('k', async () => 'before')
    elapsed.ms = READ_CACHE_TTL_MS
    assert.equal(await cache.get('k', async () => 'after'), 'after')
  })

  it('is forgotten on demand, even while it is being read', async () => {
    const cache = createReadCache<string>({ clock: manualClock(1_000_000) })
    const slow = Promise.withResolvers<string>()
    const first = cache.get('k', () => slow.promise)
    cache.forget('k')
    slow.resolve('old')
    assert.equal(await first, 'old')
    assert.equal(await cache.get('k', async () => 'new'), 'new')
  })

  it('stays while it is in use, however many unknown keys are tried', async () => {
    const cache = createReadCache<string>({ clock: manualClock(1_000_000) })
    await cache.get('mine', async () => 'kept')
    for (let index = 0; index < 20_001; index += 1) await cache.get(`unknown ${index}`, async () => null)
    const { loads, load } = counting<string | null>(null)
    assert.equal(await cache.get('mine', load), 'kept')
    await cache.get('unknown 0', load)
    assert.equal(loads.count, 1, 'the oldest unknown key was let go')
  })
})
