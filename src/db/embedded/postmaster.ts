// Recognises and stops a PostgreSQL server that an earlier, killed gateway left running.
import { execFile } from 'node:child_process'
import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../log.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { CHILD_ENVIRONMENT } from './os-account.ts'

/** What a running server writes into its cluster's postmaster.pid; `ready` when it takes connections. */
export type PostmasterFile = { pid: number; port: number; ready: boolean }

const POLL_MS = 20
/** A standby takes connections too, for reading. */
const TAKES_CONNECTIONS = new Set(['ready', 'standby'])
/** A fast shutdown writes a checkpoint: seconds on a slow disk under load. */
const FAST_SHUTDOWN_MS = 15_000
/** An immediate shutdown kills what does not end within 5 s, so that 8 s is enough. */
const IMMEDIATE_SHUTDOWN_MS = 8_000
const KILL_MS = 2_000

/** Reads postmaster.pid, or null when there is none or it is not complete. */
export async function readPostmasterFile(clusterDir: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1) return null
  return { pid, port: Number(lines[3]), ready: TAKES_CONNECTIONS.has(lines[7] ?? '') }
}

/**
 * Ends the server that a killed gateway left on this cluster, and removes a pid file that no server stands
 * behind (its number may by now belong to any other program, which is left alone).
 * Call it only with the cluster's lock held: nobody else's server is then alive here.
 */
export async function stopOrphan(deps: { log: Logger }, clusterDir: string): Promise<void> {
  const found = await readPostmasterFile(clusterDir)
  if (found !== null && (await isServerOf(found.pid, clusterDir))) {
    deps.log.warn({ pid: found.pid }, 'stopping the database server that an earlier gateway left behind')
    await stopServer(found.pid, clusterDir)
  }
  await rm(join(clusterDir, 'postmaster.pid'), { force: true })
}

async function stopServer(pid: number, clusterDir: string): Promise<void> {
  const steps = [
    { signal: 'SIGINT', waitMs: FAST_SHUTDOWN_MS },
    { signal: 'SIGQUIT', waitMs: IMMEDIATE_SHUTDOWN_MS },
    { signal: 'SIGKILL', waitMs: KILL_MS },
  ] as const
  for (const step of steps) {
    sendSignal(pid, step.signal)
    for (let waitedMs = 0; waitedMs < step.waitMs; waitedMs += POLL_MS) {
      if (!(await isServerOf(pid, clusterDir))) return
      await delay(POLL_MS)
    }
  }
  const text = `the database server with process id ${pid} does not end: end it by hand, then start again`
  throw new EmbeddedPostgresError('still_running', text)
}

/** Sends a signal to a process that may have ended meanwhile. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already, which is what the signal was for.
  }
}

/** Whether `pid` is a live PostgreSQL server working in `clusterDir`. */
export async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const dir = await realpath(clusterDir).catch(() => clusterDir)
  if (process.platform !== 'linux') return commandNames(await commandOf(pid), dir)
  try {
    // A replaced program shows as "…/postgres (deleted)": an update ran while the server did.
    const program = basename(await readlink(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
    return program === 'postgres' && (await readlink(`/proc/${pid}/cwd`)) === dir
  } catch {
    return false
  }
}

/** Whether a process's command line, as `ps` shows it, is a PostgreSQL server's on that cluster. */
export function commandNames(command: string, clusterDir: string): boolean {
  return command.includes(`postgres -D ${clusterDir}`)
}

function commandOf(pid: number): Promise<string> {
  return new Promise((resolve) => {
    const args = ['-ww', '-o', 'command=', '-p', String(pid)]
    execFile('ps', args, { env: CHILD_ENVIRONMENT }, (_error, stdout) => resolve(stdout))
  })
}
