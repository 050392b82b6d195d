// What `npm run bench` can be told.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'

/** The settings of one run. */
export type BenchOptions = {
  /** Of each measured phase of a round. */
  seconds: number
  /** Measured rounds; one more comes before them to warm up. */
  rounds: number
  connections: number
  json: boolean
  /** Where CPU profiles of the gateway are to go; payments alone are measured then. */
  profileDir: string | null
  /** The database is made in a new folder below this one. */
  dir: string
}

export const USAGE = `Usage: npm run bench -- [options]

Measures the gateway on this machine, on a PostgreSQL of its own with fsync on: accepts and payments a
second, CPU a payment, memory, and the time to start. Fails when a payment is lost, doubled or not told.

  --seconds N      length of each measured phase (1 to 60, default 3)
  --rounds N       measured rounds, after one that warms up (1 to 20, default 3)
  --connections N  connections of the closed loop (1 to 1000, default 64)
  --json           prints the figures as JSON instead of a table
  --dir PATH       where the database is made, on a real disk (default /var/tmp)
  --profile PATH   measures payments only and leaves a CPU profile of the gateway in this folder
  --help           prints this
`

type Parsed = { ok: true; options: BenchOptions } | { ok: false; message: string }

/** Reads the arguments; `message` is the usage or says what is wrong. */
export function parseBenchOptions(args: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '3' },
        rounds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '64' },
        json: { type: 'boolean', default: false },
        dir: { type: 'string', default: defaultDir() },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ok: false, message: USAGE }
    const options = {
      seconds: readWhole('seconds', values.seconds, 60),
      rounds: readWhole('rounds', values.rounds, 20),
      connections: readWhole('connections', values.connections, 1_000),
      json: values.json,
      profileDir: values.profile ?? null,
      dir: values.dir,
    }
    return { ok: true, options }
  } catch (error) {
    return { ok: false, message: `${error instanceof Error ? error.message : error}\n\n${USAGE}` }
  }
}

/** /tmp is often kept in memory, where fsync costs nothing and the figures would be too good. */
function defaultDir(): string {
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
}

function readWhole(name: string, text: string, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= max) return value
  throw new Error(`--${name} must be a whole number from 1 to ${max}`)
}
