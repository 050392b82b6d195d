import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Phase } from './phase.ts'
import { groupTable, phasePlot, spreadText, tellPhases } from './phase-table.ts'

const PHASE: Phase = {
  ...{ count: 100, elapsedMs: 1_000, p50Ms: 5, p99Ms: 20, perSecond: 100, walBytesEach: 2_000 },
  ...{ residentBytes: 104_857_600, loopP99Ms: null, loopMaxMs: null, rowsARun: {} },
  cpu: { server: 0.5, postgres: 0.25, daraja: 0.125, load: null },
}

function rounds(subject: string, perSecond: number[], connections = 64) {
  const rowsARun = subject === 'gateway' ? { payment_insert: 12 } : {}
  return { subject, connections, rounds: perSecond.map((each) => ({ ...PHASE, rowsARun, perSecond: each })) }
}

const MEASURED = [rounds('gateway', [100, 300, 200]), rounds('floor', [200, 400, 100])]

test('the gateway is held against the others round by round', () => {
  const { figures } = tellPhases(MEASURED, { of: 'gateway', to: ['floor'] })
  assert.deepEqual(figures['64.gateway.perSecond'], { median: 200, min: 100, max: 300 })
  assert.deepEqual(figures['64.gateway.perSecond.to.floor'], { median: 0.75, min: 0.5, max: 2 })
  assert.equal(figures['64.gateway.loadMs'], null)
})

test('a table shows medians with their extent, and a column a subject', () => {
  const { tables } = tellPhases(MEASURED, { of: 'gateway', to: ['floor'] })
  assert.deepEqual(tables[0]?.columns, ['', 'gateway', 'floor'])
  assert.deepEqual(tables[0]?.rows[0], ['a second', '200 (100–300)', '200 (100–400)'])
  assert.deepEqual(tables[0]?.rows.at(-2), ['a second, gateway to floor', '0.75 (0.50–2.00)', null])
})

test('each number of connections has a table of its own', () => {
  const { tables } = tellPhases([...MEASURED, rounds('gateway', [1], 256)], { of: 'gateway', to: ['floor'] })
  assert.deepEqual(
    tables.map(({ title, columns }) => [title, columns.length]),
    [
      ['64 connections', 3],
      ['256 connections', 2],
    ],
  )
})

test('the plot has a bar a subject and number of connections, as high as its median', () => {
  const { bars, series } = phasePlot([...MEASURED, rounds('gateway', [7], 256)], 'Payments')
  assert.deepEqual(bars, ['64 connections', '256 connections'])
  assert.deepEqual(series, [
    {
      name: 'gateway',
      points: [
        [0, 200],
        [1, 7],
      ],
    },
    { name: 'floor', points: [[0, 200]] },
  ])
})

test('group sizes are told by statement', () => {
  const rows = groupTable(MEASURED, 'gateway').rows
  assert.deepEqual(rows, [['payment_insert', '12.0']])
})

test('a spread of one value is that value', () => {
  assert.equal(spreadText({ median: 2, min: 2, max: 2 }, 1), '2.0')
  assert.equal(spreadText(null, 1), null)
})
