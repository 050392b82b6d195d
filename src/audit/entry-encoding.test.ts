import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseUuid, type Uuid } from '../ids.ts'
import { type EntryFields, encodeEntry, FIRST_PREVIOUS_HASH, hashEntry } from './entry-encoding.ts'

/** Texts that are apt to run into each other: empty ones, and ones that look like lengths. */
const text = fc.oneof(
  fc.constantFrom('', '\u0000', '\u0000\u0000\u0000\u0001', 'a', 'ab', '\uffff', 'live', 'null'),
  fc.string({ maxLength: 6, unit: 'binary' }),
)
const textOrNull = fc.option(text)

const uuid: fc.Arbitrary<Uuid> = fc.uuid().map((id) => parseUuid(id) ?? assert.fail(id))

const entry: fc.Arbitrary<EntryFields> = fc.record({
  merchantId: uuid,
  id: uuid,
  at: text,
  live: fc.option(fc.boolean()),
  action: text,
  actorKind: text,
  actorId: textOrNull,
  actorName: textOrNull,
  actorRole: textOrNull,
  targetId: textOrNull,
  targetName: textOrNull,
  changes: text,
  detail: text,
  ip: textOrNull,
  userAgent: textOrNull,
})

/** Two entries of which the second differs from the first in some fields, or in none. */
const pair = fc
  .record({
    first: entry,
    other: entry,
    taken: fc.subarray([
      'live',
      'actorId',
      'actorName',
      'actorRole',
      'targetId',
      'targetName',
      'changes',
      'detail',
      'ip',
      'userAgent',
      'at',
      'action',
      'merchantId',
      'id',
    ] as const),
  })
  .map(({ first, other, taken }) => {
    const second = { ...first }
    for (const name of taken) Object.assign(second, { [name]: other[name] })
    return { first, second }
  })

describe('the bytes of an entry', () => {
  it('are the same for the same entry, and for no two different ones', () => {
    fc.assert(
      fc.property(pair, ({ first, second }) => {
        const isSame = JSON.stringify(first) === JSON.stringify(second)
        assert.equal(encodeEntry(first).equals(encodeEntry(second)), isSame)
      }),
      { numRuns: 2_000 },
    )
  })

  it('tell the fields of any entry again, each by its length', () => {
    fc.assert(
      fc.property(entry, (given) => {
        const [encoding, merchantId, id, at, side, action, kind, ...rest] = decode(encodeEntry(given))
        assert.equal(encoding, 'sukuma-audit-1')
        assert.deepEqual(
          [merchantId, id, at, action, kind],
          [given.merchantId, given.id, given.at, given.action, given.actorKind],
        )
        assert.equal(side, given.live === null ? null : given.live ? 'live' : 'test')
        const { actorId, actorName, actorRole, targetId, targetName, changes, detail, ip, userAgent } = given
        assert.deepEqual(rest, [
          actorId,
          actorName,
          actorRole,
          targetId,
          targetName,
          changes,
          detail,
          ip,
          userAgent,
        ])
      }),
    )
  })

  it('are hashed behind the hash before them and their number, as docs/audit-log.md says', () => {
    const encoded = Buffer.from('the entry')
    const number = Buffer.from('0000000000000007', 'hex')
    const expected = createHash('sha256')
      .update(Buffer.concat([FIRST_PREVIOUS_HASH, number, encoded]))
      .digest()
    assert.deepEqual(hashEntry(FIRST_PREVIOUS_HASH, 7n, encoded), expected)
    assert.notDeepEqual(hashEntry(FIRST_PREVIOUS_HASH, 8n, encoded), expected)
    assert.notDeepEqual(hashEntry(expected, 7n, encoded), expected)
  })
})

/** Reads the fields back, by the description alone. */
function decode(bytes: Buffer): (string | null)[] {
  const fields: (string | null)[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    at += 4
    const isNothing = length === 0xffffffff
    fields.push(isNothing ? null : bytes.toString('utf8', at, at + length))
    at += isNothing ? 0 : length
  }
  return fields
}
