import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type EndCount, failureShare, judgeFailures } from './failure-share.ts'

const ended = (state: EndCount['state'], code: string | null, count = 1, description = ''): EndCount => ({
  ...{ state, code, count, description },
})
const paid = (count: number) => ended('succeeded', '0', count)
const failed = (code: string | null, count = 1, description = '') => ended('failed', code, count, description)

describe('the share of failures', () => {
  it('leaves out what customers chose or could not pay', () => {
    const own = '1 2 3 4 17 1001 1019 1032 1036 1037 2001 8006 customer_busy'.split(' ')
    const share = failureShare([paid(1), ...own.map((code) => failed(code))])
    assert.deepEqual(share, { tried: own.length + 1, troubled: 0, percent: 0, reasons: [] })
  })

  it('counts what M-Pesa, the set-up or this gateway could not do, and what has no verdict', () => {
    const theirs = ['26', '1025', '9999', '2028', '8', '404.001.03', '500.003.02', 'not_sent', '77', null]
    const share = failureShare([paid(9), ended('uncertain', null), ...theirs.map((code) => failed(code))])
    assert.partialDeepStrictEqual(share, { tried: 20, troubled: 11, percent: 55 })
  })

  it('tells the two meanings of one code apart by its text', () => {
    const locked = 'Unable to lock subscriber, a transaction is already in process for the current subscriber'
    assert.equal(failureShare([failed('500.001.1001', 1, locked)]).troubled, 0)
    assert.equal(failureShare([failed('500.001.1001', 1, 'Wrong credentials')]).troubled, 1)
  })

  it('names the three most frequent reasons', () => {
    const { reasons } = failureShare([
      failed('26', 2),
      failed('2028', 9),
      failed('not_sent'),
      failed('9999', 5),
    ])
    assert.deepEqual(reasons, ['Merchant Set-up Error (2028)', 'Prompt Not Sent (9999)', 'System Busy (26)'])
  })

  it('is trouble from the limit on, over below half of it, and unclear between or of too few', () => {
    const limits = { percent: 40, paymentsMin: 10 }
    const judge = (tried: number, troubled: number) =>
      judgeFailures({ tried, troubled, percent: -1, reasons: [] }, limits)
    assert.equal(judge(9, 9), 'unclear')
    assert.equal(judge(0, 0), 'unclear')
    assert.equal(judge(10, 4), 'trouble')
    assert.equal(judge(1_000, 399), 'unclear')
    assert.equal(judge(10, 2), 'unclear')
    assert.equal(judge(10, 1), 'fine')
  })

  it('is never trouble of customers alone, whatever they do', () => {
    const own = fc.constantFrom('1', '1032', '1037', '2001', '1019')
    const counts = fc.array(fc.record({ code: own, count: fc.integer({ min: 1, max: 500 }) }))
    fc.assert(
      fc.property(counts, (all) => {
        const share = failureShare(all.map(({ code, count }) => failed(code, count)))
        assert.notEqual(judgeFailures(share, { percent: 1, paymentsMin: 1 }), 'trouble')
      }),
    )
  })
})
