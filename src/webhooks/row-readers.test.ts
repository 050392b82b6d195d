import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readShortcode } from '../merchants/shortcode.ts'
import { readPayment } from '../payments/payment.ts'
import { readDelivery } from './delivery.ts'
import { readEndpoint } from './endpoint.ts'
import { samplePaymentRow } from './testing/sample-payment.ts'

const AT = '2026-03-21T11:00:00Z'

type Row = Record<string, unknown>

/** Readers of rows and snapshots, each with a row and the times that it always has. */
const readers: [name: string, read: (row: Row) => unknown, row: Row, times: string[]][] = [
  ['payment', readPayment, samplePaymentRow(), ['expires_at', 'created_at', 'updated_at']],
  ['endpoint', readEndpoint, { created_at: AT, updated_at: AT }, ['created_at', 'updated_at']],
  ['shortcode', readShortcode, { created_at: AT, updated_at: AT }, ['created_at', 'updated_at']],
  ['delivery', readDelivery, { created_at: AT }, ['created_at']],
]

test('a row that lacks a time which it always has is a fault that names it', () => {
  for (const [name, read, row, times] of readers) {
    assert.doesNotThrow(() => read(row), name)
    for (const time of times) {
      const { [time]: _lacking, ...rest } = row
      assert.throws(() => read(rest), new RegExp(time), `${name} without ${time}`)
    }
  }
})
