// The figures as a person reads them.
import type { Figures, PhaseFigures } from './figures.ts'
import type { Memory } from './processor-time.ts'
import type { Spread } from './statistics.ts'

const NAME_WIDTH = 46
const BYTES_PER_MB = 1024 * 1024

type Line = [name: string, value: string | null]

/** A table of everything measured: the median of the rounds, and the lowest and highest in brackets. */
export function renderReport(figures: Figures): string {
  const { machine, shape, payments, accepts, baseline, starts, memory } = figures
  const groups: [title: string, lines: Line[]][] = [
    ['Payments, from request to delivered webhook', phaseLines(payments, 'gateway')],
    ['Accepts, from request to 202', accepts === null ? [] : phaseLines(accepts, 'gateway')],
    [
      'Baseline: bare node:http, one grouped insert',
      baseline === null ? [] : phaseLines(baseline, 'baseline'),
    ],
    [
      'Beside these',
      [
        ['accepts to those of the baseline', show(figures.acceptsToBaseline, 2)],
        ['backlog worked off, payments a second', show(figures.backlogPerSecond, 0)],
        ['gateway memory before, MB', showMemory(memory.before)],
        ['gateway memory after, MB', showMemory(memory.after)],
        ['first start, ms', showMs(starts?.firstMs)],
        ['second start, ms', showMs(starts?.secondMs)],
        ['stop, ms', showMs(starts?.stopMs)],
      ],
    ],
  ]
  return [
    `${machine.cores} × ${machine.processor}, Node ${machine.node}, PostgreSQL ${machine.postgres}, fsync on`,
    `${shape.rounds} rounds of ${shape.seconds} s, ${shape.connections} connections; ` +
      'simulator, receiver and load on the same machine',
    ...groups.flatMap(([title, lines]) => renderGroup(title, lines)),
    '',
    `All ${figures.checkedPayments} payments were prompted once, succeeded, and were told of once.`,
    '',
  ].join('\n')
}

function renderGroup(title: string, lines: Line[]): string[] {
  const known = lines.filter(([, value]) => value !== null)
  if (known.length === 0) return []
  return ['', title, ...known.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${value}`)]
}

function phaseLines(phase: PhaseFigures, server: string): Line[] {
  return [
    ['a second', show(phase.perSecond, 0)],
    ['duration of one, ms, half of them within', show(phase.p50Ms, 1)],
    ['duration of one, ms, 99 of 100 within', show(phase.p99Ms, 1)],
    [`${server} CPU of one, ms`, show(phase.serverMsEach, 3)],
    ['PostgreSQL CPU of one, ms', show(phase.postgresMsEach, 3)],
    ['simulator, receiver and load CPU of one, ms', show(phase.othersMsEach, 3)],
  ]
}

function show(value: Spread | null, digits: number): string | null {
  if (value === null) return null
  const [median, min, max] = [value.median, value.min, value.max].map((each) => each.toFixed(digits))
  return `${median?.padStart(8)}  (${min} to ${max})`
}

function showMs(value: number | undefined): string | null {
  return value === undefined ? null : value.toFixed(0).padStart(8)
}

function showMemory(memory: Memory | null): string | null {
  if (memory === null) return null
  const [resident, peak] = [memory.residentBytes, memory.peakBytes].map((bytes) =>
    (bytes / BYTES_PER_MB).toFixed(0),
  )
  return `${resident?.padStart(8)}  (peak ${peak})`
}
