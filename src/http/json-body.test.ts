import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HttpError } from './http-error.ts'
import { readJsonBody } from './json-body.ts'

const read = (text: string) => readJsonBody(Buffer.from(text))

/** The message of the refusal; fails when the body is taken. */
function refusal(body: Buffer | string): string {
  try {
    readJsonBody(Buffer.from(body))
  } catch (error) {
    assert.ok(error instanceof HttpError && error.code === 'malformed_body', String(error))
    return error.message
  }
  return assert.fail('the body was taken')
}

test('a body with one key twice is refused, however the key is spelt', () => {
  assert.match(refusal('{"amount":1,"amount":1000}'), /amount.*twice/)
  assert.match(refusal('{"amount":1,"\\u0061mount":1000}'), /twice/)
  assert.match(refusal('{"a":{"b":1,"b":2}}'), /twice/)
  assert.match(refusal('{"amount" :1, "x":[{"y":1}],\n"amount"\t:2}'), /twice/)
})

test('equal keys in different objects, and keys that are only values, are no repetition', () => {
  assert.deepEqual(read('{"a":{"b":1},"b":2,"c":[{"b":1},{"b":2}]}'), {
    a: { b: 1 },
    b: 2,
    c: [{ b: 1 }, { b: 2 }],
  })
  assert.deepEqual(read('{"a":"a","b":"a"}'), { a: 'a', b: 'a' })
  assert.deepEqual(read('{"a":"\\"a\\":1","b":"}{"}'), { a: '"a":1', b: '}{' })
})

test('prototype keys, broken JSON, broken UTF-8, an empty body and an abyss of brackets are refused', () => {
  refusal('{"__proto__":{"x":1}}')
  refusal('{"constructor":{"prototype":{"x":1}}}')
  for (const text of ['', '  ', '{', '{"a":}', 'nul', '{"a":1}}', "{'a':1}", '{"a":1,}', '\u0000'])
    refusal(text)
  refusal(Buffer.from([0x22, 0xff, 0xfe, 0x22]))
  assert.match(refusal('['.repeat(30_000) + ']'.repeat(30_000)), /nests deeper/)
})

test('whatever is not refused reads exactly as JSON.parse has it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      try {
        assert.deepEqual(read(text), JSON.parse(text))
      } catch (error) {
        assert.ok(error instanceof HttpError, String(error))
      }
    }),
  )
})
