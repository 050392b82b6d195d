// How commands take secrets: from an option, a file or standard input, the environment, or a hidden prompt.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { type Arguments, CommandError, type CommandIo, type Option, UsageError } from './command.ts'

/** A secret that a command needs. */
export type SecretInput = {
  /** The option that gives it outright; with `-file`, the one that names its file. */
  option: string
  /** The environment variable that may hold it instead. */
  variable: string
}

/** The two options of each secret. */
export function secretOptions(inputs: readonly SecretInput[]): Record<string, Option> {
  const entries = inputs.flatMap(({ option, variable }): [string, Option][] => [
    [option, { value: 'TEXT', doc: `Or ${variable} in the environment, or a prompt.` }],
    [
      `${option}-file`,
      { value: 'PATH', doc: 'A file that holds it; - reads the next line of standard input.' },
    ],
  ])
  return Object.fromEntries(entries)
}

/**
 * The values of `inputs`, in their order, by the first way that gives one; `fallbacks` come before a prompt.
 * Throws when one cannot be had. Only one call may read standard input.
 */
export async function readSecrets(
  io: CommandIo,
  args: Arguments,
  inputs: readonly SecretInput[],
  fallbacks: readonly string[] = [],
): Promise<string[]> {
  const wantsLines = inputs.some((input) => args.text(`${input.option}-file`) === '-')
  const lines = wantsLines ? await readLines(io.stdin) : []
  const values: string[] = []
  for (const [index, input] of inputs.entries()) {
    values.push(await readSecret(io, args, input, { lines, fallback: fallbacks[index] ?? null }))
  }
  return values
}

async function readSecret(
  io: CommandIo,
  args: Arguments,
  { option, variable }: SecretInput,
  { lines, fallback }: { lines: string[]; fallback: string | null },
): Promise<string> {
  const given = args.text(option)
  const path = args.text(`${option}-file`)
  if (given !== null && path !== null) throw new UsageError(`give --${option} or --${option}-file, not both`)
  if (given !== null) return given
  if (path === '-') return lines.shift() ?? missing(`standard input has no line for --${option}-file`)
  if (path !== null) return readSecretFile(resolve(io.folder, path))
  const fromEnvironment = io.env[variable]?.trim()
  if (fromEnvironment) return fromEnvironment
  if (fallback !== null) return fallback
  if (!io.stdin.isTTY) return missing(`give --${option}, --${option}-file or ${variable} in the environment`)
  return prompt(io, option)
}

function missing(text: string): never {
  throw new UsageError(text)
}

async function readSecretFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  })
  return text.trim()
}

async function readLines(stdin: CommandIo['stdin']): Promise<string[]> {
  const chunks: Buffer[] = []
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk))
  const lines = Buffer.concat(chunks).toString('utf8').split('\n')
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}

/** Asks at the terminal, and shows nothing of what is typed. */
async function prompt(io: CommandIo, option: string): Promise<string> {
  io.stderr.write(`${option.replaceAll('-', ' ')} (not shown): `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: io.stdin, output: nowhere, terminal: true })
  try {
    return (await terminal.question('')).trim()
  } finally {
    terminal.close()
    io.stderr.write('\n')
  }
}
