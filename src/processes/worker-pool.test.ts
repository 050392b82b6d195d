import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLogger } from '../log.ts'
import type { ReadyReport } from './worker-messages.ts'
import { startWorkerPool, type Worker } from './worker-pool.ts'

type Fake = { slot: number; worker: Worker; serve(): void; refuse(): void; die(): void; asked: string[] }

/** A process that does as it is told, and ends when it is asked to. */
function fake(slot: number): Fake {
  const ready = Promise.withResolvers<ReadyReport>()
  const ended = Promise.withResolvers<Awaited<Worker['ended']>>()
  const asked: string[] = []
  const end = (how: string) => {
    asked.push(how)
    ended.resolve({ code: 0, signal: null })
  }
  return {
    slot,
    asked,
    worker: {
      pid: slot,
      ready: ready.promise,
      ended: ended.promise,
      end: () => end('end'),
      kill: () => end('kill'),
    },
    serve: () => ready.resolve({ url: `http://${slot}`, demo: null, signInUrl: null }),
    refuse: () => ready.reject(new Error(`no room for ${slot}`)),
    die: () => ended.resolve({ code: null, signal: 'SIGKILL' }),
  }
}

/** A pool of two whose processes serve at once, unless told otherwise. */
function bed(serves: (one: Fake) => void = (one) => one.serve()) {
  const forked: Fake[] = []
  const lost: number[] = []
  const fork = (slot: number) => {
    const one = fake(slot)
    forked.push(one)
    serves(one)
    return one.worker
  }
  const forkedAgain = async (count: number) => {
    while (forked.length < count) await new Promise((resolve) => setImmediate(resolve))
  }
  const deps = { log: silentLogger, fork, onLost: (slot: number) => void lost.push(slot) }
  return { forked, lost, forkedAgain, starting: startWorkerPool(deps, { count: 2, pauseFirstMs: 1 }) }
}

test('a process that ends by itself is started again, as often as it takes', async () => {
  const { forked, lost, forkedAgain, starting } = bed()
  const pool = await starting
  assert.equal(pool.first.url, 'http://1')
  forked[0]?.die()
  await forkedAgain(3)
  forked[2]?.die()
  await forkedAgain(4)
  forked[1]?.die()
  await forkedAgain(5)
  assert.deepEqual(
    forked.map(({ slot }) => slot),
    [1, 2, 1, 1, 2],
  )
  assert.deepEqual(lost, [1, 1, 2])
  await pool.close()
})

test('none is started again once all are to end', async () => {
  const { forked, lost, starting } = bed()
  const pool = await starting
  await pool.close()
  assert.deepEqual(
    forked.map(({ asked }) => asked),
    [['end'], ['end']],
  )
  assert.deepEqual(lost, [])
})

test('when one cannot start the others end, and what ailed it is told', async () => {
  const { forked, starting } = bed((one) => (one.slot === 2 ? one.refuse() : one.serve()))
  await assert.rejects(starting, /no room for 2/)
  assert.deepEqual(forked[0]?.asked, ['end'])
})

test('the others start only once the first has done what is done once', async () => {
  const { forked, forkedAgain, starting } = bed((one) => one.slot === 2 && one.serve())
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(forked.length, 1)
  forked[0]?.serve()
  await forkedAgain(2)
  await (await starting).close()
})
