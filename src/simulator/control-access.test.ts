import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { openTestbed, type Testbed } from './testbed.ts'

/** A request with exactly these headers, which fetch would not send. */
function send(
  bed: Testbed,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const asked = request(bed.simulator.url + path, { method, headers }, (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
      response.destroy()
    })
    asked.on('error', reject)
    asked.end(method === 'PUT' || method === 'POST' ? '{}' : undefined)
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }

test('pages of other origins can change nothing, and hold no phone', async () => {
  await using bed = await openTestbed()
  const foreign = [
    { ...JSON_TYPE, origin: 'https://evil.example' },
    { ...JSON_TYPE, origin: 'http://127.0.0.1:1' },
    { ...JSON_TYPE, origin: 'null' },
    { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' },
    { ...JSON_TYPE, 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    const what = JSON.stringify(headers)
    assert.equal((await send(bed, 'PUT', '/simulator/faults', headers)).status, 403, what)
    assert.equal((await send(bed, 'DELETE', '/simulator/phones/254712345678', headers)).status, 403, what)
    assert.equal((await send(bed, 'GET', '/simulator/watch?numbers=254712345678', headers)).status, 403, what)
  }
  assert.deepEqual((await bed.call('GET', '/simulator/phones')).body, { phones: [] })
})

test('a form of another page is no JSON, and is refused', async () => {
  await using bed = await openTestbed()
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
    assert.equal((await send(bed, 'PUT', '/simulator/faults', headers)).status, 415, type)
  }
})

test("somebody else's name for this machine opens nothing", async () => {
  await using bed = await openTestbed()
  for (const host of ['evil.example:4001', 'localhost.evil.example', '127.0.0.1.evil.example']) {
    assert.equal((await send(bed, 'GET', '/simulator/ledger', { host })).status, 403, host)
  }
  for (const host of ['localhost:4001', 'a.localhost', '127.0.0.1', '[::1]:4001', '192.168.1.2:4001']) {
    assert.equal((await send(bed, 'GET', '/simulator/ledger', { host })).status, 200, host)
  }
})

test("the simulator's own page may do everything, and no answer may be read by another", async () => {
  await using bed = await openTestbed()
  const own = { ...JSON_TYPE, origin: bed.simulator.url, 'sec-fetch-site': 'same-origin' }
  const put = await send(bed, 'PUT', '/simulator/faults', own)
  assert.equal(put.status, 200)
  assert.equal(put.headers['access-control-allow-origin'], undefined)
  assert.equal(put.headers['cross-origin-resource-policy'], 'same-origin')
  assert.equal((await send(bed, 'GET', '/simulator/watch?numbers=254712345678', own)).status, 200)
})

test('Daraja itself is open to any host and any content type', async () => {
  await using bed = await openTestbed()
  const push = '/mpesa/stkpush/v1/processrequest'
  const answered = await send(bed, 'POST', push, { host: 'daraja.example', origin: 'https://shop.example' })
  assert.equal(answered.status, 401)
})
