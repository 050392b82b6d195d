import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseEndedError, DatabaseUnavailableError } from './database.ts'
import { untilAvailable } from './until-available.ts'

const LONG_MS = 60_000
const away = () => new DatabaseUnavailableError('away')

/** Work that throws each of `errors` in turn, and then succeeds. */
function failing(errors: Error[]) {
  const work = async () => {
    work.tries += 1
    const error = errors[work.tries - 1]
    if (error !== undefined) throw error
    return 'done'
  }
  work.tries = 0
  return work
}

test('work that succeeds is done once', async () => {
  const work = failing([])
  assert.equal(await untilAvailable(LONG_MS, work), 'done')
  assert.equal(work.tries, 1)
})

test('work is tried again for as long as the database is away', async () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:5432')
  const shutDown = Object.assign(new Error('the database system is shutting down'), { code: '57P03' })
  const work = failing([away(), refused, shutDown])
  assert.equal(await untilAvailable(LONG_MS, work), 'done')
  assert.equal(work.tries, 4)
})

test('an error that is not about the database is not tried again', async () => {
  const violation = Object.assign(new Error('duplicate key'), { code: '23505' })
  for (const error of [violation, new TypeError('undefined is not a function')]) {
    const work = failing([away(), error, away()])
    await assert.rejects(untilAvailable(LONG_MS, work), error)
    assert.equal(work.tries, 2)
  }
})

test('it gives up in the end, with the last error', async () => {
  const last = away()
  const work = failing([away(), last, away()])
  // The second pause would end beyond the limit, however slow the machine.
  await assert.rejects(untilAvailable(120, work), (error) => {
    assert.ok(error instanceof DatabaseUnavailableError)
    return true
  })
  assert.ok(work.tries <= 2)
  await assert.rejects(untilAvailable(0, failing([last])), last)
})

test('work that hangs is given up when its time is over', async () => {
  await assert.rejects(
    untilAvailable(20, () => new Promise(() => {})),
    DatabaseUnavailableError,
  )
})

test('after the end of the pool nothing is tried again', async () => {
  const work = failing([new DatabaseEndedError('ended')])
  await assert.rejects(untilAvailable(LONG_MS, work), DatabaseEndedError)
  assert.equal(work.tries, 1)
})
