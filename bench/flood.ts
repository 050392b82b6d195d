// `npm run bench:flood`: what forged callbacks cost. Payments are measured in turn without and with a flood
// of them in the same run; the figures are ratios, and how much the database grew.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createCallbackTokens } from '../src/merchants/callback-token.ts'
import { type BenchChild, startBenchChild } from './child-process.ts'
import type { FloodOrder, FloodResult } from './flood-process.ts'
import { type CallbackTotals, readCallbackTotals, readSettledPayment } from './flood-store.ts'
import { type Phase, runPhase } from './phase.ts'
import { readFamilyMs } from './processor-time.ts'
import { type Stage, setStage } from './stage.ts'
import { median } from './statistics.ts'
import { gatewaySubject, type Subject } from './subjects.ts'
import { readTotals } from './totals-store.ts'

const USAGE = `Usage: npm run bench:flood -- [options]

  --seconds N      length of each measured phase (default 20)
  --rounds N       pairs of phases, after one that warms up (default 2)
  --connections N  connections of those who pay (default 64)
  --per-second N   forged callbacks a second; 0: as fast as they are answered (default 2500)
  --dir PATH       where the database is made, on a real disk (default /var/tmp)
`

type Options = { seconds: number; rounds: number; connections: number; perSecond: number; dir: string }
/** Processor time of the gateway and of PostgreSQL for one forged callback, milliseconds. */
type Cost = { serverMs: number | null; postgresMs: number | null }
type Pair = { quiet: Phase; flooded: Phase; flood: FloodResult }

const COUNT_MAX = 1_000_000
/** Of the flood alone, by which its own cost is measured: payments stand in nobody's way then. */
const ALONE_MS = 5_000
const WARM_UP_SECONDS = 3
const MS_PER_SECOND = 1_000
const BYTES_PER_KIB = 1_024

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '2' },
      connections: { type: 'string', default: '64' },
      'per-second': { type: 'string', default: '2500' },
      dir: { type: 'string', default: '/var/tmp' },
    },
  })
  const whole = (name: 'seconds' | 'rounds' | 'connections' | 'per-second') => {
    if (!/^\d{1,6}$/.test(values[name])) throw new Error(`--${name} must be a whole number\n\n${USAGE}`)
    return Number(values[name])
  }
  const [seconds, rounds, connections] = [whole('seconds'), whole('rounds'), whole('connections')]
  if (seconds * rounds * connections === 0) throw new Error(USAGE)
  return { seconds, rounds, connections, perSecond: whole('per-second'), dir: values.dir }
}

function pay(stage: Stage, gateway: Subject, { seconds, connections }: Options): Promise<Phase> {
  return runPhase(stage, gateway, { kind: 'pay', seconds, connections, countMax: COUNT_MAX })
}

async function measurePair(
  stage: Stage,
  gateway: Subject,
  forger: BenchChild,
  order: FloodOrder,
  options: Options,
): Promise<Pair> {
  const quiet = await pay(stage, gateway, options)
  await forger.call('begin', order)
  const flooded = await pay(stage, gateway, options)
  return { quiet, flooded, flood: readFloodResult(await forger.call('end')) }
}

/** What a forged callback costs; the machine's other work does not come into it. */
async function measureCost(
  stage: Stage,
  { pids: [pid = 0] }: Subject,
  forger: BenchChild,
  order: FloodOrder,
): Promise<Cost> {
  const read = () => Promise.all([readFamilyMs(pid), readFamilyMs(stage.postgres.pid)])
  const before = await read()
  await forger.call('begin', order)
  await delay(ALONE_MS)
  const { sent } = readFloodResult(await forger.call('end'))
  const after = await read()
  const [serverMs = null, postgresMs = null] = after.map((to, index) => {
    const from = before[index] ?? null
    return to === null || from === null ? null : (to - from) / sent
  })
  return { serverMs, postgresMs }
}

function report(pairs: readonly Pair[], cost: Cost, before: CallbackTotals, after: CallbackTotals): string {
  const of = (read: (pair: Pair) => number, digits = 0) => median(pairs.map(read)).toFixed(digits)
  const both = (read: (phase: Phase) => number, digits: number) =>
    `${of((pair) => read(pair.quiet), digits)}  ${of((pair) => read(pair.flooded), digits)}`
  const sent = pairs.reduce((sum, { flood }) => sum + flood.sent, 0)
  const failed = pairs.reduce((sum, { flood }) => sum + flood.failed, 0)
  const perSecond = ({ flood }: Pair) => (flood.sent * MS_PER_SECOND) / flood.elapsedMs
  const ms = (value: number | null) => value?.toFixed(3) ?? 'unknown'
  const serverMs = ({ quiet }: Pair) => quiet.cpu.server ?? Number.NaN
  const postgresMs = ({ quiet }: Pair) => quiet.cpu.postgres ?? Number.NaN
  const growth = Math.max(0, after.callbackBytes - before.callbackBytes) / BYTES_PER_KIB
  return [
    `payments a second, quiet and flooded       ${both((phase) => phase.perSecond, 0)}`,
    `99 of 100 within, ms, quiet and flooded    ${both((phase) => phase.p99Ms, 1)}`,
    `payments, flooded to quiet                 ${of((p) => p.flooded.perSecond / p.quiet.perSecond, 2)}`,
    `duration (99 of 100), flooded to quiet     ${of((p) => p.flooded.p99Ms / p.quiet.p99Ms, 2)}`,
    `forged callbacks, and a second             ${sent}  ${of(perSecond)}`,
    `of them not answered with 200              ${failed}`,
    `gateway CPU, ms: a payment, a forged one   ${of(serverMs, 3)}  ${ms(cost.serverMs)}`,
    `PostgreSQL CPU, ms: both                   ${of(postgresMs, 3)}  ${ms(cost.postgresMs)}`,
    `rows kept of callbacks, before and after   ${before.rows}  ${after.rows}`,
    `growth of the table of callbacks, KiB      ${growth.toFixed(0)}`,
    '',
  ].join('\n')
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  await using stack = new AsyncDisposableStack()
  const dir = join(await realpath(options.dir), `sukuma-flood-${randomBytes(4).toString('hex')}`)
  await mkdir(dir)
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }))
  // Started by root, PostgreSQL runs as another user, who must get in.
  await chmod(dir, 0o755)
  const stage = await setStage(stack, dir, {})
  const gateway = gatewaySubject(stage.gateways, stage)
  const forger = startBenchChild(stack, 'flood-process.ts')
  const warmUp = await pay(stage, gateway, { ...options, seconds: WARM_UP_SECONDS })
  const { merchantId, paymentId } = await readSettledPayment(stage.db)
  const token = createCallbackTokens([stage.secret]).tokenOf(merchantId, paymentId)
  const order: FloodOrder = { origin: gateway.origins[0] ?? '', perSecond: options.perSecond, token }
  const before = await readCallbackTotals(stage.db)
  const cost = await measureCost(stage, gateway, forger, { ...order, perSecond: 0 })
  const pairs: Pair[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    process.stderr.write(`Round ${round} of ${options.rounds}\n`)
    pairs.push(await measurePair(stage, gateway, forger, order, options))
  }
  const made = pairs.reduce((sum, { quiet, flooded }) => sum + quiet.count + flooded.count, warmUp.count)
  const { payments } = await readTotals(stage.db)
  if (JSON.stringify(payments) !== JSON.stringify({ succeeded: made })) {
    throw new Error(`${made} payments were made, and the database says ${JSON.stringify(payments)}`)
  }
  process.stdout.write(report(pairs, cost, before, await readCallbackTotals(stage.db)))
}

/** From a process of this folder. */
function readFloodResult(value: unknown): FloodResult {
  return value as FloodResult
}

await main()
