// Keeps two gateway processes running as a service manager would, and kills them.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endProcess } from '../bench/child-process.ts'
import { SETTINGS } from '../src/config-table.ts'
import type { GatewayKill } from './plan.ts'

/** The two gateways. */
export type Gateways = AsyncDisposable & {
  /** Where each listens, also when it is not running. */
  urls: string[]
  /** Kills one in the way that is planned; it is started again at once. Resolves to when it was killed. */
  kill(kill: GatewayKill): Promise<number>
  /** Resolves once both are ready. */
  ready(): Promise<void>
  counts: { kills: number; starts: number; failedStarts: number }
  /** From each kill until that gateway was ready again; real milliseconds. */
  recoveriesMs: number[]
}

/** What the processes are started with. */
export type GatewaysOrder = {
  ports: readonly [number, number]
  settings: Record<string, string>
  shared: { epochMs: number; clockFactor: number; darajaUrl: string }
  logDir: string
}

const PROCESS_FILE = fileURLToPath(new URL('./gateway-process.ts', import.meta.url))
const START_AGAIN_MS = 100
const READY_LIMIT_MS = 60_000
const POLL_MS = 20

type Slot = { child: ChildProcess | null; isReady: boolean; killedAt: number | null }

/** Starts both; they end with the answer's disposal. */
export async function startGateways(order: GatewaysOrder): Promise<Gateways> {
  const logs = await Promise.all(order.ports.map((_, index) => open(logFile(order.logDir, index), 'a')))
  const slots = order.ports.map((): Slot => ({ child: null, isReady: false, killedAt: null }))
  const counts = { kills: 0, starts: 0, failedStarts: 0 }
  const recoveriesMs: number[] = []
  const stopping = new AbortController()
  const keepRunning = async (slot: Slot, index: number): Promise<void> => {
    while (!stopping.signal.aborted) {
      const child = startProcess(order, index, logs[index])
      slot.child = child
      counts.starts += 1
      child.once('message', () => {
        slot.isReady = true
        if (slot.killedAt !== null) recoveriesMs.push(performance.now() - slot.killedAt)
        slot.killedAt = null
      })
      const [exitCode] = await once(child, 'exit')
      slot.isReady = false
      slot.child = null
      if (exitCode === null || stopping.signal.aborted) continue
      counts.failedStarts += 1
      await sleep(START_AGAIN_MS)
    }
  }
  const loops = slots.map(keepRunning)
  return {
    urls: order.ports.map((port) => `http://127.0.0.1:${port}`),
    counts,
    recoveriesMs,
    async kill({ gateway, starting, afterReadyMs }) {
      const slot = slots[gateway]
      if (!starting && slot?.isReady === false) {
        await until(`gateway ${gateway}`, () => slot.isReady)
        await sleep(afterReadyMs)
      }
      await until(`gateway ${gateway}`, () => slot?.child !== null)
      const child = slot?.child
      const killedAt = performance.now()
      if (slot === undefined || child === null || child === undefined) return killedAt
      slot.killedAt ??= killedAt
      counts.kills += 1
      await endProcess(child, 'SIGKILL')
      return killedAt
    },
    ready: () => until('the gateways', () => slots.every((slot) => slot.isReady)),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all(slots.map(({ child }) => child && endProcess(child, 'SIGKILL')))
      await Promise.all(loops)
      await Promise.all(logs.map((log) => log.close()))
    },
  }
}

/** The log of one gateway. */
export function logFile(dir: string, index: number): string {
  return join(dir, `gateway-${index + 1}.log`)
}

function startProcess(order: GatewaysOrder, index: number, log: FileHandle | undefined): ChildProcess {
  const { settings, shared, ports } = order
  // An empty value is as good as none, and hides what a .env of this machine says.
  const unset = Object.fromEntries(Object.values(SETTINGS).map(({ name }) => [name, '']))
  const stdio = ['ignore', log?.fd ?? 'ignore', log?.fd ?? 'ignore', 'ipc']
  const options: ForkOptions = {
    env: { ...unset, ...settings, PORT: String(ports[index]) },
    execArgv: [],
    stdio: stdio as NonNullable<ForkOptions['stdio']>,
  }
  return fork(PROCESS_FILE, [String(shared.epochMs), String(shared.clockFactor), shared.darajaUrl], options)
}

/** Waits for a condition of this process's own; throws when it does not come about within a minute. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + READY_LIMIT_MS
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`${what} did not come about`)
    await sleep(POLL_MS)
  }
}
