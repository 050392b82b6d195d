// `sukuma start` with several gateway processes, as a user has them: a process of its own, its children and
// what they log.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from './gateway.ts'

/** What was started; disposing of it ends all. */
export type StartedProcesses = AsyncDisposable & {
  child: ChildProcess
  /** Resolves to its exit code and signal. */
  exit: Promise<unknown[]>
  url: string
  metricsUrl: string
  apiKey: string | null
  /** What was logged, by all processes. */
  logged: Record<string, unknown>[]
  /** The pids of the gateway processes that were ready, of each number the latest. */
  pids(): Map<unknown, number>
}

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Starts it; resolves once it has said where it is. */
export async function startProcesses(settings: Record<string, string>): Promise<StartedProcesses> {
  const env = {
    ...{ PORT: '0', METRICS_PORT: '0', SIMULATOR_PORT: '0', SIMULATOR_SPEED: '50', SUKUMA_PROCESSES: '2' },
    ...settings,
  }
  const child = spawn(process.execPath, [CLI, 'start', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const exit = once(child, 'exit')
  if (child.stdout === null || child.stderr === null) throw new Error('it has no output')
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const logged: Record<string, unknown>[] = []
  createInterface({ input: child.stdout }).on('line', (line) => logged.push(JSON.parse(line)))
  const told = await until('the gateway', async () => {
    if (child.exitCode !== null) throw new Error(errors)
    // Lines of several processes come in any order.
    const isComplete = String(pidsIn(logged).size) === env.SUKUMA_PROCESSES
    return isComplete && logged.find((line) => 'metrics_url' in line)
  })
  return {
    child,
    exit,
    url: String(told.url),
    metricsUrl: String(told.metrics_url),
    apiKey: typeof told.api_key === 'string' ? told.api_key : null,
    logged,
    pids: () => pidsIn(logged),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exit
    },
  }
}

function pidsIn(logged: Record<string, unknown>[]): Map<unknown, number> {
  const ready = logged.filter(({ msg }) => msg === 'a gateway process is ready')
  return new Map(ready.map((line) => [line.process, Number(line.pid)]))
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
