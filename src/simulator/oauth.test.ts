import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { openTestbed, type Testbed } from './testbed.ts'

const PATH = '/oauth/v1/generate?grant_type=client_credentials'
const GOOD = basic('simulator:simulator-secret')

test('the right key and secret get a token with a lifetime written as a string', async () => {
  await using bed = await openTestbed()
  const answer = await bed.call('GET', PATH, undefined, GOOD)
  assert.equal(answer.status, 200)
  assert.match(String(answer.body.access_token), /^[0-9a-z]{28}$/)
  assert.equal(answer.body.expires_in, '3599')
  assert.deepEqual(Object.keys(answer.body), ['access_token', 'expires_in'])
})

test('the lifetime can be shown as a number', async () => {
  await using bed = await openTestbed({ faults: { expiresIn: 'number' } })
  assert.equal((await bed.call('GET', PATH, undefined, GOOD)).body.expires_in, 3599)
})

test('credentials that are wrong, missing or no credentials are refused', async () => {
  await using bed = await openTestbed()
  const bad = ['simulator:wrong', 'nobody:simulator-secret', ':', 'no colon', '__proto__:x'].map(basic)
  for (const headers of [...bad, {}, { authorization: 'Bearer x' }]) {
    const answer = await bed.call('GET', PATH, undefined, headers)
    assert.equal(answer.status, 400)
    assert.equal(answer.body.errorCode, '400.008.01')
    assert.equal(answer.body.errorMessage, 'Invalid Authentication passed')
    assert.equal(typeof answer.body.requestId, 'string')
  }
})

test('wrong credentials can be shown as a 400 or a 401, with or without a body', async () => {
  await using bed = await openTestbed({ faults: { wrongCredentials: '401' } })
  const worded = await bed.call('GET', PATH, undefined, basic('simulator:wrong'))
  assert.deepEqual([worded.status, worded.body.errorCode], [401, '400.008.01'])
  for (const [wrongCredentials, status] of [
    ['400-empty', 400],
    ['401-empty', 401],
  ] as const) {
    bed.simulator.setFaults({ wrongCredentials })
    const empty = await bed.call('GET', PATH, undefined, basic('simulator:wrong'))
    assert.deepEqual([empty.status, empty.text], [status, ''])
  }
})

test('another grant type is refused', async () => {
  await using bed = await openTestbed()
  for (const path of ['/oauth/v1/generate', '/oauth/v1/generate?grant_type=password']) {
    const answer = await bed.call('GET', path, undefined, GOOD)
    assert.deepEqual([answer.status, answer.body.errorCode], [400, '400.008.02'])
  }
})

test('a new token makes the old one invalid, unless switched off', async () => {
  await using bed = await openTestbed()
  const first = await bed.token()
  const second = await bed.token()
  assert.equal((await bed.push({}, first)).body.errorCode, '404.001.03')
  assert.equal((await bed.push({}, second)).status, 200)
  bed.simulator.setFaults({ newTokenInvalidatesOld: false })
  await bed.token()
  assert.equal((await bed.push({ PhoneNumber: '254711111111' }, second)).status, 200)
})

test('a token is refused once its lifetime is over', async () => {
  const clock = manualClock(Date.UTC(2026, 2, 1))
  await using bed = await openTestbed({ clock, faults: { tokenLifetimeSeconds: 10 } })
  const token = await bed.token()
  clock.advance(9999)
  assert.equal((await bed.push({}, token)).status, 200)
  clock.advance(1)
  const late = await bed.push({}, token)
  assert.deepEqual([late.status, late.body.errorCode], [404, '404.001.03'])
  bed.simulator.setFaults({ invalidToken: '401' })
  const refused = await bed.push({}, token)
  assert.deepEqual([refused.status, refused.body.errorCode], [401, '401.003.01'])
})

test('a request without a token is refused at the edge, one with an unknown token as invalid', async () => {
  await using bed = await openTestbed()
  for (const path of ['/mpesa/stkpush/v1/processrequest', '/mpesa/stkpushquery/v1/query']) {
    await refusesToken(bed, path, {}, 401, '401.003.01')
    await refusesToken(bed, path, { authorization: 'Bearer unknown' }, 404, '404.001.03')
  }
})

async function refusesToken(
  bed: Testbed,
  path: string,
  headers: Record<string, string>,
  status: number,
  errorCode: string,
): Promise<void> {
  const answer = await bed.call('POST', path, {}, headers)
  assert.deepEqual([answer.status, answer.body.errorCode], [status, errorCode])
}

function basic(pair: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}
