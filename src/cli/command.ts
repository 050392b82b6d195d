// What a command is: its options as a table that parses them and is its help.
import { parseArgs } from 'node:util'
import type { EnvironmentVariables } from '../config.ts'

/** One option of a command. */
export type Option = {
  /** Stands for the value in the help; absent for a switch. */
  value?: string
  doc: string
  required?: boolean
}

/** What a command is given besides its arguments. */
export type CommandIo = {
  env: EnvironmentVariables
  /** What relative paths are relative to. */
  folder: string
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

/** The arguments of a call, checked against the command's options. */
export type Arguments = {
  /** The value of an option, or null when it was not given. */
  text(name: string): string | null
  /** The value of a required option. */
  required(name: string): string
  flag(name: string): boolean
  positionals: readonly string[]
}

/** One command. */
export type Command = {
  /** As it is typed, such as `keys create`. */
  name: string
  summary: string
  /** Names of the positional arguments, all of them needed. */
  positionals?: readonly string[]
  options: Readonly<Record<string, Option>>
  /** Resolves to the exit code. */
  run(io: CommandIo, args: Arguments): Promise<number>
}

/** A call that makes no sense; exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Something that cannot be done; the message is for people. Exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError'
}

const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { doc: 'Print JSON.' },
  help: { doc: 'Show this text.' },
}

/** Reads the arguments after the command's name. Throws `UsageError`. */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const options = { ...command.options, ...COMMON_OPTIONS }
  const parsed = parseStrictly(options, args)
  const given = new Map<string, unknown>(Object.entries(parsed.values))
  const text = (name: string): string | null => {
    const value = given.get(name)
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const required = (name: string): string => {
    const value = text(name)
    if (value === null) throw new UsageError(`--${name} is required`)
    return value
  }
  const flag = (name: string) => given.get(name) === true
  if (!flag('help')) {
    for (const [name, option] of Object.entries(options)) if (option.required) required(name)
    checkValues(parsed.values)
    checkPositionals(command.positionals ?? [], parsed.positionals)
  }
  return { text, required, flag, positionals: parsed.positionals }
}

function parseStrictly(options: Readonly<Record<string, Option>>, args: readonly string[]) {
  const entries = Object.entries(options).map(
    ([name, option]) => [name, { type: option.value === undefined ? 'boolean' : 'string' }] as const,
  )
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(entries), allowPositionals: true })
  } catch (error) {
    // Node adds advice about arguments that begin with a dash, which none of ours do.
    const text = error instanceof Error ? error.message.split('. To specify')[0] : undefined
    throw new UsageError(text ?? 'the arguments do not read')
  }
}

/** An empty value is mostly a variable that is not set; to go on without the option may allow too much. */
function checkValues(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'string' && value.trim() === '') throw new UsageError(`--${name} is empty`)
  }
}

function checkPositionals(wanted: readonly string[], given: readonly string[]): void {
  const missing = wanted[given.length]
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing`)
  const extra = given[wanted.length]
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}"`)
}

/** The help text of one command. */
export function helpOf(command: Command): string {
  const positionals = (command.positionals ?? []).map((name) => ` <${name}>`).join('')
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS })
  const names = options.map(([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`)
  const width = Math.max(...names.map((name) => name.length))
  const lines = options.map(([, { doc, required }], index) => {
    const note = required ? ' Required.' : ''
    return `  ${names[index]?.padEnd(width)}  ${doc}${note}`
  })
  return [
    `Usage: sukuma ${command.name}${positionals} [options]`,
    '',
    command.summary,
    '',
    ...lines,
    '',
  ].join('\n')
}
