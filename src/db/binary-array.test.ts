import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { binaryArray } from './binary-array.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

/** What PostgreSQL reads, and whether it is the same as what it reads of the driver's array. */
async function readBack(type: string, values: unknown[]): Promise<unknown> {
  const ours = binaryArray(type, values)
  assert.ok(ours !== null)
  const read = `select $1::${type}[] as ours, $1::${type}[] is not distinct from $2::${type}[] as same`
  const { rows } = await database.pool.query(read, [ours, values])
  assert.equal(rows[0].same, true)
  return rows[0].ours
}

// PostgreSQL keeps no zero byte in a text.
const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''))

test('any texts reach PostgreSQL as they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (given) => {
      assert.deepEqual(await readBack('text', given), given)
    }),
  )
})

test('any JSON reaches PostgreSQL as it is', async () => {
  const json = fc.oneof(
    text.map((each) => JSON.stringify(each)),
    fc.array(fc.record({ a: text, n: fc.integer() })).map((each) => JSON.stringify(each)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(json)), async (given) => {
      const values = given.map((each) => (each === null ? null : JSON.parse(each)))
      assert.deepEqual(await readBack('jsonb', given), values)
    }),
  )
})

test('any times of the years 1715 to 2284 reach PostgreSQL to the millisecond', async () => {
  const near = fc.integer({ min: 0, max: 3_000 }).map((ms) => new Date(1_763_830_000_000 + ms))
  const any = fc.date({
    min: new Date('1715-01-01T00:00:00Z'),
    max: new Date('2284-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.oneof(near, any))), async (given) => {
      assert.deepEqual(await readBack('timestamptz', given), given)
    }),
  )
})

test('ids in either case, numbers, booleans and bytes reach PostgreSQL as they are', async () => {
  const check = async (type: string, given: unknown[]) => {
    assert.deepEqual(await readBack(type, given), given)
  }
  await check('integer', [0, -1, 250_000, 2 ** 31 - 1, null])
  await check('boolean', [true, false, null])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.uuid())), async (ids) => {
      await check('uuid', ids)
      const upper = ids.map((id) => id?.toUpperCase() ?? null)
      assert.deepEqual(await readBack('uuid', upper), ids)
    }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.uint8Array())), (bytes) =>
      check(
        'bytea',
        bytes.map((each) => each && Buffer.from(each)),
      ),
    ),
    { numRuns: 30 },
  )
})

test('what is nothing of its type, and other types, are left to the driver', () => {
  const left: [string, unknown][] = [
    ['boolean', 1],
    ['bytea', 'text'],
    ['integer', 2 ** 31],
    ['integer', 1.5],
    ['integer', Number.NaN],
    ['integer', '1'],
    ['text', 1],
    ['timestamptz', '2026-01-01T00:00:00Z'],
    ['timestamptz', new Date(Number.NaN)],
    ['timestamptz', new Date('1600-01-01T00:00:00Z')],
    ['timestamptz', new Date(8.64e15)],
    ['uuid', '0198c6a2'],
    ['uuid', '0198c6a2-0000-7000-8000-00000000000g'],
    ['jsonb', { a: 1 }],
    ['numeric', 1],
  ]
  for (const [type, value] of left) assert.equal(binaryArray(type, [null, value]), null, type)
})
