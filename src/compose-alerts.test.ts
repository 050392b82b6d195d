import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAlertBench, OWNER } from './alerts/testing/alert-bench.ts'
import { startAlerts } from './compose-alerts.ts'
import { silentLogger } from './log.ts'
import { until } from './webhooks/testing/until.ts'

/** So long that nothing here can be due to it. */
const NEVER_MS = 2 ** 30

test('mails that are due go out without a pause, however many they are', async () => {
  await using bench = await createAlertBench()
  const merchants = 45
  for (let made = 0; made < merchants; made += 1) await bench.addMerchant()
  await bench.db.pool.query(
    `insert into alert_incidents (merchant_id, id, kind, subject, live, facts, opened_at, due_at)
     select merchant_id, new_uuid_v7($1), 'failures', 'live', true, '{}', $1, $1 from merchant_settings`,
    [new Date(bench.clock.now())],
  )
  const told: string[] = []
  const mailer = {
    isSending: true,
    async send({ to }: { to: string }) {
      told.push(to)
      return { code: 'sent' as const }
    },
  }
  const parts = {
    core: { clock: bench.clock, newUuid: bench.newUuid, mailer },
    ...{ db: bench.db.pool, log: silentLogger, publicUrl: () => 'https://pay.shop.example' },
  }
  await using cleanUp = new AsyncDisposableStack()
  const sweep = startAlerts(parts, { onError: (task) => assert.fail(task), intervalMs: NEVER_MS })
  cleanUp.defer(() => sweep.close())
  await until(() => told.length >= merchants)
  await sweep.close()
  assert.deepEqual(told, Array(merchants).fill(OWNER))
})
