// What a server itself does to the gateway: it takes no writes, has no connections left, waits for a standby
// that is gone, or is restarted under load. Each time requests are refused, and payments go on by themselves.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, type TestContext, test } from 'node:test'
import pg from 'pg'
import { databaseUrl } from '../support/database.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { type OwnServer, startOwnServer } from '../support/own-server.ts'
import { auditPayers, type Payers, startPayers } from '../support/payers.ts'
import { type PostgresProxy, startPostgresProxy } from '../support/postgres-proxy.ts'

/** Room for the tests' own and a gateway's connections, and soon used up. */
const CONNECTIONS_MAX = 40
const ENOUGH = 20

let server: OwnServer
let proxy: PostgresProxy
let bed: TestGateway
let payers: Payers
let cleanUp: AsyncDisposableStack
before(async () => {
  server = await startOwnServer({ max_connections: String(CONNECTIONS_MAX) })
})
after(() => server[Symbol.asyncDispose]())
beforeEach(async () => {
  cleanUp = new AsyncDisposableStack()
  const db = cleanUp.use(await server.createDatabase())
  db.pool.on('error', () => undefined)
  proxy = cleanUp.use(await startPostgresProxy())
  bed = cleanUp.use(await startTestGateway({ db: { ...db, url: proxy.through(db.url) } }))
  payers = cleanUp.use(startPayers(bed, 'N'))
  await until('the first payments', async () => payers.acknowledged.size >= ENOUGH)
})
afterEach(() => cleanUp.disposeAsync())

const refusedAgain = async () => {
  const before = payers.refused.size
  await until('refusals', async () => payers.refused.size >= before + ENOUGH)
}

/** Ends the fault by `mend`; payments are taken again, the gateway is ready, and the books are right. */
async function recover(t: TestContext, mend: () => Promise<unknown>): Promise<void> {
  const before = payers.acknowledged.size
  await mend()
  const mendedMs = performance.now()
  await until('a payment', async () => payers.acknowledged.size > before)
  t.diagnostic(`payments again after ${Math.round(performance.now() - mendedMs)} ms`)
  await until('payments again', async () => payers.acknowledged.size >= before + ENOUGH)
  await payers.stop()
  await until('readiness', async () => (await bed.get('/readyz')).status === 200)
  const pool = new pg.Pool({ connectionString: databaseUrl(server.url(), bed.db.name) })
  await auditPayers(bed, pool, payers)
  await pool.end()
}

const cutGateway = () =>
  server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sukuma'`)

async function isUnready(): Promise<boolean> {
  const ready = await bed.get('/readyz')
  return ready.status === 503 && ready.body.reason === 'The database takes no writes.'
}

test('a server that turns read-only: payments are refused, and what is there can be read', async (t) => {
  await server.sql(`alter database ${bed.db.name} set default_transaction_read_only = on`)
  await cutGateway()
  await refusedAgain()
  assert.equal((await bed.get('/v1/payments')).status, 200)
  await until('a word about it', isUnready)
  await recover(t, () => server.sql(`alter database ${bed.db.name} reset default_transaction_read_only`))
})

test('commits that wait for a standby that is gone: nothing is acknowledged meanwhile', async (t) => {
  await server.sql(`alter system set synchronous_standby_names = 'gone'`)
  await server.sql('select pg_reload_conf()')
  await refusedAgain()
  const acknowledged = payers.acknowledged.size
  await refusedAgain()
  assert.equal(payers.acknowledged.size, acknowledged)
  await until('a word about it', isUnready)
  await recover(t, async () => {
    await server.sql('alter system reset synchronous_standby_names')
    await server.sql('select pg_reload_conf()')
  })
})

test('a server with no connection left: requests are refused until there is one', async (t) => {
  const hogs: pg.Client[] = []
  proxy.set({ kind: 'refuse' })
  await cutGateway()
  for (;;) {
    const hog = new pg.Client({ connectionString: server.url() })
    hog.on('error', () => undefined)
    if (
      !(await hog.connect().then(
        () => true,
        () => false,
      ))
    )
      break
    hogs.push(hog)
  }
  assert.ok(hogs.length > 0)
  proxy.set({ kind: 'none' })
  await refusedAgain()
  await recover(t, () => Promise.all(hogs.map((hog) => hog.end())))
})

test('a server that is restarted under load', async (t) => {
  await server.stop()
  await refusedAgain()
  await recover(t, async () => {
    await server.start()
    proxy.retarget(server.port())
  })
})

test('a server that is killed under load and recovers', async (t) => {
  await server.kill()
  await refusedAgain()
  await recover(t, async () => {
    await server.start()
    proxy.retarget(server.port())
  })
})

test('backends that an administrator ends under load', async (t) => {
  for (let rounds = 0; rounds < 5; rounds += 1) await cutGateway()
  await recover(t, () => Promise.resolve())
})
