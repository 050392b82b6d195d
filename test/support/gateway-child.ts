// A separate process that runs an embedded PostgreSQL, for tests that kill it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EmbeddedPostgresOptions } from '../../src/db/embedded/embedded-postgres.ts'

export type GatewayChild = AsyncDisposable & {
  process: ChildProcess
  /** The next line it prints: its database as JSON, or `failed <code>`; null once it has ended. */
  nextLine(): Promise<string | null>
  kill(): Promise<void>
}

const SCRIPT = `
  const [directory, options, user] = process.argv.slice(1)
  const { startEmbeddedPostgres } = await import(directory + '/src/db/embedded/embedded-postgres.ts')
  const { silentLogger } = await import(directory + '/src/log.ts')
  if (user !== '') {
    process.setgroups([])
    process.setgid(Number(user))
    process.setuid(Number(user))
  }
  try {
    const { url, pid } = await startEmbeddedPostgres({ log: silentLogger }, JSON.parse(options))
    process.stdout.write(JSON.stringify({ url, pid }) + '\\n')
  } catch (error) {
    process.stdout.write('failed ' + (error.code ?? error.message) + '\\n')
  }
`

/** Starts the process, as the user and group with the number `user` when given (only root can). */
export function startGatewayChild(options: EmbeddedPostgresOptions, user?: number): GatewayChild {
  const directory = fileURLToPath(new URL('../..', import.meta.url))
  const args = [
    '--input-type=module',
    '-e',
    SCRIPT,
    directory,
    JSON.stringify(options),
    user === undefined ? '' : `${user}`,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    process: child,
    async nextLine() {
      const next = await lines.next()
      return next.done ? null : next.value
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
