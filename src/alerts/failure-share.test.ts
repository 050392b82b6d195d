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
    const none = { troubled: 0, percent: 0, reasons: [] }
    assert.deepEqual(share, { tried: own.length + 1, unanswered: 2, ...none })
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

  it('counts phones that do not answer once hardly any does, of ten at the least', () => {
    const of = (answered: number, unanswered: number) =>
      failureShare([paid(answered), failed('1037', unanswered - 1), failed('1036')]).troubled
    assert.equal(of(1, 9), 9)
    assert.equal(of(2, 8), 0)
    assert.equal(of(0, 9), 0)
    assert.equal(of(100, 900), 900)
    assert.equal(of(101, 899), 0)
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
})

describe('what a share of failures means', () => {
  it('is trouble from the limit on, over below half of it, and unclear between or of too few', () => {
    const limits = { percent: 40, paymentsMin: 10 }
    const judge = (tried: number, troubled: number) =>
      judgeFailures({ tried, unanswered: 0, troubled, percent: -1, reasons: [] }, limits)
    assert.equal(judge(9, 9), 'unclear')
    assert.equal(judge(0, 0), 'unclear')
    assert.equal(judge(10, 4), 'trouble')
    assert.equal(judge(1_000, 399), 'unclear')
    assert.equal(judge(10, 2), 'unclear')
    assert.equal(judge(10, 1), 'fine')
  })

  it('is over for phones that did not answer once nearly a third do', () => {
    const judge = (answered: number, unanswered: number) =>
      judgeFailures(failureShare([paid(answered), failed('1037', unanswered)]), {
        percent: 25,
        paymentsMin: 10,
      })
    assert.equal(judge(2, 18), 'trouble')
    assert.equal(judge(3, 17), 'unclear')
    assert.equal(judge(6, 14), 'unclear')
    assert.equal(judge(7, 13), 'fine')
  })

  it('is never trouble of customers alone, whatever they do', () => {
    const own = fc.constantFrom('1', '17', '1032', '2001', '1019')
    const counts = fc.array(fc.record({ code: own, count: fc.integer({ min: 1, max: 500 }) }))
    fc.assert(
      fc.property(counts, (all) => {
        const share = failureShare(all.map(({ code, count }) => failed(code, count)))
        assert.notEqual(judgeFailures(share, { percent: 1, paymentsMin: 1 }), 'trouble')
      }),
    )
  })
})
