// The gateway as a user starts it, in a process of its own: from its start to ready, and to its end.
import type { ForkOptions } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SETTINGS } from '../src/config-table.ts'
import { endProcess, forkWithin, pidOf } from './child-process.ts'
import { freePort } from './free-port.ts'

/** A gateway that is ready. */
export type GatewayProcess = {
  pid: number
  url: string
  /** Where its metrics are, whatever the settings say. */
  metricsUrl: string
  /** From the start of the process until /readyz said yes. */
  readyMs: number
  /** Ends it as Ctrl-C would; resolves to how long that took. */
  stop(): Promise<number>
}

const CLI = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
/** As the launcher does. */
const LAUNCHED_WITH = [
  '--import',
  fileURLToPath(new URL('../bin/bootstrap/compile-cache.mjs', import.meta.url)),
]
const READY_LIMIT_MS = 60_000
const READY_POLL_MS = 5
/** It promises to end within 5 s. */
const STOP_LIMIT_MS = 8_000
const LOG_TAIL_LINES = 15

/**
 * Starts a gateway with these settings and no others; it logs to `logFile` as it would to a service manager,
 * and ends with `stack` at the latest.
 */
export async function startGatewayProcess(
  stack: AsyncDisposableStack,
  settings: Record<string, string>,
  options: { logFile: string; execArgv?: string[] },
): Promise<GatewayProcess> {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  // An empty value is as good as none, and hides what a .env of this machine says.
  const unset = Object.fromEntries(Object.values(SETTINGS).map(({ name }) => [name, '']))
  await using log = await open(options.logFile, 'a')
  const startedAt = performance.now()
  const stop = async () => {
    const stoppedAt = performance.now()
    await endProcess(child, 'SIGTERM', STOP_LIMIT_MS)
    return performance.now() - stoppedAt
  }
  const forkOptions: ForkOptions = {
    env: { ...unset, ...settings, PORT: String(port), METRICS_PORT: String(metricsPort) },
    execArgv: [...LAUNCHED_WITH, ...(options.execArgv ?? [])],
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  }
  const child = forkWithin(stack, CLI, { args: ['start'], options: forkOptions }, stop)
  const untilOk = async (address: string) => {
    while (!(await isOk(address))) {
      const isTooLate = performance.now() - startedAt > READY_LIMIT_MS
      if (isTooLate || child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the gateway did not start; its last words:\n${await logTail(options.logFile)}`)
      }
      await delay(READY_POLL_MS)
    }
    return performance.now() - startedAt
  }
  const readyMs = await untilOk(`${url}/readyz`)
  // Its metrics come a moment later, and are no part of being ready.
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
  await untilOk(metricsUrl)
  return { pid: pidOf(child), url, metricsUrl, readyMs, stop }
}

async function isOk(address: string): Promise<boolean> {
  const answer = await fetch(address).catch(() => null)
  await answer?.body?.cancel()
  return answer?.ok === true
}

async function logTail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8')
  return text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
}
