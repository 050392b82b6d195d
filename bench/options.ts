// What `npm run bench` can be told.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import type { Scenario } from './scenario.ts'

/** The settings of one run. Null: each scenario has its own default. */
export type BenchOptions = {
  /** Of each measured phase of a round. */
  seconds: number | null
  /** Measured rounds; one more comes before them to warm up. */
  rounds: number | null
  /** Numbers of connections, each measured in turn. */
  connections: number[] | null
  /** Payments a second where they arrive at a fixed rate. */
  rate: number | null
  /** Gateway processes on the one PostgreSQL. */
  gateways: number | null
  /** A scenario's own wish, `--set name=value`, several times. */
  set: Record<string, string>
  /** Where the results go as JSON; `-` is standard output. */
  jsonFile: string | null
  /** The page that the results are merged into, with its JSON and pictures beside it. */
  reportFile: string | null
  /** Where CPU profiles of the gateway are to go; scenarios that can then measure it alone. */
  profileDir: string | null
  /** Databases are made in a new folder below this one. */
  dir: string
}

/** A whole number that an option takes, with its limits. */
const NUMBERS = {
  seconds: { max: 14_400, about: 'length of each measured phase' },
  rounds: { max: 50, about: 'measured rounds, after one that warms up' },
  rate: { max: 100_000, about: 'payments a second where they arrive at a fixed rate' },
  gateways: { max: 16, about: 'gateway processes on the one PostgreSQL, where a scenario takes several' },
} as const

const CONNECTIONS_MAX = 2_000
const TEXTS: [name: string, about: string][] = [
  ['connections N,N', `of a closed loop, each number in turn (up to ${CONNECTIONS_MAX})`],
  ['set NAME=VALUE', "a scenario's own setting; may be given several times"],
  ['json FILE', 'keeps the results as JSON, - prints them instead of tables'],
  ['report FILE', 'merges the results into a page such as docs/performance.md, its JSON and its plots'],
  ['profile DIR', 'leaves a CPU profile of the gateway there, a .cpuprofile and a flame graph'],
  ['dir DIR', 'where databases are made, on a real disk (default /var/tmp)'],
  ['help', 'prints this'],
]

type Parsed =
  | { ok: true; options: BenchOptions; scenarios: Scenario[] }
  | { ok: false; message: string; isHelp: boolean }

/** The usage, with a line a scenario and an option. */
export function usage(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length)) + 2
  const numbers = Object.entries(NUMBERS).map(([name, { max, about }]) => [
    `${name} N`,
    `${about} (1 to ${max})`,
  ])
  const options = [...numbers, ...TEXTS].map(([name = '', about = '']) => `  --${name.padEnd(18)}${about}`)
  const names = scenarios.map(
    (each) => `  ${each.name.padEnd(width)}${each.isQuick ? '* ' : '  '}${each.about}`,
  )
  return [
    'Usage: npm run bench -- [scenario…] [options]',
    '',
    'Measures on this machine, on a PostgreSQL of its own with fsync on. A run fails when a payment is lost,',
    'doubled or not told. Without a name the scenarios with a * run, which takes some minutes.',
    '',
    ...names,
    '',
    ...options,
    '',
  ].join('\n')
}

/** Reads the arguments; `message` is the usage or says what is wrong. */
export function parseBenchOptions(args: readonly string[], all: readonly Scenario[]): Parsed {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        connections: { type: 'string' },
        rate: { type: 'string' },
        gateways: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        report: { type: 'string' },
        dir: { type: 'string', default: defaultDir() },
        profile: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ok: false, message: usage(all), isHelp: true }
    const number = (name: keyof typeof NUMBERS) => readOptional(name, values[name])
    const options = {
      seconds: number('seconds'),
      rounds: number('rounds'),
      connections: readList('connections', values.connections),
      rate: number('rate'),
      gateways: number('gateways'),
      set: Object.fromEntries(values.set.map(readPair)),
      jsonFile: values.json ?? null,
      reportFile: values.report ?? null,
      profileDir: values.profile ?? null,
      dir: values.dir,
    }
    return { ok: true, options, scenarios: choose(positionals, all) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, message: `${reason}\n\n${usage(all)}`, isHelp: false }
  }
}

/** The scenario's own setting `name`, a whole number from 1 to `max`; throws when it is none. */
export function readSetNumber(options: BenchOptions, name: string, fallback: number, max: number): number {
  const text = options.set[name]
  return text === undefined ? fallback : readWhole(`set ${name}`, text, max)
}

/** What repeats one scenario of a run; where files go is left out. */
export function commandOf(scenario: string, options: BenchOptions): string {
  const numbers = ['seconds', 'rounds', 'rate', 'gateways'] as const
  const parts = [
    ...numbers.map((name) => (options[name] === null ? '' : ` --${name} ${options[name]}`)),
    options.connections === null ? '' : ` --connections ${options.connections.join(',')}`,
    ...Object.entries(options.set).map(([name, value]) => ` --set ${name}=${value}`),
  ]
  return `npm run bench -- ${scenario}${parts.join('')}`
}

function choose(names: readonly string[], all: readonly Scenario[]): Scenario[] {
  if (names.length === 0) return all.filter(({ isQuick }) => isQuick)
  return names.map((name) => {
    const found = all.find((each) => each.name === name)
    if (found === undefined) throw new Error(`There is no scenario ${name}`)
    return found
  })
}

/** /tmp is often kept in memory, where fsync costs nothing and the figures would be too good. */
function defaultDir(): string {
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir()
}

function readPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Error(`--set takes name=value, and not ${text}`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function readOptional(name: keyof typeof NUMBERS, text: string | undefined): number | null {
  return text === undefined ? null : readWhole(name, text, NUMBERS[name].max)
}

function readList(name: string, text: string | undefined): number[] | null {
  return text === undefined ? null : text.split(',').map((each) => readWhole(name, each, CONNECTIONS_MAX))
}

function readWhole(name: string, text: string, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= max) return value
  throw new Error(`--${name} must be a whole number from 1 to ${max}`)
}
