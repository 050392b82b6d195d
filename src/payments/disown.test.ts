import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../test/support/database.ts'
import { until } from '../../test/support/gateway.ts'
import { createPaymentBench } from '../../test/support/payment-bench.ts'
import { createDisowner } from './disown.ts'
import { readPayment } from './payment.ts'

test('a payment whose insert is committed late is given up all the same', async () => {
  await using database = await createTestDatabase()
  const bench = createPaymentBench(database.pool)
  const key = await bench.addPayment({ state: 'sending' })
  const payment = readPayment(await bench.row(key))
  await database.pool.query('create table late as select * from payments')
  await database.pool.query('delete from payments')
  const { moveDeps } = bench
  const looked = Promise.withResolvers<void>()
  const store = {
    ...moveDeps.store,
    async move(wish: Parameters<typeof moveDeps.store.move>[0]) {
      const moved = await moveDeps.store.move(wish)
      looked.resolve()
      return moved
    },
  }
  const { disown, isDisowned } = createDisowner({ ...moveDeps, store })
  disown(payment)
  await looked.promise
  assert.equal(isDisowned(payment), true)
  await database.pool.query('insert into payments overriding system value select * from late')
  const row = await until('its end', async () => {
    const found = await bench.row(key)
    return found.state === 'failed' && found
  })
  assert.deepEqual([row.outcome, row.result_code], ['not_sent', 'not_sent'])
  await until('its being forgotten', async () => !isDisowned(payment))
})
