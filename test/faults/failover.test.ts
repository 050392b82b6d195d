// The machine of the primary is lost under load, and its synchronous standby takes over: every acknowledged
// payment is there, nothing was sent for a refused one, and nobody was prompted twice.
import { test } from 'node:test'
import { createPool } from '../../src/db/database.ts'
import { databaseUrl } from '../support/database.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { startOwnServer } from '../support/own-server.ts'
import { auditPayers, startPayers } from '../support/payers.ts'
import { startPostgresProxy } from '../support/postgres-proxy.ts'

/** Acknowledged before the primary is lost. */
const PAYMENTS = 60

test('a primary killed under load loses nothing that was acknowledged', async (t) => {
  await using cleanUp = new AsyncDisposableStack()
  const primary = cleanUp.use(await startOwnServer())
  const db = cleanUp.use(await primary.createDatabase())
  const standby = await primary.addStandby()
  const proxy = cleanUp.use(await startPostgresProxy())
  const url = databaseUrl(proxy.through(primary.url()), db.name)
  const pool = cleanUp.adopt(createPool(databaseUrl(primary.url(), db.name)), (each) => each.end())
  const bed = cleanUp.use(await startTestGateway({ db: { ...db, url, pool } }))
  pool.on('error', () => undefined)
  const payers = cleanUp.use(startPayers(bed, 'P'))
  await until('enough payments', async () => payers.acknowledged.size >= PAYMENTS)
  const killedMs = performance.now()
  await primary.kill()
  const refused = payers.refused.size
  await until('refusals', async () => payers.refused.size > refused)
  await standby.sql('select pg_promote()')
  proxy.retarget(standby.port())
  const before = payers.acknowledged.size
  await until('payments again', async () => payers.acknowledged.size > before)
  t.diagnostic(`payments again ${Math.round(performance.now() - killedMs)} ms after the kill`)
  await until('more payments', async () => payers.acknowledged.size >= before + PAYMENTS)
  await payers.stop()
  const promoted = cleanUp.adopt(createPool(databaseUrl(standby.url(), db.name)), (each) => each.end())
  await auditPayers(bed, promoted, payers)
  await until('readiness', async () => (await bed.get('/readyz')).status === 200)
  t.diagnostic(`${payers.acknowledged.size} acknowledged and kept, ${payers.refused.size} refused`)
})
