import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createLogger, maskPhone, maskPhoneIn } from './log.ts'

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

test('an error of PostgreSQL is told without the row that it is about, also inside of another', () => {
  const refused = () =>
    Object.assign(new Error('duplicate key value violates unique constraint "payments_pkey"'), {
      ...{ code: '23505', severity: 'ERROR', constraint: 'payments_pkey' },
      detail: 'Failing row contains (254712345678, INV-7).',
      where: "unnamed portal parameter $1 = '254712345678'",
      internalQuery: "select '254712345678'",
    })
  const errors = [
    refused(),
    new Error('not written', { cause: refused() }),
    Object.assign(new Error('one of two'), { first: refused() }),
    new AggregateError([refused()], 'both'),
  ]
  for (const error of errors) {
    const line = JSON.stringify(lineOf((log) => log.error({ err: error }, 'said')))
    assert.match(line, /payments_pkey/)
    assert.doesNotMatch(line, /254712345678/)
  }
})

test('a phone number keeps its ends only', () => {
  assert.equal(maskPhone('254712345678'), '2547*****678')
  assert.equal(maskPhone('1234567'), '*******')
  const references = ['ACC0712345678', '+254712345678-A', '712345678', 'INV-7', '97123456780', 'x0712345679']
  assert.deepEqual(
    references.map((each) => maskPhoneIn(each, '254712345678')),
    ['ACC2547*****678', '2547*****678-A', '2547*****678', 'INV-7', '97123456780', 'x0712345679'],
  )
  assert.equal(maskPhoneIn('ACC0712345678', '2547******78'), 'ACC0712345678')
})

/** A process that logs by itself, and then does as `ending` says. */
function startLogging(lines: number, ending: string) {
  const log = new URL('./log.ts', import.meta.url).href
  const script = `import { createLogger } from '${log}'
    const log = createLogger('info')
    for (let line = 1; line <= ${lines}; line += 1) log.info({ line }, 'said')
    ${ending}`
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

test('a process that ends has written all of its log, in order', async () => {
  const child = startLogging(500, 'process.exit(7)')
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 7)
  const said = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).line)
  assert.deepEqual(
    said,
    Array.from({ length: 500 }, (_, index) => index + 1),
  )
})

test('a line does not wait for others', async () => {
  const child = startLogging(1, 'setInterval(() => {}, 60_000)')
  const [chunk] = await once(child.stdout, 'data')
  assert.equal(JSON.parse(String(chunk)).line, 1)
  child.kill('SIGKILL')
  await once(child, 'close')
})

test('a process whose log nobody reads any more goes on', async () => {
  // Each line is more than is gathered, and so is written at once.
  const ending = `process.stdin.once('data', async () => {
      for (let line = 1; line <= 3; line += 1) {
        log.info({ filler: 'x'.repeat(20_000) }, 'gone')
        await new Promise(setImmediate)
      }
      process.exit(9)
    })`
  const child = startLogging(1, ending)
  const closed = once(child.stdout, 'close')
  child.stdout.destroy()
  await closed
  child.stdin.write('go on')
  const [code] = await once(child, 'exit')
  assert.equal(code, 9)
})
