// Makes a database cluster with initdb, in one step that either happened or did not.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../log.ts'
import type { PostgresBinaries } from './binaries.ts'
import { syncFolder, writeFileDurably } from './durable-file.ts'
import { EmbeddedPostgresError, systemErrorCode } from './embedded-postgres-error.ts'
import { CHILD_ENVIRONMENT, ownerOf } from './os-account.ts'
import type { Placement } from './placement.ts'

/** The database role that the gateway signs in as. */
export const DATABASE_ROLE = 'sukuma'

/** 32 hexadecimal digits of 128 random bits: needs no escaping in a URL. */
const PASSWORD_BYTES = 16
const FRESH_PREFIX = 'new-'
/** initdb takes about a second; a minute and a half means a disk that does not answer. */
const INITDB_LIMIT_MS = 90_000

/**
 * The cluster's password, after making the cluster if there is none.
 * Everything is made in a folder of another name and renamed when complete; leftovers are removed.
 */
export async function ensureCluster(
  deps: { log: Logger },
  place: Placement,
  binaries: PostgresBinaries,
): Promise<{ password: string }> {
  const passwordFile = join(place.home, 'password')
  await removeLeftovers(place.home)
  const exists = (await ownerOf(place.clusterDir)) !== null
  const kept = await readPassword(passwordFile)
  if (exists) {
    if (kept === null) throw passwordMissing(passwordFile)
    return { password: kept }
  }
  const password = kept ?? randomBytes(PASSWORD_BYTES).toString('hex')
  if (kept === null) await writeFileDurably(passwordFile, `${password}\n`, 0o600)
  deps.log.info('making the database for the first time')
  await makeCluster(place, binaries, password)
  return { password }
}

async function makeCluster(place: Placement, binaries: PostgresBinaries, password: string): Promise<void> {
  const fresh = join(place.home, `${FRESH_PREFIX}${randomBytes(6).toString('hex')}`)
  const passwordFile = join(fresh, 'password')
  const cluster = join(fresh, 'cluster')
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (place.account !== null) {
    for (const path of [fresh, passwordFile]) await chown(path, place.account.uid, place.account.gid)
  }
  await runInitdb(place, binaries, { cluster, passwordFile })
  await rename(cluster, place.clusterDir)
  await syncFolder(place.home)
  await rm(fresh, { recursive: true, force: true })
}

function runInitdb(
  place: Placement,
  binaries: PostgresBinaries,
  paths: { cluster: string; passwordFile: string },
): Promise<void> {
  const args = [
    `--pgdata=${paths.cluster}`,
    `--pwfile=${paths.passwordFile}`,
    `--username=${DATABASE_ROLE}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own C.UTF-8: the same order on every system, none of whose locales it needs.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
  ]
  const options = { cwd: '/', env: CHILD_ENVIRONMENT, timeout: INITDB_LIMIT_MS, ...place.account }
  return new Promise((resolve, reject) => {
    execFile(join(binaries.dir, 'bin', 'initdb'), args, options, (error, stdout, stderr) => {
      if (error === null) return resolve()
      const output = `${stdout}\n${stderr}`.trim().split('\n').slice(-10).join('\n')
      const text = `PostgreSQL could not make its database in ${place.home}:\n${output || error.message}`
      const remedy = 'Free some space or choose another SUKUMA_DATA_DIR, or set DATABASE_URL.'
      reject(new EmbeddedPostgresError('initdb_failed', `${text}\n${remedy}`, error))
    })
  })
}

async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(FRESH_PREFIX)) continue
    // The initdb of a killed gateway may still be writing in there: it fails as soon as its folder is gone.
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}

async function readPassword(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    return text === '' ? null : text
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return null
    const text = `cannot read ${path}: start the gateway as the user who started it first`
    throw new EmbeddedPostgresError('wrong_owner', text, cause)
  }
}

function passwordMissing(path: string): EmbeddedPostgresError {
  const text = `${path} is gone, and the database beside it cannot be opened without: bring it back`
  return new EmbeddedPostgresError('files_missing', text)
}
