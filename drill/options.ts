// What `npm run drill` can be told.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'

/** The settings of one drill. */
export type DrillOptions = {
  /** Gateway processes that are killed. */
  kills: number
  payments: number
  /** The same seed, kills and payments make the same plan. */
  seed: number
  /** Where the figures go as JSON. */
  jsonFile: string | null
  /** Where the report goes as Markdown. */
  reportFile: string | null
  /** The database, the logs and the plan are made in a new folder below this one. */
  dir: string
  /** Leaves that folder behind, with the gateways' logs in full. */
  keep: boolean
}

export const USAGE = `Usage: npm run drill -- [options]

Kills gateways, their database, the merchant's receiver and the network to Daraja while payments are made, and
then holds what the merchant was told against what the simulator really did. Fails unless both agree.

  --kills N      gateway processes to kill (0 to 10000, default 20)
  --payments N   payments to make (1 to 500000, default 2000)
  --seed N       another seed is another plan (0 to 4294967295, default 1)
  --json FILE    writes the figures as JSON
  --report FILE  writes the report as Markdown
  --dir PATH     where the database is made, on a real disk (default /var/tmp)
  --keep         leaves database and full logs behind
  --help         prints this
`

type Parsed = { ok: true; options: DrillOptions } | { ok: false; message: string }

/** Reads the arguments; `message` is the usage or says what is wrong. */
export function parseDrillOptions(args: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kills: { type: 'string', default: '20' },
        payments: { type: 'string', default: '2000' },
        seed: { type: 'string', default: '1' },
        json: { type: 'string' },
        report: { type: 'string' },
        dir: { type: 'string', default: defaultDir() },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ok: false, message: USAGE }
    const options = {
      kills: readWhole('kills', values.kills, { min: 0, max: 10_000 }),
      payments: readWhole('payments', values.payments, { min: 1, max: 500_000 }),
      seed: readWhole('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
      jsonFile: values.json ?? null,
      reportFile: values.report ?? null,
      dir: values.dir,
      keep: values.keep,
    }
    return { ok: true, options }
  } catch (error) {
    return { ok: false, message: `${error instanceof Error ? error.message : error}\n\n${USAGE}` }
  }
}

/** /tmp is often kept in memory, where a crash of the database proves less. */
function defaultDir(): string {
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
}

function readWhole(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (value >= min && value <= max) return value
  throw new Error(`--${name} must be a whole number from ${min} to ${max}`)
}
