// What a scenario measured, as a person reads it in a terminal.
import type { ScenarioResult, Table } from './scenario.ts'

const GAP = '  '

/** Its tables in aligned columns, and its notes. */
export function renderText({ name, title, tables, notes }: ScenarioResult): string {
  return [
    `\n${title} (${name})`,
    ...tables.flatMap(renderTable),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n')
}

/** A cell as it is printed; what is not known is a dash. */
export function cellText(cell: string | number | null): string {
  return cell === null ? '–' : String(cell)
}

function renderTable({ title, columns, rows }: Table): string[] {
  const lines = [columns, ...rows.map((row) => row.map(cellText))]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  const render = (line: string[]) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join(GAP)
      .trimEnd()
  return ['', ...(title === '' ? [] : [title]), ...lines.map((line) => `  ${render(line)}`)]
}
