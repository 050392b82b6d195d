import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { HEAD_START_MAX_MS, type RankedQuestion, rankQuestions } from './question-rank.ts'

const NOW_MS = 100_000_000

const question: fc.Arbitrary<RankedQuestion> = fc.record({
  amountKes: fc.integer({ min: 1, max: 250_000 }),
  promptedAtMs: fc.integer({ min: 0, max: NOW_MS }),
  dueAtMs: fc.integer({ min: NOW_MS - 3_600_000, max: NOW_MS }),
  wantedAtMs: fc.option(fc.integer({ min: 0, max: NOW_MS })),
  queries: fc.nat(50),
})

const ORDINARY: RankedQuestion = {
  amountKes: 1_000,
  promptedAtMs: NOW_MS - 65_000,
  dueAtMs: NOW_MS - 5_000,
  wantedAtMs: null,
  queries: 0,
}

function first(...questions: RankedQuestion[]): RankedQuestion | undefined {
  return rankQuestions(questions, NOW_MS)[0]
}

test('of two that wait equally long, the one whose answer is worth more comes first', () => {
  const larger = { ...ORDINARY, amountKes: 50_000 }
  const wanted = { ...ORDINARY, wantedAtMs: NOW_MS - 30_000 }
  const promptStillUp = { ...ORDINARY, promptedAtMs: NOW_MS - 35_000 }
  const askedOften = { ...ORDINARY, queries: 9 }
  assert.equal(first(ORDINARY, larger), larger)
  assert.equal(first(ORDINARY, wanted), wanted)
  assert.equal(first(promptStillUp, ORDINARY), ORDINARY)
  assert.equal(first(askedOften, ORDINARY), ORDINARY)
  assert.equal(first(ORDINARY, { ...ORDINARY, wantedAtMs: NOW_MS - 600_000 }), ORDINARY, 'long ago')
})

test('nothing overtakes a payment that is due for longer than all head starts together', () => {
  fc.assert(
    fc.property(question, question, (one, other) => {
      fc.pre(one.dueAtMs < other.dueAtMs - HEAD_START_MAX_MS)
      assert.equal(first(other, one), one)
    }),
  )
})

test('no payment starves, however many worthier ones keep coming', () => {
  fc.assert(
    fc.property(question, fc.infiniteStream(question), (poor, stream) => {
      // One question every 12 s, and every 13 s another payment that outranks it in everything.
      const waiting = [{ ...poor, dueAtMs: 0, name: 'poor' }]
      for (let n = 0, nextAtMs = 0; n < 200; n += 1) {
        const nowMs = n * 12_000
        for (; nextAtMs <= nowMs; nextAtMs += 13_000) {
          const rich = { ...ORDINARY, amountKes: 250_000, wantedAtMs: nowMs, promptedAtMs: 0, queries: 0 }
          waiting.push({ ...stream.next().value, ...rich, dueAtMs: nextAtMs, name: 'rich' })
        }
        const [served] = rankQuestions(waiting, nowMs)
        if (served?.name === 'poor') return
        if (served !== undefined) waiting.splice(waiting.indexOf(served), 1)
      }
      assert.fail('it was never asked about')
    }),
    { numRuns: 50 },
  )
})

test('ranking keeps every question, once', () => {
  fc.assert(
    fc.property(fc.array(question), (questions) => {
      const ranked = rankQuestions(questions, NOW_MS)
      assert.deepEqual(new Set(ranked), new Set(questions))
      assert.equal(ranked.length, questions.length)
    }),
  )
})
