// The secret that is made on a first start without SUKUMA_SECRET, so that a fresh machine needs no settings.
import { randomBytes, randomUUID } from 'node:crypto'
import { link, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseSecretKeys } from '../config-parsers.ts'
import { makeDataFolder } from '../db/embedded/data-folder.ts'
import { syncFolder, writeFileDurably } from '../db/embedded/durable-file.ts'
import { systemErrorCode } from '../db/embedded/embedded-postgres-error.ts'

const FILE_NAME = 'secret'
const FILE_MODE = 0o600
const KEY_BYTES = 32

/**
 * The keys in the file `secret` of the data folder, which is made when it is missing: one base64 key of 32
 * bytes, or several separated by commas, the first of which seals. Throws when the file holds anything else.
 */
export async function loadOrCreateSecret(dataDir: string): Promise<readonly Buffer[]> {
  const path = join(dataDir, FILE_NAME)
  const text = (await readIfPresent(path)) ?? (await create(path))
  const parsed = parseSecretKeys(text.trim())
  if (parsed.ok) return parsed.value
  // A new secret could open none of the stored credentials, so none is made in its place.
  throw new Error(`${path} ${parsed.problem}. Restore the file from a backup.`)
}

/**
 * Puts a new key before those in the data folder's file; what runs now learns of it at its next start.
 * Resolves to all keys of the file, the new one first.
 */
export async function prependSecretKey(dataDir: string): Promise<readonly Buffer[]> {
  const keys = [randomBytes(KEY_BYTES), ...(await loadOrCreateSecret(dataDir))]
  await writeSecret(dataDir, keys)
  return keys
}

/** Leaves only the first key in the data folder's file. */
export async function keepFirstSecretKey(dataDir: string): Promise<void> {
  await writeSecret(dataDir, (await loadOrCreateSecret(dataDir)).slice(0, 1))
}

async function writeSecret(dataDir: string, keys: readonly Buffer[]): Promise<void> {
  const text = keys.map((key) => key.toString('base64')).join(',')
  await writeFileDurably(join(dataDir, FILE_NAME), `${text}\n`, FILE_MODE)
}

async function create(path: string): Promise<string> {
  const folder = dirname(path)
  await makeDataFolder(folder)
  const draft = `${path}.${randomUUID()}`
  await writeFileDurably(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, FILE_MODE)
  try {
    // Unlike a rename, a link refuses to take the place of a file that another process has just made.
    await link(draft, path)
    await syncFolder(folder)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return readFile(path, 'utf8')
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw error
  }
}
