// Runs the PostgreSQL server process: settings, start, readiness, shutdown.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, stat, truncate } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresBinaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { CHILD_ENVIRONMENT, type OsAccount } from './os-account.ts'
import type { Placement } from './placement.ts'
import { readPostmasterFile } from './postmaster.ts'

/** A server that takes connections. `ended` resolves once it has ended, whoever ended it. */
export type ServerProcess = { pid: number; ended: Promise<void>; stop(): Promise<void> }

/** Why a server did not start: the last lines of its log. */
export type FailedStart = { log: string }

const READY_POLL_MS = 10
/** After a crash the server first replays its log, at most `max_wal_size` of it: minutes on a slow disk. */
const READY_LIMIT_MS = 300_000
/** A fast shutdown takes milliseconds; a gateway must end within 5 s all told. */
const FAST_STOP_MS = 4_000
const IMMEDIATE_STOP_MS = 1_000
const LOG_BYTES_MAX = 1_000_000
const LOG_TAIL_LINES = 12

const MB = 1024 * 1024
const SHARED_BUFFERS_MIN_MB = 128
const SHARED_BUFFERS_MAX_MB = 1_024
/** Of the machine's memory, which the gateway and the system's own cache need as well. */
const SHARED_BUFFERS_SHARE = 1 / 8

function sharedBuffersMb(memoryBytes: number): number {
  const mb = Math.floor((memoryBytes * SHARED_BUFFERS_SHARE) / MB)
  return Math.min(Math.max(mb, SHARED_BUFFERS_MIN_MB), SHARED_BUFFERS_MAX_MB)
}

/** Modest settings for a machine that also runs the gateway; a caller may change them. */
const DEFAULT_SETTINGS = {
  // What no longer fits is written over and over, by whoever needs the room. Memory is taken as it is used.
  shared_buffers: `${sharedBuffersMb(totalmem())}MB`,
  max_connections: '100',
  // A page is logged whole when it changes for the first time after a checkpoint: fewer checkpoints. Such
  // pages are not compressed: where each payment had two, that took a fifth of PostgreSQL's time.
  checkpoint_timeout: '15min',
  max_wal_size: '4GB',
  wal_compression: 'off',
  // At its own pace autovacuum writes 40 MB a second, which commits then wait behind on a modest disk.
  autovacuum_vacuum_cost_delay: '10ms',
  // Short statements only: compiling them or spreading them over processes costs more than it saves.
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  log_checkpoints: 'off',
}

/** What no caller may change: acknowledged payments are on disk, and no other user of the machine gets in. */
const FIXED_SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Rows hold phone numbers; the log shows neither statements nor the values in them.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
}

/** Starts the server on 127.0.0.1:`port` and waits until it takes connections. */
export async function startServer(
  place: Placement,
  binaries: PostgresBinaries,
  options: { port: number; settings: Record<string, string> },
): Promise<ServerProcess | FailedStart> {
  const logFile = join(place.home, 'postgres.log')
  const logStart = await trimLog(logFile)
  const log = await open(logFile, 'a', 0o600)
  const args = ['-D', place.clusterDir, ...settingArguments(options)]
  // A session of its own: Ctrl-C in a terminal must reach the gateway alone, which ends the database last.
  const child = spawn(join(binaries.dir, 'bin', 'postgres'), args, {
    cwd: '/',
    env: CHILD_ENVIRONMENT,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    ...place.account,
  })
  const failure = new Promise<Error>((resolve) => child.once('error', resolve))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await Promise.race([once(child, 'spawn'), failure])
  await log.close()
  const { pid } = child
  if (pid === undefined) return { log: String(await failure) }
  if (await isReady(child, place.clusterDir)) {
    const guard = startGuard(pid, place.account)
    return { pid, ended, stop: () => stopServer(child, ended, guard) }
  }
  if (isRunning(child)) await stopServer(child, ended, null)
  return { log: await logTail(logFile, logStart) }
}

function settingArguments(options: { port: number; settings: Record<string, string> }): string[] {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings, ...FIXED_SETTINGS, port: String(options.port) }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function isReady(child: ChildProcess, clusterDir: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < READY_LIMIT_MS; waitedMs += READY_POLL_MS) {
    if (!isRunning(child)) return false
    const file = await readPostmasterFile(clusterDir)
    if (file?.ready && file.pid === child.pid) return true
    await delay(READY_POLL_MS)
  }
  return false
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/**
 * Ends the server when this process dies without having done so: a shell that waits for its standard input,
 * which the system closes at our death. A line on it means that all went well.
 */
function startGuard(pid: number, account: OsAccount | null): ChildProcess {
  const script = `read -r line || kill -INT ${pid}`
  const guard = spawn('/bin/sh', ['-c', script], {
    cwd: '/',
    env: CHILD_ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...account,
  })
  // Without it a killed gateway leaves the server running, and the next start ends it: no reason to fail.
  guard.on('error', () => undefined)
  guard.stdin?.on('error', () => undefined)
  guard.unref()
  return guard
}

async function stopServer(
  child: ChildProcess,
  ended: Promise<void>,
  guard: ChildProcess | null,
): Promise<void> {
  guard?.stdin?.end('ended\n')
  child.kill('SIGINT')
  if (await endsWithin(ended, FAST_STOP_MS)) return
  child.kill('SIGQUIT')
  if (await endsWithin(ended, IMMEDIATE_STOP_MS)) return
  child.kill('SIGKILL')
  await ended
}

async function endsWithin(ended: Promise<void>, limitMs: number): Promise<boolean> {
  const timer = new AbortController()
  const limit = delay(limitMs, false, { signal: timer.signal }).catch(() => false)
  const result = await Promise.race([ended.then(() => true), limit])
  timer.abort()
  return result
}

async function trimLog(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  if (found === null || found.size <= LOG_BYTES_MAX) return found?.size ?? 0
  await truncate(path)
  return 0
}

async function logTail(path: string, from: number): Promise<string> {
  const bytes = await readFile(path)
  return bytes.subarray(from).toString('utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n')
}

/** Turns a failed start into the error that a person sees. */
export function failedStartError(place: Placement, failed: FailedStart): EmbeddedPostgresError {
  const text =
    `PostgreSQL did not start on the database in ${place.home}. Its last words:\n${failed.log}\n` +
    'Mend what it names, or set DATABASE_URL to a PostgreSQL of your own.'
  return new EmbeddedPostgresError('start_failed', text)
}
