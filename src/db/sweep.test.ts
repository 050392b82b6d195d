import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startNeededSweep, startSweep } from './sweep.ts'

/** So long that nothing here can be due to it: every further run has another reason. */
const NEVER_MS = 2 ** 30
const FULL = 10

const fail = (task: string, error: unknown) => assert.fail(`${task}: ${error}`)

test('while batches come back full the next one follows at once, and after that the task rests', async () => {
  const batches = [FULL, FULL + 5, FULL, FULL - 1]
  const rested = Promise.withResolvers<void>()
  let runs = 0
  const run = async () => {
    const taken = batches[runs] ?? 0
    runs += 1
    if (runs >= batches.length) rested.resolve()
    return taken
  }
  const sweep = startSweep([{ name: 'due', run }], { fullBatch: FULL, onError: fail, intervalMs: NEVER_MS })
  await rested.promise
  await sweep.close()
  assert.equal(runs, batches.length)
})

test('a task that fails is reported and runs again, and holds up no other', async () => {
  const errors: string[] = []
  const enough = Promise.withResolvers<void>()
  let good = 0
  const tasks = [
    {
      name: 'bad',
      async run(): Promise<number> {
        throw new Error('no database')
      },
    },
    {
      name: 'good',
      async run() {
        good += 1
        return 0
      },
    },
  ]
  const onError = (task: string, error: unknown) => {
    errors.push(`${task}: ${error instanceof Error ? error.message : error}`)
    if (errors.length >= 3 && good >= 3) enough.resolve()
  }
  const sweep = startSweep(tasks, { fullBatch: FULL, onError, intervalMs: 1 })
  await enough.promise
  await sweep.close()
  assert.deepEqual([...new Set(errors)], ['bad: no database'])
})

test('a task that never ends holds up no other', async () => {
  const stuck = Promise.withResolvers<number>()
  const enough = Promise.withResolvers<void>()
  let good = 0
  const run = async () => {
    good += 1
    if (good === 5) enough.resolve()
    return 0
  }
  const tasks = [
    { name: 'stuck', run: () => stuck.promise },
    { name: 'good', run },
  ]
  const sweep = startSweep(tasks, { fullBatch: FULL, onError: fail, intervalMs: 1 })
  await enough.promise
  stuck.resolve(0)
  await sweep.close()
})

test('closing waits for the batch under way, and no other begins', async () => {
  const begun = Promise.withResolvers<void>()
  const batch = Promise.withResolvers<number>()
  let runs = 0
  const run = () => {
    runs += 1
    begun.resolve()
    return batch.promise
  }
  const sweep = startSweep([{ name: 'due', run }], { fullBatch: FULL, onError: fail, intervalMs: 1 })
  await begun.promise
  let closed = false
  const closing = sweep.close().then(() => {
    closed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(closed, false)
  batch.resolve(FULL)
  await closing
  assert.equal(runs, 1)
})

test('closing tells the tasks under way, which need not go on to their own end', async () => {
  const begun = { plain: Promise.withResolvers<void>(), needed: Promise.withResolvers<void>() }
  const untilTold = (name: keyof typeof begun) => ({
    name,
    run(signal: AbortSignal) {
      begun[name].resolve()
      return new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(0)))
    },
  })
  const options = { fullBatch: FULL, onError: fail, intervalMs: NEVER_MS }
  const plain = startSweep([untilTold('plain')], options)
  const look = { name: 'look', run: async () => ({ needed: true }) }
  const needed = startNeededSweep(look, { needed: untilTold('needed') }, options)
  await Promise.all([begun.plain.promise, begun.needed.promise])
  await plain.close()
  await needed.close()
})

test('closing does not wait for the next turn', async () => {
  const begun = Promise.withResolvers<void>()
  const run = async () => {
    begun.resolve()
    return 0
  }
  const sweep = startSweep([{ name: 'due', run }], { fullBatch: FULL, onError: fail, intervalMs: NEVER_MS })
  await begun.promise
  await sweep.close()
  await sweep.close()
})

/** A task that takes `batches`, one after the other, and then nothing. */
function taskOf(name: string, batches: number[], onRun: () => void = () => undefined) {
  let runs = 0
  return {
    name,
    runs: () => runs,
    async run() {
      runs += 1
      onRun()
      return batches[runs - 1] ?? 0
    },
  }
}

test('only tasks that a look calls for run, each until its batches are no longer full', async () => {
  const done = Promise.withResolvers<void>()
  const wanted = taskOf('wanted', [FULL, FULL, 1], () => wanted.runs() === 3 && done.resolve())
  const idle = taskOf('idle', [])
  const look = { name: 'look', run: async () => ({ wanted: true, idle: false }) }
  const options = { fullBatch: FULL, onError: fail, intervalMs: NEVER_MS }
  const sweep = startNeededSweep(look, { wanted, idle }, options)
  await done.promise
  await sweep.close()
  assert.deepEqual([wanted.runs(), idle.runs()], [3, 0])
})

test('a task that is needed now runs at once, and not twice, whatever the look says', async () => {
  const ran = Promise.withResolvers<void>()
  const looked = Promise.withResolvers<void>()
  const wanted = taskOf('wanted', [FULL, 1], () => wanted.runs() === 2 && ran.resolve())
  const run = async () => {
    looked.resolve()
    return { wanted: false }
  }
  const options = { fullBatch: FULL, onError: fail, intervalMs: NEVER_MS }
  const sweep = startNeededSweep({ name: 'look', run }, { wanted }, options)
  await looked.promise
  sweep.wake('wanted')
  sweep.wake('wanted')
  await ran.promise
  await sweep.close()
  sweep.wake('wanted')
  assert.equal(wanted.runs(), 2)
})

test('a task that takes long is not started twice, holds up none, and is waited for at the end', async () => {
  const hanging = Promise.withResolvers<number>()
  let longRuns = 0
  const long = {
    name: 'long',
    run() {
      longRuns += 1
      return hanging.promise
    },
  }
  const enough = Promise.withResolvers<void>()
  const short = taskOf('short', [], () => short.runs() === 3 && enough.resolve())
  const look = { name: 'look', run: async () => ({ long: true, short: true }) }
  const sweep = startNeededSweep(look, { long, short }, { fullBatch: FULL, onError: fail, intervalMs: 1 })
  await enough.promise
  assert.equal(longRuns, 1)
  let isClosed = false
  const closing = sweep.close().then(() => {
    isClosed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(isClosed, false)
  hanging.resolve(0)
  await closing
})

test('a needed task that fails, and a look that fails, are reported and tried again', async () => {
  const errors: string[] = []
  const enough = Promise.withResolvers<void>()
  const bad = {
    name: 'bad',
    async run(): Promise<number> {
      throw new Error('no')
    },
  }
  let looks = 0
  const look = {
    name: 'look',
    async run() {
      looks += 1
      if (looks === 1) throw new Error('no database')
      return { bad: true }
    },
  }
  const onError = (task: string) => {
    errors.push(task)
    if (errors.length === 3) enough.resolve()
  }
  const sweep = startNeededSweep(look, { bad }, { fullBatch: FULL, onError, intervalMs: 1 })
  await enough.promise
  await sweep.close()
  assert.deepEqual(errors.slice(0, 3), ['look', 'bad', 'bad'])
})
