import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type KeptResult, mergeResults, renderPage } from './performance-page.ts'
import type { ScenarioResult } from './scenario.ts'
import { targetLines } from './targets.ts'
import { writeReport } from './write-report.ts'

const MACHINE = { processor: 'a processor', cores: 2, memoryGb: 8, node: '26.0.0', postgres: '18.0' }
const NAMES = ['payments', 'sustained']

function kept(name: string, date: string, change: Partial<ScenarioResult> = {}): KeptResult {
  const result: ScenarioResult = {
    ...{ name, title: `The ${name}`, figures: {}, plots: [], notes: ['Read this.'] },
    tables: [
      {
        title: 'Costs',
        columns: ['', 'gateway|floor'],
        rows: [
          ['CPU, ms', 0.5],
          ['unknown', null],
        ],
      },
    ],
    ...change,
  }
  return { date, machine: MACHINE, command: `npm run bench -- ${name}`, result }
}

test('new results take the place of the same scenarios, and the others stay, in their order', () => {
  const merged = mergeResults(
    [kept('sustained', '2026-01-01'), kept('payments', '2026-01-01'), kept('gone', '2026-01-01')],
    [kept('payments', '2026-02-02')],
    NAMES,
  )
  assert.deepEqual(
    merged.map(({ date, result }) => [result.name, date]),
    [
      ['payments', '2026-02-02'],
      ['sustained', '2026-01-01'],
    ],
  )
})

test('the page shows the machine, how to repeat each scenario, its tables, and its notes', () => {
  const page = renderPage([kept('payments', '2026-02-02')], { folder: 'performance', flame: 'flame.svg' })
  for (const text of [
    '2 × a processor, 8 GB, Node 26.0.0, PostgreSQL 18.0.',
    '## The payments\n\n`npm run bench -- payments`, 2026-02-02',
    '**Costs**\n\n|  | gateway\\|floor |\n|---|---:|\n| CPU, ms | 0.5 |\n| unknown | – |',
    '- Read this.',
    '![Flame graph of the gateway](performance/flame.svg)',
  ]) {
    assert.ok(page.includes(text), text)
  }
})

test('a target is met, missed or not measured, by the median', () => {
  const targets = [
    { what: 'cost', scenario: 'payments', figure: 'cost', digits: 1, atMost: 1 },
    { what: 'speed', scenario: 'payments', figure: 'speed', digits: 0, atLeast: 10 },
    { what: 'other', scenario: 'other', figure: 'speed', digits: 0, atLeast: 10 },
  ]
  const figures = { cost: { median: 1.04, min: 0, max: 9 }, speed: 10 }
  assert.deepEqual(targetLines([kept('payments', '', { figures }).result], targets), [
    { what: 'cost', wanted: '≤ 1', measured: '1.0', isMet: false },
    { what: 'speed', wanted: '≥ 10', measured: '10', isMet: true },
    { what: 'other', wanted: '≥ 10', measured: null, isMet: null },
  ])
})

test('page, JSON and pictures are written side by side, and a second run adds to them', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'sukuma-page-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'performance.md')
  const plot = { title: 'A plot', xLabel: 'x', yLabel: 'y', series: [] }
  const others = { names: NAMES, profileDir: null }
  await writeReport(file, [kept('sustained', '2026-01-01', { plots: [plot] })], others)
  await writeFile(join(dir, 'a.cpuprofile'), '{"nodes":[],"samples":[],"timeDeltas":[]}')
  await writeReport(file, [kept('payments', '2026-02-02')], { names: NAMES, profileDir: dir })
  const page = await readFile(file, 'utf8')
  assert.match(
    page,
    /The payments[\s\S]*The sustained[\s\S]*\(performance\/sustained-1\.svg\)[\s\S]*flame-gateway\.svg/,
  )
  assert.deepEqual((await readdir(join(dir, 'performance'))).sort(), ['flame-gateway.svg', 'sustained-1.svg'])
})
