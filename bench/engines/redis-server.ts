// A Redis of the benchmark's own, for BullMQ: started where the machine has one, on a free port of loopback,
// with its log on disk as often as is asked for.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../free-port.ts'

/** How often Redis flushes its log: once a second, or before it acknowledges. */
export type RedisFlush = 'everysec' | 'always'

/** A running Redis. */
export type RedisServer = { pid: number; port: number }

/** Either serves: Valkey is the free continuation of Redis and speaks as it does. */
const PROGRAMS = ['redis-server', 'valkey-server']
const START_LIMIT_MS = 10_000
const POLL_MS = 20

/** Starts one, which ends with `stack`; null where there is none to start. */
export async function startRedis(
  stack: AsyncDisposableStack,
  dir: string,
  flush: RedisFlush,
): Promise<RedisServer | null> {
  await mkdir(dir, { recursive: true })
  for (const program of PROGRAMS) {
    const server = await startProgram(stack, program, { dir, flush })
    if (server !== null) return server
  }
  return null
}

async function startProgram(
  stack: AsyncDisposableStack,
  program: string,
  { dir, flush }: { dir: string; flush: RedisFlush },
): Promise<RedisServer | null> {
  if (stack.disposed) throw new Error('the run was cut off')
  const port = await freePort()
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    appendonly: 'yes',
    appendfsync: flush,
    // Its log alone is enough, and no snapshot then runs while it is measured.
    save: '',
    logfile: join(dir, 'redis.log'),
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn(program, args, { stdio: 'ignore' })
  const failed = once(child, 'error').then(
    () => true,
    () => true,
  )
  stack.defer(async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  const giveUpAt = performance.now() + START_LIMIT_MS
  while (performance.now() < giveUpAt) {
    if (await Promise.race([failed, answers(port)])) {
      return child.pid === undefined ? null : { pid: child.pid, port }
    }
    await delay(POLL_MS)
  }
  throw new Error(`${program} did not start within ${START_LIMIT_MS} ms`)
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = await once(socket, 'data')
    return String(answer).startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
