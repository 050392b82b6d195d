// What growth came to, in tables and figures: cost by size, and the reads at the largest.
import { type GrowthPart, ON } from './growth-size.ts'
import type { Phase } from './phase.ts'
import { spreadText } from './phase-table.ts'
import type { ReadTimes } from './read-round.ts'
import type { Plot, ScenarioResult, Table } from './scenario.ts'
import { type Spread, spreadOfKnown } from './statistics.ts'

const MILLION = 1_000_000
const READ_LIMIT_MS = 20

const COSTS: { title: string; digits: number; read(phase: Phase): number | null }[] = [
  { title: 'CPU of the gateway, ms each', digits: 3, read: ({ cpu }) => cpu.server },
  { title: 'CPU of PostgreSQL, ms each', digits: 3, read: ({ cpu }) => cpu.postgres },
  { title: 'write-ahead log, bytes each', digits: 0, read: ({ walBytesEach }) => walBytesEach },
  { title: 'payments a second', digits: 0, read: ({ perSecond }) => perSecond },
]

/** Tables, figures and plots of all sizes, the smallest first. */
export function tellGrowth(
  parts: readonly GrowthPart[],
): Pick<ScenarioResult, 'tables' | 'figures' | 'plots'> {
  const largest = parts.at(-1)
  if (largest === undefined) throw new Error('nothing was measured')
  const figures: ScenarioResult['figures'] = {
    millions: largest.payments / MILLION,
    costToEmpty: costRatio(largest),
    worstReadP99Ms: worst(largest.reads).p99Ms,
    worstReadUnderLoadP99Ms: worst(largest.readsUnderLoad).p99Ms,
  }
  for (const part of parts) figures[`${part.payments / MILLION}.costToEmpty`] = costRatio(part)
  return { tables: [costTable(parts), readTable(parts)], figures, plots: [costPlot(parts)] }
}

/** Gateway and PostgreSQL together, to those of the empty database, round by round. */
export function costRatio({ measured }: Pick<GrowthPart, 'measured'>): Spread | null {
  return ratio(measured, ({ cpu: { server, postgres } }) =>
    server === null || postgres === null ? null : server + postgres,
  )
}

function ratio(measured: GrowthPart['measured'], read: (phase: Phase) => number | null): Spread | null {
  const rounds = (name: string) => measured.find(({ subject }) => subject === name)?.rounds ?? []
  const empty = rounds(ON.empty)
  return spreadOfKnown(
    rounds(ON.history).map((phase, round) => {
      const other = empty[round]
      const [cost, base] = [read(phase), other === undefined ? null : read(other)]
      return cost === null || base === null || base === 0 ? null : cost / base
    }),
  )
}

function worst(reads: readonly ReadTimes[]): ReadTimes {
  return reads.reduce((a, b) => (b.p99Ms > a.p99Ms ? b : a))
}

function sizeText({ payments }: GrowthPart): string {
  return `${payments / MILLION} million`
}

function costTable(parts: readonly GrowthPart[]): Table {
  const line = (title: string, of: (part: GrowthPart) => string | null) => [title, ...parts.map(of)]
  const spreadOf = ({ measured }: GrowthPart, name: string, read: (phase: Phase) => number | null) =>
    spreadOfKnown(measured.find(({ subject }) => subject === name)?.rounds.map(read) ?? [])
  const rows = [
    ...COSTS.flatMap(({ title, digits, read }) =>
      [ON.history, ON.empty].map((name) =>
        line(`${title}, ${name}`, (part) => spreadText(spreadOf(part, name, read), digits)),
      ),
    ),
    line('CPU of gateway and PostgreSQL, to empty', (part) => spreadText(costRatio(part), 2)),
    line('CPU of PostgreSQL, to empty', (part) =>
      spreadText(
        ratio(part.measured, ({ cpu }) => cpu.postgres),
        2,
      ),
    ),
    line('start of the gateway until it is ready, ms', ({ readyMs }) => readyMs.toFixed(0)),
  ]
  return { title: 'A payment with a history and without', columns: ['', ...parts.map(sizeText)], rows }
}

/** At 50 and 99 of 100 by size, and with payments beside them at the largest. */
function readTable(parts: readonly GrowthPart[]): Table {
  const text = (times: ReadTimes | undefined) =>
    times === undefined || times.count === 0 ? null : `${times.p50Ms.toFixed(1)} / ${times.p99Ms.toFixed(1)}`
  const names = [...new Set(parts.flatMap(({ reads }) => reads.map(({ name }) => name)))]
  const columns = ['', ...parts.flatMap((part) => [sizeText(part), `${sizeText(part)}, while paying`])]
  const rows = names.map((name) => [
    name,
    ...parts.flatMap(({ reads, readsUnderLoad }) =>
      [reads, readsUnderLoad].map((each) => text(each.find((times) => times.name === name))),
    ),
  ])
  const title = `Reads and searches, ms within which 50 / 99 of 100 are answered (wanted: ${READ_LIMIT_MS})`
  return { title, columns, rows }
}

function costPlot(parts: readonly GrowthPart[]): Plot {
  const points = (of: (part: GrowthPart) => Spread | null) =>
    parts.flatMap((part): [number, number][] => {
      const value = of(part)?.median
      return value === undefined ? [] : [[part.payments / MILLION, value]]
    })
  return {
    title: 'Cost of a payment, to that on an empty database',
    xLabel: 'million payments in the tables',
    yLabel: 'CPU, to empty',
    series: [
      { name: 'gateway and PostgreSQL', points: points(costRatio) },
      { name: 'PostgreSQL', points: points((part) => ratio(part.measured, ({ cpu }) => cpu.postgres)) },
    ],
  }
}
