import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Payment, PaymentPage } from '../../dashboard/src/api/payments.ts'
import {
  isFurtherDown,
  type PaymentPages,
  paymentsOf,
  withFresh,
} from '../../dashboard/src/pages/payments/payment-pages.ts'

/** A payment made at a second of a minute; as far as lists care. */
const at = (second: number): Payment =>
  ({ id: `pay_${second}`, created_at: new Date(second * 1_000).toISOString() }) as Payment

const NO_FURTHER = { has_more: false, next_cursor: null, searched_until: null }
const FURTHER = { has_more: true, next_cursor: 'cursor', searched_until: null }

function pagesOf(...pages: PaymentPage[]): PaymentPages {
  return { pages, pageParams: pages.map(() => null) }
}

const seconds = (data: PaymentPages) => paymentsOf(data).map(({ id }) => Number(id.slice('pay_'.length)))

test('only what lies below the last row that was read waits for a further page', () => {
  const whole = pagesOf({ data: [at(50), at(30)], ...NO_FURTHER })
  const part = pagesOf({ data: [at(50), at(40)], ...FURTHER }, { data: [at(30)], ...FURTHER })
  for (const second of [10, 35, 60]) assert.equal(isFurtherDown(whole, at(second)), false)
  assert.deepEqual(
    [60, 45, 35, 30, 29].map((second) => isFurtherDown(part, at(second))),
    [false, false, false, false, true],
  )
  assert.equal(isFurtherDown(undefined, at(10)), false)
})

test('a search that has looked further back than its last row says how far', () => {
  const searched = { ...FURTHER, searched_until: at(20).created_at }
  for (const data of [[at(50)], []]) {
    assert.equal(isFurtherDown(pagesOf({ data, ...searched }), at(25)), false)
    assert.equal(isFurtherDown(pagesOf({ data, ...searched }), at(15)), true)
  }
})

test('what is new stands above the first that is older, on whichever page that is', () => {
  const data = pagesOf({ data: [at(50), at(40)], ...FURTHER }, { data: [at(30), at(20)], ...NO_FURTHER })
  const fresh = withFresh(data, [at(60), at(45), at(25), at(10)])
  assert.deepEqual(seconds(fresh), [60, 50, 45, 40, 30, 25, 20, 10])
  assert.deepEqual(
    fresh.pages.map((page) => page.data.length),
    [4, 4],
  )
  assert.deepEqual(seconds(withFresh(pagesOf({ data: [], ...NO_FURTHER }), [at(2), at(1)])), [2, 1])
})
