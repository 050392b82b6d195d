import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAlertBench } from './testing/alert-bench.ts'
import { addAlertEndpoint, switchOffGone } from './testing/alert-things.ts'

const MINUTE_MS = 60_000

test('a switched-off endpoint is named without the query of its URL, mailed or kept', async () => {
  await using bench = await createAlertBench()
  const merchantId = await bench.addMerchant()
  const shown = 'https://shop.example/hook?…'
  const url = 'https://shop.example/hook?token=s3cret&shop=1?x'
  await switchOffGone(bench, merchantId, await addAlertEndpoint(bench, merchantId, url), url)
  const texts = (await bench.pass(MINUTE_MS)).map(({ text }) => text)
  assert.match(texts.join(), /https:\/\/shop\.example\/hook\?… \(it answered 410 Gone\)/)
  assert.doesNotMatch(texts.join(), /s3cret/)
  const { rows } = await bench.db.pool.query('select facts from alert_incidents')
  assert.deepEqual(rows, [{ facts: { url: shown, reason: 'gone' } }])
})
