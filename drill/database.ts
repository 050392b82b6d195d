// The PostgreSQL of the drill: a real server with fsync on, killed with all its processes and started again.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../src/db/embedded/embedded-postgres.ts'
import { silentLogger } from '../src/log.ts'

/** A server that can be killed. Its URL stays the same. */
export type DrilledDatabase = AsyncDisposable & {
  url: string
  /** Kills it and all its processes at once, and starts it again; resolves once it takes connections. */
  kill(): Promise<void>
  counts: { kills: number }
  /** From each kill until it took connections again; real milliseconds. */
  recoveriesMs: number[]
}

const execute = promisify(execFile)
const MAX_CONNECTIONS = '150'

/** Makes and starts the server on `port`. */
export async function startDrilledDatabase(
  options: Pick<EmbeddedPostgresOptions, 'dataDir' | 'systemHome'> & { port: number },
): Promise<DrilledDatabase> {
  const start = () =>
    startEmbeddedPostgres(
      { log: silentLogger },
      { ...options, settings: { max_connections: MAX_CONNECTIONS } },
    )
  const held: { server: EmbeddedPostgres } = { server: await start() }
  const counts = { kills: 0 }
  const recoveriesMs: number[] = []
  return {
    url: held.server.url,
    counts,
    recoveriesMs,
    async kill() {
      const killedAt = performance.now()
      counts.kills += 1
      const { pid, stop } = held.server
      for (const each of [pid, ...(await childrenOf(pid))]) killProcess(each)
      // It has ended; this lets go of its folder.
      await stop()
      held.server = await start()
      recoveriesMs.push(performance.now() - killedAt)
    },
    [Symbol.asyncDispose]: () => held.server.stop(),
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await execute('ps', ['-A', '-o', 'pid=,ppid='])
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.flatMap(([child, parent]) => (parent === pid && child !== undefined ? [child] : []))
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
