// Decides where the database files live, and who runs PostgreSQL on them.
import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../log.ts'
import { writeFileDurably } from './durable-file.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { canReach, isRoot, type OsAccount, ownerOf, unprivilegedAccount } from './os-account.ts'

/** Where one data folder's database is: `account` is whom PostgreSQL runs as, null for the current user. */
export type Placement = {
  /** Holds the cluster, its password and its log. */
  home: string
  clusterDir: string
  account: OsAccount | null
  /** Where programs are copied to when they cannot be run in place. */
  stageDir: string
}

/** Used by root when PostgreSQL's user cannot enter the data folder. Not cleared at reboot, unlike /tmp. */
export const SYSTEM_HOME = '/var/lib/sukuma'

/** In the data folder: the path of the database files, when they are not beside it. */
const POINTER_FILE = 'postgres-location'

/**
 * Finds the place of a data folder's database, or chooses and makes it the first time.
 * `dataDir` is real and absolute, and its lock is held. An existing database is never left behind for an
 * empty one: when it cannot be reached the start fails and says why.
 */
export async function placeDatabase(
  deps: { log: Logger },
  options: { dataDir: string; systemHome?: string },
): Promise<Placement> {
  const { dataDir, systemHome = SYSTEM_HOME } = options
  const inside = join(dataDir, 'postgres')
  const pointed = await readPointer(dataDir)
  if (!isRoot()) return placeAsUser(pointed ?? inside)
  const account = await unprivilegedAccount([join(pointed ?? inside, 'cluster'), dataDir])
  const stageDir = join(systemHome, 'programs')
  if (pointed !== null) return existingPlace(pointed, account, stageDir)
  if (await canReach(account, [dataDir])) return makePlace(inside, account, stageDir)
  if ((await ownerOf(join(inside, 'cluster'))) !== null) throw unreachable(inside, account)
  const outside = join(systemHome, createHash('sha256').update(dataDir).digest('hex').slice(0, 16))
  await setAside(deps, outside)
  await mkdir(systemHome, { recursive: true })
  await chmod(systemHome, 0o755)
  const place = await makePlace(outside, account, stageDir)
  if (!(await canReach(account, [outside]))) throw unreachable(outside, account)
  await writeFileDurably(join(dataDir, POINTER_FILE), `${outside}\n`, 0o644)
  deps.log.info({ dir: outside }, 'the database lives outside the data folder, which its user cannot enter')
  return place
}

async function placeAsUser(home: string): Promise<Placement> {
  const owner = await ownerOf(join(home, 'cluster'))
  if (owner !== null && owner.uid !== process.geteuid?.()) {
    const text =
      `the database in ${home} belongs to user ${owner.uid}: start the gateway as the user who started it ` +
      'first (root, if it was root), or set SUKUMA_DATA_DIR to another folder'
    throw new EmbeddedPostgresError('wrong_owner', text)
  }
  return makePlace(home, null, home)
}

async function existingPlace(home: string, account: OsAccount, stageDir: string): Promise<Placement> {
  if ((await ownerOf(home)) === null) {
    const text =
      `the database files at ${home} are gone: bring them back, or delete the file ${POINTER_FILE} ` +
      'in the data folder to begin with an empty database'
    throw new EmbeddedPostgresError('files_missing', text)
  }
  if (!(await canReach(account, [home]))) throw unreachable(home, account)
  return makePlace(home, account, stageDir)
}

async function makePlace(home: string, account: OsAccount | null, stageDir: string): Promise<Placement> {
  try {
    await mkdir(home, { recursive: true })
    // PostgreSQL's user must pass through to its own folder in here; the password beside it has its own mode.
    if (account !== null) await chmod(home, 0o755)
  } catch (cause) {
    const text = `cannot make the folder ${home}: set SUKUMA_DATA_DIR to one that can be written to`
    throw new EmbeddedPostgresError('folder_unusable', text, cause)
  }
  return { home, clusterDir: join(home, 'cluster'), account, stageDir }
}

/** The data folder was deleted, its database was not: a fresh start gets an empty one, the old is kept. */
async function setAside(deps: { log: Logger }, home: string): Promise<void> {
  const found = await stat(home).catch(() => null)
  if (found === null) return
  const aside = `${home}.set-aside-${Math.round(found.ctimeMs)}`
  await rename(home, aside)
  deps.log.warn({ dir: aside }, 'an older database of a data folder that is gone was set aside')
}

async function readPointer(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, POINTER_FILE), 'utf8').catch(() => '')
  return text.trim() === '' ? null : text.trim()
}

function unreachable(home: string, account: OsAccount): EmbeddedPostgresError {
  const text =
    `PostgreSQL runs as user ${account.uid}, who cannot enter ${home}: give the folders above it back ` +
    'their permission to be entered (chmod o+x), then start again'
  return new EmbeddedPostgresError('folder_unusable', text)
}
