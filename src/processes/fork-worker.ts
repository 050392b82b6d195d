// A gateway process as a child of this one; they share a listening port by Node's cluster.
import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import type { MetricsSnapshot } from '../metrics.ts'
import { type ReadyReport, readReport, type StartOrder, type WorkerOrder } from './worker-messages.ts'
import type { Worker } from './worker-pool.ts'

/** A child of this process. */
export type ForkedWorker = Worker & {
  /** Its counters; null when it does not answer in time. */
  metrics(): Promise<MetricsSnapshot | null>
}

const PROGRAM = fileURLToPath(new URL('../cli/worker.ts', import.meta.url))
/** Prometheus gives up after 10 s; a process that is busy for so long is shown as it was. */
const METRICS_LIMIT_MS = 2_000

/** Starts a gateway process by `order`. */
export function forkWorker(order: StartOrder): ForkedWorker {
  // This process takes the connections and hands them out in turn: each gateway process has as many, a dead
  // one gets none, and a port that is taken is told. With SO_REUSEPORT the kernel would draw lots, lose what
  // waits for a process that dies, and let a second gateway listen too; it saves some 20 µs a connection.
  // What is on its way to a process that dies is lost here as well, and not even closed.
  cluster.schedulingPolicy = cluster.SCHED_RR
  cluster.setupPrimary({
    exec: PROGRAM,
    args: [],
    execArgv: withoutParentWatch(process.execArgv),
    // Structured clone: settings hold sets and buffers.
    serialization: 'advanced',
  })
  const child = cluster.fork()
  // A channel that breaks is the end of the child, which is told by its exit.
  child.on('error', () => undefined)
  const send = (message: WorkerOrder) => child.isConnected() && child.send(message)
  const ended = new Promise<Awaited<Worker['ended']>>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  )
  const ready = new Promise<ReadyReport>((resolve, reject) => {
    child.on('message', (message) => {
      const report = readReport(message)
      if (report.kind === 'ready') {
        const { url, demo, signInUrl } = report
        resolve({ url, demo, signInUrl })
      }
      if (report.kind === 'failed') reject(Object.assign(new Error(report.message), { code: report.code }))
    })
    void ended.then(({ code, signal }) =>
      reject(new Error(`a gateway process ended while it started (${signal ?? code})`)),
    )
  })
  // Whoever started it looks at this later than it may fail.
  ready.catch(() => undefined)
  send(order)
  let lastId = 0
  return {
    pid: child.process.pid ?? 0,
    ready,
    ended,
    end: () => void send({ kind: 'end' }),
    kill: () => void child.process.kill('SIGKILL'),
    async metrics() {
      lastId += 1
      const id = lastId
      const late = Promise.withResolvers<null>()
      const timer = setTimeout(late.resolve, METRICS_LIMIT_MS, null)
      const answered = new Promise<MetricsSnapshot>((resolve) => {
        const listen = (message: unknown) => {
          const report = readReport(message)
          if (report.kind === 'metrics' && report.id === id) resolve(report.snapshot)
        }
        child.on('message', listen)
        void late.promise.then(() => child.off('message', listen))
      })
      send({ kind: 'metrics', id })
      const found = await Promise.race([answered, late.promise, ended.then(() => null)])
      clearTimeout(timer)
      late.resolve(null)
      return found
    },
  }
}

/** The arguments of Node without the watch over the launcher, which is the parent's to keep. */
function withoutParentWatch(execArgv: readonly string[]): string[] {
  const isWatch = (index: number) =>
    execArgv[index] === '--import' && execArgv[index + 1]?.endsWith('watch-parent.mjs') === true
  return execArgv.filter((_, index) => !isWatch(index) && !isWatch(index - 1))
}
