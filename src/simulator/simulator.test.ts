import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import { startSimulator } from './simulator.ts'
import { openTestbed, until } from './testbed.ts'

test('unknown paths and methods are refused in Daraja shape', async () => {
  await using bed = await openTestbed()
  const paths = [
    '/mpesa/nothing',
    '//',
    '/simulator/prompts//answer',
    '/simulator/phones/%ff',
    '/simulator/phones/a/b',
  ]
  for (const path of paths) {
    const answer = await bed.call('GET', path)
    assert.deepEqual([answer.status, answer.body.errorCode], [404, '404.001.01'], path)
  }
  const wrong: [string, string][] = [
    ['GET', '/mpesa/stkpush/v1/processrequest'],
    ['POST', '/oauth/v1/generate'],
    ['DELETE', '/simulator/faults'],
    ['PUT', '/simulator/phones/254712345678'],
  ]
  for (const [method, path] of wrong) {
    const answer = await bed.call(method, path)
    assert.deepEqual([answer.status, answer.body.errorCode], [405, '405.001'])
    assert.equal(answer.body.errorMessage, 'Method Not Allowed')
  }
})

test('a body over 64 KiB is refused, and the simulator goes on', async () => {
  await using bed = await openTestbed()
  assert.equal((await bed.push({ AccountReference: 'a'.repeat(70_000) })).status, 413)
  assert.equal((await bed.push()).status, 200)
})

test('a body that never ends is cut off', async () => {
  await using bed = await openTestbed()
  const socket = connect(bed.simulator.port, '127.0.0.1')
  await once(socket, 'connect')
  const cut = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined)
  socket.write('PUT /simulator/faults HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n')
  const chunk = Buffer.alloc(65_536)
  const feed = (): void => {
    if (!socket.destroyed) socket.write(chunk, feed)
  }
  feed()
  await cut
  assert.equal((await bed.push()).status, 200)
})

test('whatever a push holds, the answer is one of Daraja', async () => {
  await using bed = await openTestbed()
  await bed.token()
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('\0', '\ud800', '__proto__', -1, 250_001, 'x'.repeat(9999)),
  )
  const fields = [
    'Amount',
    'PhoneNumber',
    'PartyA',
    'PartyB',
    'AccountReference',
    'TransactionDesc',
    'CallBackURL',
  ]
  const wrongs = fc.dictionary(fc.constantFrom(...fields, '__proto__', 'constructor'), odd, { minKeys: 1 })
  const property = fc.asyncProperty(wrongs, async (wrong) => {
    const answer = await bed.push(wrong)
    assert.ok([200, 400, 500].includes(answer.status), `${answer.status} ${answer.text}`)
    assert.ok(answer.status === 200 || /^(400\.002\.02|500\.001\.1001)$/.test(String(answer.body.errorCode)))
  })
  await fc.assert(property, { numRuns: 300 })
})

// The limit is below the eight seconds that the hanging callback would otherwise take.
test('closing is quick while prompts, callbacks and connections are open', { timeout: 6000 }, async () => {
  await using hanging = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(hanging, 'listening')
  const address = hanging.address()
  assert.ok(typeof address === 'object' && address !== null)
  let callbacks = 0
  hanging.on('request', () => callbacks++)
  await using bed = await openTestbed({ speed: 1 })
  await bed.token()
  const idle = connect(bed.simulator.port, '127.0.0.1')
  await once(idle, 'connect')
  const CallBackURL = `http://127.0.0.1:${address.port}/`
  const early = bed.push({ PhoneNumber: '254700030000', CallBackURL }).catch(() => 'cut off')
  await bed.push()
  await until(() => callbacks === 1, 'the early callback never came')
  const closed = text(idle)
  await bed.simulator.close()
  assert.equal(await early, 'cut off')
  assert.equal(await closed, '')
})

test('a taken port is an error, and so is a fault out of range', async () => {
  await using bed = await openTestbed()
  const options = { port: bed.simulator.port, host: '127.0.0.1' }
  await assert.rejects(startSimulator({ clock: systemClock, log: silentLogger }, options), {
    code: 'EADDRINUSE',
  })
  assert.throws(
    () => bed.simulator.setFaults({ lostCallback: 2 }),
    /lostCallback: must be a number from 0 to 1/,
  )
  assert.throws(() => bed.simulator.setSpeed(0), /speed/)
})

test('only the credentials given at the start are apps, and each may use the sandbox shortcode', async () => {
  const mine = {
    consumerKey: 'mine',
    consumerSecret: 's',
    shortcode: '600999',
    passkey: 'p',
    kinds: ['till'] as const,
  }
  await using bed = await openTestbed({ credentials: [mine] })
  const path = '/oauth/v1/generate?grant_type=client_credentials'
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
  assert.equal((await bed.call('GET', path, undefined, basic('simulator:simulator-secret'))).status, 400)
  const token = String((await bed.call('GET', path, undefined, basic('mine:s'))).body.access_token)
  assert.equal((await bed.push({}, token)).status, 200)
})

test('two hundred payments at once are each called back exactly once', async () => {
  await using bed = await openTestbed({ faults: { callbackDelayMs: 0 } })
  await bed.token()
  const phones = Array.from({ length: 200 }, (_, index) => `2547200${String(index).padStart(5, '0')}`)
  const answers = await Promise.all(phones.map((PhoneNumber) => bed.push({ PhoneNumber })))
  assert.ok(answers.every((answer) => answer.status === 200))
  const settled = () => bed.simulator.ledger().every((entry) => entry.callbacksAnswered === 1)
  await until(settled, 'not every callback was answered')
  assert.equal(bed.callbacks.length, 200)
  assert.equal(new Set(bed.simulator.ledger().map((entry) => entry.receipt)).size, 200)
})
