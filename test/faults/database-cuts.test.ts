// Connections are cut in the middle of statements, before the server has them and after it has committed:
// what was acknowledged is there, what was refused is never sent, and nobody is prompted twice.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { createTestDatabase } from '../support/database.ts'
import { startTestGateway, type TestGateway, until } from '../support/gateway.ts'
import { auditPayers, startPayers } from '../support/payers.ts'
import { type PostgresProxy, type ProxyFault, startPostgresProxy } from '../support/postgres-proxy.ts'

let bed: TestGateway
let proxy: PostgresProxy
let cleanUp: AsyncDisposableStack
beforeEach(async () => {
  cleanUp = new AsyncDisposableStack()
  const db = cleanUp.use(await createTestDatabase())
  proxy = cleanUp.use(await startPostgresProxy())
  bed = cleanUp.use(await startTestGateway({ db: { ...db, url: proxy.through(db.url) } }))
})
afterEach(() => cleanUp.disposeAsync())

const STRIKES = 6

/** Pays under `fault` until it has struck a few times, and then until payments are taken again. */
async function payThrough(fault: ProxyFault, strikes = STRIKES): Promise<ReturnType<typeof startPayers>> {
  const payers = cleanUp.use(startPayers(bed, 'C'))
  await until('the first payments', async () => payers.acknowledged.size >= 20)
  proxy.set(fault)
  await until('the cuts', async () => proxy.strikes >= strikes)
  proxy.set({ kind: 'none' })
  const before = payers.acknowledged.size
  await until('payments again', async () => payers.acknowledged.size >= before + 20)
  await payers.stop()
  return payers
}

for (const kind of ['cut_before', 'cut_after'] as const) {
  const when = kind === 'cut_before' ? 'before the server has it' : 'after it is committed'
  test(`an insert that is cut off ${when} is a 503, and nothing is ever sent for it`, async () => {
    const payers = await payThrough({ kind, statement: 'payment_insert' })
    assert.ok(payers.refused.size > 0)
    await auditPayers(bed, bed.db.pool, payers)
    const { rows } = await bed.db.pool.query<{ count: string }>(
      `select count(*) as count from payments where outcome = 'not_sent'`,
    )
    // Committed, though nobody was told so: given up as soon as the database can be asked.
    assert.equal(Number(rows[0]?.count) > 0, kind === 'cut_after')
  })

  test(`what Daraja answered is written down though its statement is cut off ${when}`, async () => {
    const payers = await payThrough({ kind, statement: 'payment_accept' })
    await auditPayers(bed, bed.db.pool, payers)
  })

  test(`a verdict whose statement is cut off ${when} settles its payment, and once`, async () => {
    const payers = await payThrough({ kind, statement: 'payment_move' })
    await auditPayers(bed, bed.db.pool, payers)
    const { rows } = await bed.db.pool.query(
      `select payment_id from events where type = 'payment.succeeded' group by 1 having count(*) > 1`,
    )
    assert.deepEqual(rows, [])
  })
}

test('all connections cut at once, again and again, cost refusals and no payment', async () => {
  const payers = cleanUp.use(startPayers(bed, 'A'))
  for (let cuts = 1; cuts <= 8; cuts += 1) {
    await until('some payments', async () => payers.acknowledged.size >= cuts * 15)
    proxy.cutAll()
  }
  const before = payers.acknowledged.size
  await until('payments again', async () => payers.acknowledged.size >= before + 20)
  await payers.stop()
  await auditPayers(bed, bed.db.pool, payers)
})
