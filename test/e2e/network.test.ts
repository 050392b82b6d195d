// `/v1/network`: what all processes saw of M-Pesa, and nothing of another merchant's own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCheckedClient } from '../support/checked-client.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'

type Environment = Record<string, unknown> & { environment: string; sample: string }

/** Held to the OpenAPI document as it is read. */
async function networkOf(bed: TestGateway, key = bed.merchant.key): Promise<Environment[]> {
  const ask = await createCheckedClient(bed)
  const answer = await ask('GET', '/v1/network', { key })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.environments as Environment[]
}

async function pay(bed: TestGateway, phone: string, key = bed.merchant.key): Promise<void> {
  const made = await bed.post(
    '/v1/payments',
    { phone, amount: 10, reference: 'R', wait: 10 },
    { 'x-api-key': key },
  )
  assert.equal(made.status, 201, made.text)
}

test('a merchant reads its own figures, also of what another process saw', async () => {
  await using bed = await startTestGateway()
  await using beside = await startTestGateway({ beside: bed })
  for (const phone of ['254700000000', '254700000000', '254700001032']) await pay(bed, phone)
  await pay(beside, '254700001032')
  const [simulator, sandbox] = await until('four verdicts', async () => {
    const seen = await networkOf(bed)
    return seen[0]?.success_ratio === 50 ? seen : null
  })
  assert.deepEqual([simulator?.sample, sandbox?.sample], ['own', 'too_little'])
  assert.deepEqual(simulator?.pushes, { accepted: 100, refused: 0, not_processed: 0, unknown: 0 })
  assert.deepEqual(simulator?.failures, [{ code: '1032', share: 50 }])
  assert.equal(simulator?.breaker, 'closed')
  assert.deepEqual(Object.keys(Object(simulator?.time_to_certainty_ms)), ['callback'])
})

test('a stranger among two sees nothing of them, and nothing of the other side', async () => {
  await using bed = await startTestGateway()
  const other = await bed.addMerchant('other')
  for (let n = 0; n < 3; n += 1) await pay(bed, '254700000000')
  await until('the figures', async () => (await networkOf(bed))[0]?.success_ratio === 100)
  const seen = await networkOf(bed, other.key)
  assert.deepEqual(
    seen.map(({ environment, sample, pushes, success_ratio }) => [
      environment,
      sample,
      pushes,
      success_ratio,
    ]),
    [
      ['simulator', 'too_little', null, null],
      ['sandbox', 'too_little', null, null],
    ],
  )
})
