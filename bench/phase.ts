// One phase: a subject is measured for a while, with all that it costs on every side of it.
import { setTimeout as delay } from 'node:timers/promises'
import type { LoopResult } from './closed-loop.ts'
import { readWalBytes } from './cost-store.ts'
import type { LoadOrder } from './load-process.ts'
import { type GatewayMetrics, rowsARun } from './metrics-text.ts'
import { readFamilyBytes, readFamilyMs, readProcessMs } from './processor-time.ts'
import type { Stage } from './stage.ts'
import type { Subject } from './subjects.ts'

/** Processor time of a payment on each side, milliseconds; null where the system tells none. */
export type CpuEach = {
  server: number | null
  postgres: number | null
  daraja: number | null
  /** Shops and webhook receiver. */
  load: number | null
}

/** What a phase cost, by the payment. */
export type PhaseCost = {
  cpu: CpuEach
  walBytesEach: number
  /** Of the subject's processes together, at the end. */
  residentBytes: number | null
  loopP99Ms: number | null
  loopMaxMs: number | null
  /** By grouped statement. */
  rowsARun: Record<string, number>
}

/** One phase of one round. */
export type Phase = LoopResult & PhaseCost & { perSecond: number }

const OPEN_POLL_MS = 25
const SETTLE_LIMIT_MS = 90_000
const MS_PER_SECOND = 1_000

type Reading = { cpu: (number | null)[]; walBytes: number; metrics: GatewayMetrics | null }

/** A closed loop of accepts or of payments with their webhooks, then `release`, and the end of all work. */
export async function runPhase(
  stage: Stage,
  subject: Subject,
  { kind, ...shape }: { kind: 'accept' | 'pay' } & Pick<LoadOrder, 'connections' | 'seconds' | 'countMax'>,
  release: () => Promise<void> = () => Promise.resolve(),
): Promise<Phase> {
  const [origin = ''] = subject.origins
  const order: LoadOrder = { ...shape, origin, path: subject.path, apiKey: subject.apiKey }
  await stage.load.call('expectSecret', subject.webhookSecret)
  await subject.wake()
  const { result, cost } = await measureCost(stage, subject, async () => {
    const result = readLoopResult(await stage.load.call(kind, order))
    // The processor time of the last webhook's record belongs to a payment too.
    if (kind === 'pay') await untilSettled(subject)
    return { result, count: result.count }
  })
  await release()
  if (kind === 'accept') await untilSettled(subject)
  await subject.rest()
  return { ...result, ...cost, perSecond: result.count / (result.elapsedMs / MS_PER_SECOND) }
}

/** What `work` costs on every side, for each of the payments that it says it made. */
export async function measureCost<Result>(
  stage: Stage,
  subject: Subject,
  work: () => Promise<{ result: Result; count: number }>,
): Promise<{ result: Result; cost: PhaseCost }> {
  const before = await read(stage, subject, false)
  const { result, count } = await work()
  const after = await read(stage, subject, true)
  const [server = null, postgres = null, daraja = null, load = null] = after.cpu.map((to, index) => {
    const from = before.cpu[index] ?? null
    return from === null || to === null || count === 0 ? null : (to - from) / count
  })
  const cost: PhaseCost = {
    cpu: { server, postgres, daraja, load },
    walBytesEach: count === 0 ? 0 : (after.walBytes - before.walBytes) / count,
    residentBytes: await residentBytes(subject),
    loopP99Ms: after.metrics?.loopP99Ms ?? null,
    loopMaxMs: after.metrics?.loopMaxMs ?? null,
    rowsARun:
      before.metrics === null || after.metrics === null ? {} : rowsARun(before.metrics, after.metrics),
  }
  return { result, cost }
}

/** Resident memory of a subject's processes together. */
export async function residentBytes({ pids }: Subject): Promise<number | null> {
  const each = await Promise.all(pids.map(readFamilyBytes))
  return each.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0)
}

/** Waits until no payment and no delivery is left to do. */
export async function untilSettled(subject: Subject): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_LIMIT_MS
  while (await subject.isOpen()) {
    if (performance.now() > giveUpAt) {
      throw new Error(`${subject.name}: payments were still open ${SETTLE_LIMIT_MS} ms after the last one`)
    }
    await delay(OPEN_POLL_MS)
  }
}

/** Processor time so far of the subject, PostgreSQL, Daraja, and shops with receiver; milliseconds. */
export async function readCpu(stage: Stage, { pids }: Subject): Promise<(number | null)[]> {
  const each = await Promise.all(pids.map(readFamilyMs))
  const server = each.reduce((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0)
  const others = [
    readFamilyMs(stage.postgres.pid),
    readProcessMs(stage.daraja.pid),
    readProcessMs(stage.load.pid),
  ]
  return [server, ...(await Promise.all(others))]
}

async function read(stage: Stage, subject: Subject, isEnd: boolean): Promise<Reading> {
  // A scrape is not counted as work: it comes before the first reading of processor time, and after the last.
  const early = isEnd ? null : await subject.metrics()
  const reading = { cpu: await readCpu(stage, subject), walBytes: await readWalBytes(stage.db) }
  return { ...reading, metrics: isEnd ? await subject.metrics() : early }
}

/** From the load process, which is of this folder. */
function readLoopResult(value: unknown): LoopResult {
  return value as LoopResult
}
