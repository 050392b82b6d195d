// Phases of several subjects side by side: medians, ratios round by round, and figures with their spread.
import type { Phase } from './phase.ts'
import type { Plot, ScenarioResult, Table } from './scenario.ts'
import { median, type Spread, spreadOfKnown } from './statistics.ts'
import type { Measured } from './subject-rounds.ts'

type Figures = ScenarioResult['figures']
type Line = { name: string; title: string; digits: number; read(phase: Phase): number | null }

const BYTES_PER_MB = 1_048_576
const MS_DIGITS = 3

const LINES: Line[] = [
  { name: 'perSecond', title: 'a second', digits: 0, read: (phase) => phase.perSecond },
  { name: 'p50Ms', title: 'half of them within, ms', digits: 1, read: (phase) => phase.p50Ms },
  { name: 'p99Ms', title: '99 of 100 within, ms', digits: 1, read: (phase) => phase.p99Ms },
  {
    name: 'serverMs',
    title: 'CPU of the subject, ms each',
    digits: MS_DIGITS,
    read: ({ cpu }) => cpu.server,
  },
  {
    name: 'postgresMs',
    title: 'CPU of PostgreSQL, ms each',
    digits: MS_DIGITS,
    read: ({ cpu }) => cpu.postgres,
  },
  { name: 'darajaMs', title: 'CPU of Daraja, ms each', digits: MS_DIGITS, read: ({ cpu }) => cpu.daraja },
  {
    name: 'loadMs',
    title: 'CPU of shops and receiver, ms each',
    digits: MS_DIGITS,
    read: ({ cpu }) => cpu.load,
  },
  { name: 'walBytes', title: 'write-ahead log, bytes each', digits: 0, read: (phase) => phase.walBytesEach },
  {
    name: 'residentMb',
    title: 'resident memory, MB',
    digits: 0,
    read: ({ residentBytes }) => (residentBytes === null ? null : residentBytes / BYTES_PER_MB),
  },
  { name: 'loopP99Ms', title: 'event loop late, 99 of 100, ms', digits: 1, read: (phase) => phase.loopP99Ms },
  { name: 'loopMaxMs', title: 'event loop late, at most, ms', digits: 1, read: (phase) => phase.loopMaxMs },
]
/** What one subject has in proportion to another. */
const RATIOS = ['perSecond', 'serverMs'] as const

/** A table a number of connections, and all figures as `<connections>.<subject>.<name>`. */
export function tellPhases(
  measured: Measured<Phase>,
  { of, to }: { of: string; to: readonly string[] },
): { tables: Table[]; figures: Figures } {
  const counts = [...new Set(measured.map(({ connections }) => connections))]
  const figures: Figures = {}
  const tables = counts.map((connections) => {
    const columns = measured.filter((each) => each.connections === connections)
    const rows = LINES.map((line) => [
      line.title,
      ...columns.map(({ subject, rounds }) => {
        const figure = spreadOfKnown(rounds.map(line.read))
        figures[`${connections}.${subject}.${line.name}`] = figure
        return spreadText(figure, line.digits)
      }),
    ])
    const ratios = to.flatMap((other) =>
      RATIOS.map((name) => {
        const ratio = ratioOf(columns, { of, to: other, name })
        figures[`${connections}.${of}.${name}.to.${other}`] = ratio
        const blanks = columns.slice(1).map(() => null)
        const what = name === 'perSecond' ? 'a second' : 'CPU of the subject'
        return [`${what}, ${of} to ${other}`, spreadText(ratio, 2), ...blanks]
      }),
    )
    const title = `${connections} connections`
    return { title, columns: ['', ...columns.map(({ subject }) => subject)], rows: [...rows, ...ratios] }
  })
  return { tables, figures }
}

/** How many a second each subject did, side by side for each number of connections. */
export function phasePlot(measured: Measured<Phase>, title: string): Plot {
  const counts = [...new Set(measured.map(({ connections }) => connections))]
  const names = [...new Set(measured.map(({ subject }) => subject))]
  const series = names.map((name) => ({
    name,
    points: measured
      .filter(({ subject }) => subject === name)
      .map(({ connections, rounds }): [number, number] => [
        counts.indexOf(connections),
        median(rounds.map(({ perSecond }) => perSecond)),
      ]),
  }))
  const bars = counts.map((connections) => `${connections} connections`)
  return { title, xLabel: '', yLabel: 'a second', bars, series }
}

/** Rows of each grouped statement's runs, the median over the rounds. */
export function groupTable(measured: Measured<Phase>, subject: string): Table {
  const of = measured.filter((each) => each.subject === subject)
  const names = [...new Set(of.flatMap(({ rounds }) => rounds.flatMap((each) => Object.keys(each.rowsARun))))]
  const rows = names.sort().map((name) => [
    name,
    ...of.map(({ rounds }) => {
      const known = rounds.map((each) => each.rowsARun[name]).filter((each) => each !== undefined)
      return spreadText(spreadOfKnown(known), 1)
    }),
  ])
  const columns = ['statement', ...of.map(({ connections }) => `${connections} connections`)]
  return { title: 'Rows a run of a grouped statement', columns, rows }
}

/** The median, and the lowest and highest of the rounds behind it. */
export function spreadText(value: Spread | null, digits: number): string | null {
  if (value === null) return null
  const [median, min, max] = [value.median, value.min, value.max].map((each) => each.toFixed(digits))
  return min === max ? (median ?? null) : `${median} (${min}–${max})`
}

function ratioOf(
  columns: Measured<Phase>,
  { of, to, name }: { of: string; to: string; name: (typeof RATIOS)[number] },
): Spread | null {
  const line = LINES.find((each) => each.name === name)
  const rounds = (subject: string) => columns.find((each) => each.subject === subject)?.rounds ?? []
  const others = rounds(to)
  const ratios = rounds(of).map((phase, round) => {
    const other = others[round]
    const [a, b] = [line?.read(phase) ?? null, other === undefined ? null : (line?.read(other) ?? null)]
    return a === null || b === null || b === 0 ? null : a / b
  })
  return spreadOfKnown(ratios)
}
