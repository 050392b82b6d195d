// The page of figures: what scenarios measured, kept as JSON beside it and written out with their plots. A
// run of some scenarios replaces theirs and keeps the others.
import type { Machine } from './machine.ts'
import type { Plot, ScenarioResult, Table } from './scenario.ts'
import { renderPlot } from './svg-plot.ts'
import { targetLines } from './targets.ts'
import { cellText } from './text-report.ts'

/** One scenario's result with how it came about. */
export type KeptResult = {
  /** The day, YYYY-MM-DD. */
  date: string
  machine: Machine
  /** What repeats it. */
  command: string
  result: ScenarioResult
}

/** A file beside the page: its name in the folder of pictures, and its text. */
export type Picture = { name: string; text: string }

/** Puts new results in place of those of the same scenarios, in the order of `names`. */
export function mergeResults(
  kept: readonly KeptResult[],
  fresh: readonly KeptResult[],
  names: readonly string[],
): KeptResult[] {
  const byName = new Map([...kept, ...fresh].map((each) => [each.result.name, each]))
  return names.flatMap((name) => byName.get(name) ?? [])
}

/** The page in Markdown; its pictures are in the folder `folder` beside it. */
export function renderPage(kept: readonly KeptResult[], { folder, flame }: PageOptions): string {
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --report docs/performance.md`. Everything runs on one machine: gateway,',
    "PostgreSQL (fsync and synchronous_commit on), Daraja's double, shops and webhook receiver. What counts",
    'are the ratios to the baselines of the same run: the *floor* (bare `node:http` and undici doing the',
    'four HTTP exchanges of a payment, no database, no checks), *plain* (Fastify, `pg`, one statement a',
    'step, a table of jobs) and a *bare insert* (bare `node:http`, the same grouped insert). CPU is',
    'processor time as Linux counts it, of each side apart.',
    '',
    ...machineLines(kept),
    '## Targets',
    '',
    ...renderTable({
      title: '',
      columns: ['', 'target', 'measured', 'met'],
      rows: targetLines(kept.map(({ result }) => result)).map(({ what, wanted, measured, isMet }) => [
        what,
        wanted,
        measured,
        isMet === null ? null : isMet ? 'yes' : '**no**',
      ]),
    }),
    ...kept.flatMap((each) => renderResult(each, folder)),
    ...(flame === null
      ? []
      : [
          '## Where the time goes',
          '',
          'A CPU profile of the gateway while payments are made, callers above what they call, as wide as',
          'the time they take. Opened by itself, the picture names each frame.',
          '',
          `![Flame graph of the gateway](${folder}/${flame})`,
          '',
        ]),
  ].join('\n')
}

/** What the page needs to know of its surroundings. */
export type PageOptions = {
  folder: string
  /** The name of the flame graph in the folder; null: there is none. */
  flame: string | null
}

/** The plots of all results. */
export function picturesOf(kept: readonly KeptResult[]): Picture[] {
  return kept.flatMap(({ result }) =>
    result.plots.map((plot, index) => ({ name: pictureName(result, index), text: renderPlot(plot) })),
  )
}

/** Reads what was kept; nothing yet is none. */
export function parseKept(text: string | null): KeptResult[] {
  return text === null ? [] : JSON.parse(text)
}

function machineLines(kept: readonly KeptResult[]): string[] {
  const lines = kept.map(({ machine }) => {
    const { cores, processor, memoryGb, node, postgres } = machine
    return `${cores} × ${processor}, ${memoryGb} GB, Node ${node}, PostgreSQL ${postgres}.`
  })
  return [...new Set(lines)].flatMap((line) => [line, ''])
}

function renderResult({ date, command, result }: KeptResult, folder: string): string[] {
  return [
    `## ${result.title}`,
    '',
    `\`${command}\`, ${date}`,
    '',
    ...result.tables.flatMap(renderTable),
    ...result.plots.flatMap((plot, index) => renderPicture(result, plot, index, folder)),
    ...result.notes.map((note) => `- ${note}`),
    '',
  ]
}

function renderPicture(result: ScenarioResult, plot: Plot, index: number, folder: string): string[] {
  return [`![${plot.title}](${folder}/${pictureName(result, index)})`, '']
}

function pictureName({ name }: ScenarioResult, index: number): string {
  return `${name}-${index + 1}.svg`
}

function renderTable({ title, columns, rows }: Table): string[] {
  if (rows.length === 0) return []
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'))
  const body = rows.map((row) => line(row.map(cellText)))
  return [...(title === '' ? [] : [`**${title}**`, '']), line(columns), `|${rule.join('|')}|`, ...body, '']
}
