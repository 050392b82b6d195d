// How the command line finds the database of a gateway that runs on the same data folder.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { writeFileDurably } from './durable-file.ts'
import { EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts'

/** In the data folder, readable by its owner alone: the URL has the password in it. */
const FILE = 'postgres.json'
const ANSWER_LIMIT_MS = 2_000

/** What a running gateway tells about its database; `pid` is the server's. */
export type RunningPostgres = { url: string; pid: number; port: number }

/** Tells other processes of this user where the database is. */
export async function announcePostgres(dataDir: string, running: RunningPostgres): Promise<void> {
  await writeFileDurably(join(dataDir, FILE), `${JSON.stringify(running)}\n`, 0o600)
}

/** Takes the announcement back. */
export async function withdrawPostgres(dataDir: string): Promise<void> {
  await rm(join(dataDir, FILE), { force: true })
}

/**
 * The database of the gateway that runs on `dataDir`, or null when none does.
 * Signing in to it is the proof: a file that a killed gateway left behind is not believed.
 */
export async function findRunningEmbeddedPostgres(dataDir: string): Promise<{ url: string } | null> {
  const path = join(dataDir, FILE)
  const text = await readFile(path, 'utf8').catch((cause) => {
    if (systemErrorCode(cause) === 'ENOENT' || systemErrorCode(cause) === 'ENOTDIR') return null
    const advice = `cannot read ${path}: run this as the user who runs the gateway`
    throw new EmbeddedPostgresError('wrong_owner', advice, cause)
  })
  const running = text === null ? null : parseRunning(text)
  if (running === null || !(await answers(running.url))) return null
  return { url: running.url }
}

/** Reads an announcement, or null when the text is none. */
export function parseRunning(text: string): RunningPostgres | null {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return null
    if (!('url' in parsed && 'pid' in parsed && 'port' in parsed)) return null
    const { url, pid, port } = parsed
    if (typeof url !== 'string' || typeof pid !== 'number' || typeof port !== 'number') return null
    return { url, pid, port }
  } catch {
    return null
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_LIMIT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
