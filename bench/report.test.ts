import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Figures, summariseRounds } from './figures.ts'
import { renderReport } from './report.ts'
import type { Phase, Round } from './rounds.ts'

const PHASE: Phase = {
  count: 100,
  elapsedMs: 1_000,
  p50Ms: 5,
  p99Ms: 20,
  perSecond: 100,
  serverMsEach: 0.5,
  postgresMsEach: 0.25,
  othersMsEach: 0.125,
}

const ROUNDS: Round[] = [100, 300, 200].map((perSecond) => ({
  baseline: { ...PHASE, perSecond: 400 },
  accepts: { ...PHASE, perSecond },
  backlogPerSecond: 50,
  payments: { ...PHASE, perSecond: perSecond / 10 },
}))

const FIGURES: Omit<Figures, 'payments' | 'accepts' | 'baseline' | 'acceptsToBaseline' | 'backlogPerSecond'> =
  {
    machine: { node: '26.0.0', cores: 2, processor: 'a processor', postgres: '18.0' },
    shape: { rounds: 3, seconds: 3, connections: 64 },
    memory: { before: { residentBytes: 104_857_600, peakBytes: 209_715_200 }, after: null },
    starts: { firstMs: 1_700.4, secondMs: 600, stopMs: 40 },
    checkedPayments: 42,
  }

test('Accepts are held against the baseline of their own round', () => {
  const { acceptsToBaseline, payments } = summariseRounds(ROUNDS)
  assert.deepEqual(acceptsToBaseline, { median: 0.5, min: 0.25, max: 0.75 })
  assert.deepEqual(payments.perSecond, { median: 20, min: 10, max: 30 })
})

test('The report shows medians with their extent, and what was measured once', () => {
  const report = renderReport({ ...FIGURES, ...summariseRounds(ROUNDS) })
  assert.match(report, /accepts to those of the baseline +0\.50 {2}\(0\.25 to 0\.75\)/)
  assert.match(report, /first start, ms +1700\n/)
  assert.match(report, /gateway memory before, MB +100 {2}\(peak 200\)/)
  assert.match(report, /All 42 payments/)
})

test('What was not measured is left out of the report', () => {
  const rounds = ROUNDS.map(({ payments }) => ({
    baseline: null,
    accepts: null,
    backlogPerSecond: null,
    payments: { ...payments, serverMsEach: null },
  }))
  const report = renderReport({ ...FIGURES, ...summariseRounds(rounds), starts: null })
  for (const absent of [/Accepts/, /Baseline/, /backlog/, /start, ms/, /memory after/, /gateway CPU/]) {
    assert.doesNotMatch(report, absent)
  }
  assert.match(report, /Payments, from request to delivered webhook/)
})
