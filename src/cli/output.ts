// What commands print: JSON for programs, tables for people.
import type { FieldErrors } from '../merchants/merchants.ts'
import { type Arguments, CommandError, type CommandIo } from './command.ts'

/** A resource as it is printed: snake_case fields, as the native API names them. */
export type Shown = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** Prints one resource: as JSON, or its fields one a line. */
export function printOne(io: CommandIo, args: Arguments, shown: Shown): void {
  if (args.flag('json')) {
    printJson(io, shown)
    return
  }
  const fields = Object.entries(shown).filter(([name, value]) => name !== 'object' && value !== null)
  const width = Math.max(...fields.map(([name]) => name.length))
  for (const [name, value] of fields) io.stdout.write(`${name.padEnd(width)}  ${cell(value)}\n`)
}

/** Prints a list: as a JSON array, or as a table with these columns. */
export function printList(
  io: CommandIo,
  args: Arguments,
  list: readonly Shown[],
  columns: readonly string[],
): void {
  if (args.flag('json')) {
    printJson(io, list)
    return
  }
  if (list.length === 0) {
    io.stdout.write('None yet.\n')
    return
  }
  const rows = [
    columns.map((name) => name.toUpperCase()),
    ...list.map((each) => columns.map((name) => cell(each[name]))),
  ]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  for (const row of rows) {
    const line = row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')
    io.stdout.write(`${line.trimEnd()}\n`)
  }
}

/** Prints JSON, one line for a machine that reads lines. */
export function printJson(io: CommandIo, value: unknown): void {
  io.stdout.write(`${JSON.stringify(value)}\n`)
}

function cell(value: Shown[string] | undefined): string {
  if (value === null || value === undefined) return '-'
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** A time as it is shown, or null. */
export function shownTime(time: Date | null): string | null {
  return time === null ? null : time.toISOString()
}

/** An error that lists what is wrong, with the options' names for the fields. */
export function fieldErrors(errors: FieldErrors): CommandError {
  const lines = Object.entries(errors).flatMap(([field, texts]) =>
    texts.map((text) => `--${field.replaceAll('_', '-')} ${text}`),
  )
  return new CommandError(lines.join('\n'))
}
