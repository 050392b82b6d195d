// The PostgreSQL that comes with the gateway: made, started, recovered after a crash, and stopped.
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../log.ts'
import { type PostgresBinaries, prepareBinaries } from './binaries.ts'
import { DATABASE_ROLE, ensureCluster } from './cluster.ts'
import { makeDataFolder } from './data-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { type Placement, placeDatabase } from './placement.ts'
import { stopOrphan } from './postmaster.ts'
import { type ProcessLock, takeProcessLock } from './process-lock.ts'
import { announcePostgres, withdrawPostgres } from './running-postgres.ts'
import { failedStartError, type ServerProcess, startServer } from './server-process.ts'

/** A running database. Dispose of it, or call `stop`, before the process ends. */
export type EmbeddedPostgres = AsyncDisposable & {
  /** `postgres://…`, of a role that may do everything. A secret. */
  url: string
  /** The server's process id. */
  pid: number
  /** Resolves once the server has ended, by `stop` or by itself. */
  ended: Promise<void>
  /** Ends the server: connections are cut, what was committed is on disk. At most about 5 s. */
  stop(): Promise<void>
}

export type EmbeddedPostgresOptions = {
  /** Made when it is not there. */
  dataDir: string
  /** On 127.0.0.1; a free one when not given. */
  port?: number
  /** Server settings beside the defaults; those that keep data safe cannot be changed. */
  settings?: Record<string, string>
  /** Where root keeps what PostgreSQL's user must reach when it cannot enter the data folder. */
  systemHome?: string
  /** The programs to run; those that npm installed when not given. */
  programs?: PostgresBinaries
}

type Ready = { place: Placement; binaries: PostgresBinaries; password: string }

/** Free ports are taken by others between choosing and using one, though seldom. */
const PORT_ATTEMPTS = 5
/** Server processes outlive a killed server for a moment, and hold its shared memory. */
const MEMORY_WAIT_MS = 200
const MEMORY_ATTEMPTS = 75

/**
 * Starts the database of a data folder, making it the first time and recovering it after a crash.
 * Throws EmbeddedPostgresError, whose text says what to do; `in_use` when another gateway has the folder.
 */
export async function startEmbeddedPostgres(
  deps: { log: Logger },
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = await makeFolder(resolve(options.dataDir))
  const locks = [lockFolder(dataDir)]
  try {
    const place = await placeDatabase(deps, { ...options, dataDir })
    // Two data folders may point at one place, when one was copied from the other.
    locks.push(lockFolder(place.home))
    const binaries = await prepareBinaries(deps, { ...place, ...options })
    const { password } = await ensureCluster(deps, place, binaries)
    await stopOrphan(deps, place.clusterDir)
    const { server, port } = await startPatiently({ place, binaries, password }, options)
    const url = `postgres://${DATABASE_ROLE}:${password}@127.0.0.1:${port}/postgres`
    await announcePostgres(dataDir, { url, pid: server.pid, port })
    const stop = once(() => stopAll(server, dataDir, locks))
    // Holds on to the locks for as long as the server lives, and lets go of them when it ends by itself.
    void server.ended.then(stop)
    return { url, pid: server.pid, ended: server.ended, stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    for (const lock of locks) lock.release()
    throw error
  }
}

async function stopAll(server: ServerProcess, dataDir: string, locks: ProcessLock[]): Promise<void> {
  try {
    await withdrawPostgres(dataDir)
  } finally {
    await server.stop()
    for (const lock of locks) lock.release()
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => {
    result ??= action()
    return result
  }
}

async function makeFolder(dataDir: string): Promise<string> {
  try {
    await makeDataFolder(dataDir)
    return await realpath(dataDir)
  } catch (cause) {
    const text = `cannot make the data folder ${dataDir}: set SUKUMA_DATA_DIR to one that can be written to`
    throw new EmbeddedPostgresError('folder_unusable', text, cause)
  }
}

function lockFolder(dir: string): ProcessLock {
  const lock = takeProcessLock(join(dir, 'postgres.lock'))
  if (lock !== null) return lock
  const text =
    `another gateway is running on the data folder ${dir}: stop it first, or give this one its own with ` +
    'SUKUMA_DATA_DIR (several gateways can share one database through DATABASE_URL)'
  throw new EmbeddedPostgresError('in_use', text)
}

/** Starts the server, again when all that was in the way is gone a moment later. */
async function startPatiently(
  ready: Ready,
  options: EmbeddedPostgresOptions,
): Promise<{ server: ServerProcess; port: number }> {
  let portAttempts = 1
  let memoryAttempts = 1
  for (;;) {
    const port = options.port ?? (await freePort())
    const started = await startServer(ready.place, ready.binaries, { port, settings: options.settings ?? {} })
    if ('pid' in started) return { server: started, port }
    const portTaken = /could not bind|could not create any TCP/.test(started.log)
    const memoryHeld = /shared memory block .* is still in use/.test(started.log)
    if (portTaken && options.port === undefined && portAttempts < PORT_ATTEMPTS) portAttempts += 1
    else if (memoryHeld && memoryAttempts < MEMORY_ATTEMPTS) {
      memoryAttempts += 1
      await delay(MEMORY_WAIT_MS)
    } else throw failedStartError(ready.place, started)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port)
        else reject(new Error('the system gave no port'))
      })
    })
  })
}
