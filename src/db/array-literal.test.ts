import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { arrayLiteral } from './array-literal.ts'

let database: TestDatabase
before(async () => {
  database = await createTestDatabase()
})
after(() => database[Symbol.asyncDispose]())

/** What PostgreSQL reads, beside what it reads of the same array from the driver. */
async function bothWays(type: string, values: unknown[]): Promise<[unknown, unknown]> {
  const read = `select $1::${type}[] as ours, $2::${type}[] as drivers, $1::${type}[] = $2::${type}[] as same`
  const found = await database.pool.query(read, [arrayLiteral(values), values])
  assert.equal(found.rows[0].same, true)
  return [found.rows[0].ours, found.rows[0].drivers]
}

test('any texts reach PostgreSQL as they are', async () => {
  const piece = fc.oneof(
    fc.constantFrom('"', '\\', ',', '{', '}', 'NULL', '', '\n', "'"),
    fc.string({ unit: 'binary' }),
  )
  // PostgreSQL keeps no zero byte in a text.
  const text = fc.array(piece).map((pieces) => pieces.join('').replaceAll('\0', ''))
  const values = fc.array(fc.option(text))
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const [ours, drivers] = await bothWays('text', given)
      assert.deepEqual(ours, given)
      assert.deepEqual(drivers, given)
    }),
  )
})

test('any times of the years 1 to 9999 reach PostgreSQL to the millisecond', async () => {
  const near = fc.integer({ min: 0, max: 3_000 }).map((ms) => new Date(1_763_830_000_000 + ms))
  const any = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.oneof(near, any))), async (given) => {
      assert.ok(arrayLiteral(given) !== null)
      await bothWays('timestamptz', given)
      const text = await database.pool.query(
        'select extract(epoch from t) * 1000 as ms from unnest($1::timestamptz[]) as t',
        [arrayLiteral(given)],
      )
      const times = text.rows.map((row) => (row.ms === null ? null : Number(row.ms)))
      assert.deepEqual(
        times,
        given.map((time) => time?.getTime() ?? null),
      )
    }),
  )
})

test('numbers, booleans and bytes reach PostgreSQL as they are', async () => {
  const check = async (type: string, given: unknown[]) => {
    assert.deepEqual((await bothWays(type, given))[0], given)
  }
  await check('integer', [0, -1, 250_000, null])
  await check('boolean', [true, false, null])
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array()), (bytes) =>
      check(
        'bytea',
        bytes.map((each) => Buffer.from(each)),
      ),
    ),
    { numRuns: 30 },
  )
})

test('what is nothing plain is left to the driver', () => {
  const beforeChrist = new Date('-000001-01-01T00:00:00Z')
  for (const value of [{ a: 1 }, [1], new Date(Number.NaN), beforeChrist, new Date(8.64e15), 1n]) {
    assert.equal(arrayLiteral(['a', value]), null)
  }
})
