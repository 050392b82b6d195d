// The command line: finds the command, reads its arguments, and turns what goes wrong into a text and a code.
import { readFile } from 'node:fs/promises'
import { auditCommands } from './audit.ts'
import { type Command, CommandError, type CommandIo, helpOf, parseArguments, UsageError } from './command.ts'
import { keyCommands } from './keys.ts'
import { memberCommands } from './members.ts'
import { merchantCommands } from './merchants.ts'
import { migrate } from './migrate.ts'
import { paymentCommands } from './payments.ts'
import { secretCommands } from './secret.ts'
import { shortcodeCommands } from './shortcodes.ts'
import { start } from './start.ts'
import { statementCommands } from './statements.ts'
import { webhookCommands } from './webhooks.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  start,
  migrate,
  ...merchantCommands,
  ...memberCommands,
  ...shortcodeCommands,
  ...paymentCommands,
  ...keyCommands,
  ...webhookCommands,
  ...statementCommands,
  ...secretCommands,
  ...auditCommands,
]

const EXIT_FAILURE = 1
const EXIT_USAGE = 2

/** Runs one command line; resolves to the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCli(io: CommandIo, args: readonly string[]): Promise<number> {
  const command = findCommand(args)
  if (command === null) return runWithoutCommand(io, args)
  try {
    const parsed = parseArguments(command, args.slice(command.name.split(' ').length))
    if (parsed.flag('help')) {
      io.stdout.write(helpOf(command))
      return 0
    }
    return await command.run(io, parsed)
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`sukuma ${command.name}: ${error.message}\nSee: sukuma ${command.name} --help\n`)
      return EXIT_USAGE
    }
    io.stderr.write(`sukuma ${command.name}: ${describeFailure(error)}\n`)
    return EXIT_FAILURE
  }
}

function findCommand(args: readonly string[]): Command | null {
  return (
    COMMANDS.find((command) => command.name.split(' ').every((word, index) => word === args[index])) ?? null
  )
}

async function runWithoutCommand(io: CommandIo, args: readonly string[]): Promise<number> {
  const [first = ''] = args
  if (first === '--version') {
    io.stdout.write(`${await readVersion()}\n`)
    return 0
  }
  const group = COMMANDS.filter((command) => command.name.startsWith(`${first} `))
  const help = groupHelp(group.length > 0 ? group : COMMANDS)
  const asked = first === '--help' || first === 'help' || (group.length > 0 && args[1] === '--help')
  if (asked) {
    io.stdout.write(help)
    return 0
  }
  const unknown = args.filter((arg) => !arg.startsWith('-')).slice(0, 2)
  if (unknown.length > 0) io.stderr.write(`sukuma: "${unknown.join(' ')}" is no command\n\n`)
  io.stderr.write(help)
  return EXIT_USAGE
}

function groupHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`)
  const more = 'Each takes --help and --json. Settings: see .env.example.'
  return ['Usage: sukuma <command> [options]', '', ...lines, '', more, ''].join('\n')
}

async function readVersion(): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  if (typeof parsed !== 'object' || parsed === null || !('version' in parsed)) return 'unknown'
  return String(parsed.version)
}

/** A certificate of PostgreSQL's that no authority known to Node has signed. */
const UNKNOWN_AUTHORITY =
  "Add the certificate of the database's authority to DATABASE_URL: " +
  '?sslmode=verify-full&sslrootcert=/path/to/ca.pem'

/** What to do about errors of the system that name no remedy themselves. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Is the database running, and is DATABASE_URL right?',
  ENOTFOUND: 'Is the host name in DATABASE_URL right?',
  ETIMEDOUT: 'Can the database be reached from here?',
  EADDRINUSE: 'Something else listens there: set PORT, SIMULATOR_PORT or METRICS_PORT to a free port.',
  EACCES: 'Run this as the user who owns that file, or choose a port above 1023.',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  ERR_TLS_CERT_ALTNAME_INVALID: 'Name the database in DATABASE_URL as its certificate does.',
  '28P01': 'Check the user name and the password in DATABASE_URL.',
  '28000': 'Check the user name and the password in DATABASE_URL.',
  '3D000': 'Create that database first, or correct DATABASE_URL.',
}

/** One failure in words, with a remedy where one is known. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CommandError) return error.message
  // A connection that was tried at several addresses has its reasons inside, and no message of its own.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : null
  const text = error.message || (inner instanceof Error ? inner.message : error.name)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const remedy = REMEDIES[code]
  return remedy === undefined ? text : `${text}. ${remedy}`
}
