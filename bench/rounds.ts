// The rounds: baseline and gateway in turn, so that whatever else the machine does meets both alike.
import { setTimeout as delay } from 'node:timers/promises'
import type { LoopResult, LoopShape } from './closed-loop.ts'
import type { LoadOrder } from './load-process.ts'
import { readFamilyMs, readProcessMs } from './processor-time.ts'
import type { Stage } from './stage.ts'
import { hasOpenWork } from './totals-store.ts'

/** One phase of one round, with the processor time per payment of everything that took part. */
export type Phase = LoopResult & {
  perSecond: number
  /** Gateway or baseline. */
  serverMsEach: number | null
  postgresMsEach: number | null
  /** Simulator, receiver and load, which take their part of the machine. */
  othersMsEach: number | null
}

const OPEN_POLL_MS = 25
const SETTLE_LIMIT_MS = 60_000

/** Payments alone. The processor time of the last webhook's record belongs to them too. */
export async function pay(stage: Stage, shape: LoopShape): Promise<Phase> {
  await stage.simulator.call('hold', 0)
  return measure(stage, stage.gateway.pid, async () => {
    const result = await load(stage, 'pay', orderOf(stage, shape))
    await untilSettled(stage)
    return result
  })
}

function orderOf(stage: Stage, shape: LoopShape): LoadOrder {
  return { ...shape, origin: stage.gateway.url, path: '/api/stk-push', apiKey: stage.apiKey }
}

async function load(stage: Stage, kind: 'pay', order: LoadOrder): Promise<LoopResult> {
  return readLoopResult(await stage.load.call(kind, order))
}

async function measure(stage: Stage, serverPid: number, loop: () => Promise<LoopResult>): Promise<Phase> {
  const others = [stage.simulator.pid, stage.load.pid]
  const read = () =>
    Promise.all([readProcessMs(serverPid), readFamilyMs(stage.postgresPid), ...others.map(readProcessMs)])
  const before = await read()
  const result = await loop()
  const after = await read()
  const [serverMsEach = null, postgresMsEach = null, ...rest] = after.map((to, index) => {
    const from = before[index] ?? null
    return from === null || to === null ? null : (to - from) / result.count
  })
  const othersMsEach = rest.reduce((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0)
  const perSecond = result.count / (result.elapsedMs / 1_000)
  return { ...result, perSecond, serverMsEach, postgresMsEach, othersMsEach }
}

/** Waits until no payment and no delivery is left to do. */
async function untilSettled(stage: Stage): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_LIMIT_MS
  while (await hasOpenWork(stage.db)) {
    if (performance.now() > giveUpAt) throw new Error('payments were still open a minute after the last one')
    await delay(OPEN_POLL_MS)
  }
}

/** From the load process, which is of this folder. */
function readLoopResult(value: unknown): LoopResult {
  return value as LoopResult
}
