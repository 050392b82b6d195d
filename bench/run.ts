// `npm run bench`: what the gateway does on this machine, and at what cost.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, realpath, rm } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Figures, summariseRounds } from './figures.ts'
import { findDisagreements } from './ledger-check.ts'
import { type BenchOptions, parseBenchOptions } from './options.ts'
import { readMemory } from './processor-time.ts'
import { renderReport } from './report.ts'
import { type Round, runRound } from './rounds.ts'
import type { Prompts } from './simulator-process.ts'
import { type Stage, setStage } from './stage.ts'
import { measureStarts } from './start-times.ts'
import { readServerVersion, readTotals } from './totals-store.ts'
import type { Told } from './webhook-sink.ts'

/** Longer than any run with settings in their limits should take, phases apart. */
const OVERHEAD_LIMIT_MS = 240_000
const PHASES = 3
const BACKLOG_LIMIT_MS = 20_000
const INTERRUPTED_EXIT_CODE = 130
const CUT_OFF_LIMIT_MS = 10_000

const ignore = () => undefined

/** Says what is being done, on standard error: the figures alone go to standard output. */
function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function bench(options: BenchOptions, signal: AbortSignal): Promise<Figures> {
  await using folder = new AsyncDisposableStack()
  const dir = await makeFolder(folder, options.dir)
  await using parts = new AsyncDisposableStack()
  const working = work(parts, dir, options)
  // Cut off, it still ends: its parts are gone, and then the folder can go too.
  folder.defer(() => Promise.race([working.then(ignore, ignore), delay(CUT_OFF_LIMIT_MS)]))
  const cut = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  return await Promise.race([working, cut])
}

async function work(parts: AsyncDisposableStack, dir: string, options: BenchOptions): Promise<Figures> {
  if (options.profileDir !== null) {
    const stage = await setStage(parts, dir, resolve(options.profileDir))
    return { ...(await measureRounds(stage, options)), starts: null }
  }
  say('Starting twice, from nothing and again')
  const starts = await measureStarts(parts, dir)
  return { ...(await measureRounds(await setStage(parts, dir, null), options)), starts }
}

async function measureRounds(stage: Stage, options: BenchOptions): Promise<Omit<Figures, 'starts'>> {
  const { rounds, seconds, connections } = options
  const before = await readMemory(stage.gateway.pid)
  say('Warming up')
  const all = [await runRound(stage, options)]
  for (let number = 1; number <= rounds; number++) {
    say(`Round ${number} of ${rounds}`)
    all.push(await runRound(stage, options))
  }
  const after = await readMemory(stage.gateway.pid)
  const checkedPayments = await check(stage, all)
  const machine = {
    node: process.versions.node,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    postgres: await readServerVersion(stage.db),
  }
  const shape = { rounds, seconds, connections }
  return { machine, shape, ...summariseRounds(all.slice(1)), memory: { before, after }, checkedPayments }
}

/** Throws unless everybody has seen the same payments; resolves to how many. */
async function check(stage: Stage, rounds: readonly Round[]): Promise<number> {
  const accepted = rounds.reduce((sum, round) => sum + (round.accepts?.count ?? 0) + round.payments.count, 0)
  const disagreements = findDisagreements({
    accepted,
    totals: await readTotals(stage.db),
    prompts: readPrompts(await stage.simulator.call('prompts')),
    told: readTold(await stage.load.call('told')),
  })
  const baseline = rounds.reduce((sum, round) => sum + (round.baseline?.count ?? 0), 0)
  const kept = await stage.baseline.child.call('count')
  if (kept !== baseline) disagreements.push(`payments of the baseline: ${kept}, and not ${baseline}`)
  if (disagreements.length > 0) throw new Error(`The figures do not count:\n${disagreements.join('\n')}`)
  return accepted
}

async function makeFolder(stack: AsyncDisposableStack, parent: string): Promise<string> {
  const path = join(await realpath(parent), `sukuma-bench-${randomBytes(4).toString('hex')}`)
  await mkdir(path)
  stack.defer(() => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(path, 0o755)
  return path
}

/** Both come from processes of this folder. */
function readPrompts(value: unknown): Prompts {
  return value as Prompts
}

function readTold(value: unknown): Told {
  return value as Told
}

async function main(): Promise<number> {
  const parsed = parseBenchOptions(process.argv.slice(2))
  if (!parsed.ok) {
    say(parsed.message)
    return process.argv.includes('--help') ? 0 : 1
  }
  const { options } = parsed
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(new Error('Interrupted'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  const phasesMs = PHASES * options.seconds * 1_000 + BACKLOG_LIMIT_MS
  const limit = AbortSignal.timeout(OVERHEAD_LIMIT_MS + (options.rounds + 1) * phasesMs)
  try {
    const figures = await bench(options, AbortSignal.any([interruption.signal, limit]))
    process.stdout.write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : renderReport(figures))
    return 0
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return interruption.signal.aborted ? INTERRUPTED_EXIT_CODE : 1
  }
}

const exitCode = await main()
// What was cut off must not keep the process: all that it had started has been ended.
process.stdout.write('', () => process.exit(exitCode))
