import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger, maskPhone } from './log.ts'

function lineOf(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  const lines: string[] = []
  write(createLogger('info', { write: (line) => void lines.push(line) }))
  assert.equal(lines.length, 1)
  return JSON.parse(lines[0] ?? '')
}

test('secrets are hidden in a line, within its objects, and in what a part of the gateway adds', () => {
  const secrets = {
    passkey: 'p1',
    nested: { token: 't1', kept: 1 },
    headers: { authorization: 'a1' },
    step: 'x',
  }
  const line = lineOf((log) => log.info(secrets, 'said'))
  assert.equal(line.passkey, '[hidden]')
  assert.deepEqual(line.nested, { token: '[hidden]', kept: 1 })
  assert.deepEqual(line.headers, { authorization: '[hidden]' })
  assert.equal(line.step, 'x')
  assert.equal(lineOf((log) => log.child({ apiKey: 'k1', part: 'http' }).info('said')).apiKey, '[hidden]')
  // What was handed over is left as it was.
  assert.equal(secrets.nested.token, 't1')
})

test('an error keeps its message and stack, and tells no field that is a secret', () => {
  const error = Object.assign(new Error('refused'), { token: 't1', code: 'E1' })
  const line = lineOf((log) => log.error({ err: error, requestHeaders: { cookie: 'c1' } }, 'said'))
  assert.match(JSON.stringify(line), /refused/)
  assert.doesNotMatch(JSON.stringify(line), /t1|c1/)
})

test('a phone number keeps its ends only', () => {
  assert.equal(maskPhone('254712345678'), '2547*****678')
  assert.equal(maskPhone('1234567'), '*******')
})
