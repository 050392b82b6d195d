// Finds the PostgreSQL programs that npm installed for this platform, and copies them where they can be run.
import { randomBytes } from 'node:crypto'
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Logger } from '../../log.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { canReach, type OsAccount } from './os-account.ts'

/** The folder that holds bin/, lib/ and share/ of one PostgreSQL version. */
export type PostgresBinaries = { dir: string; version: string }

type Entry = { path: string; kind: 'dir' | 'file' | 'link'; size: number; mode: number; target: string }

/**
 * The programs of this platform's package, with the library links that npm leaves out restored.
 * When `account` cannot run them where they are, a complete copy of them under `stageDir`.
 */
export async function prepareBinaries(
  deps: { log: Logger },
  options: { account: OsAccount | null; stageDir: string; programs?: PostgresBinaries },
): Promise<PostgresBinaries> {
  const source = options.programs ?? (await locateBinaries())
  const linked = await restoreLinks(source.dir)
  if (linked && (await isRunnable(source.dir, options.account))) return source
  const staged = join(options.stageDir, `postgresql-${source.version}-${process.platform}-${process.arch}`)
  if (!(await isCompleteCopy(source.dir, staged))) {
    deps.log.info({ dir: staged }, 'copying the PostgreSQL programs to where their user can reach them')
    await stage(source.dir, staged)
  }
  if (await isRunnable(staged, options.account)) return { dir: staged, version: source.version }
  const text = `user ${options.account?.uid} cannot run programs in ${staged}: set DATABASE_URL instead`
  throw new EmbeddedPostgresError('binaries_unusable', text)
}

/** Where npm put this platform's PostgreSQL; `platform` is as in `linux-x64`. */
export async function locateBinaries(
  platform = `${process.platform}-${process.arch}`,
): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    const packageDir = dirname(dirname(entry))
    const parsed: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
    const hasVersion = typeof parsed === 'object' && parsed !== null && 'version' in parsed
    return { dir: join(packageDir, 'native'), version: hasVersion ? String(parsed.version) : 'unknown' }
  } catch (cause) {
    const text =
      `there is no embedded PostgreSQL for ${platform} here (package ${name} is not installed): ` +
      'run "npm ci", or set DATABASE_URL to a PostgreSQL 15 or later of your own'
    throw new EmbeddedPostgresError('binaries_missing', text, cause)
  }
}

/**
 * Makes the links listed in pg-symlinks.json: npm packages cannot hold links, and the script that would make
 * them after an install may be blocked. False when some are missing and cannot be made here.
 */
export async function restoreLinks(nativeDir: string): Promise<boolean> {
  const text = await readFile(join(nativeDir, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of parseLinks(text)) {
    const link = join(nativeDir, relative('native', target))
    const found = await lstat(link).catch(() => null)
    if (found !== null) continue
    const made = await symlink(relative(dirname(target), source), link).then(
      () => true,
      async () => (await lstat(link).catch(() => null)) !== null,
    )
    if (!made) return false
  }
  return true
}

function parseLinks(text: string): { source: string; target: string }[] {
  const parsed: unknown = JSON.parse(text)
  if (!Array.isArray(parsed)) return []
  return parsed.filter(
    (item): item is { source: string; target: string } =>
      typeof item?.source === 'string' && typeof item?.target === 'string',
  )
}

function isRunnable(dir: string, account: OsAccount | null): Promise<boolean> {
  const needed = ['bin/initdb', 'bin/postgres', 'lib', 'share/postgresql/postgres.bki']
  return canReach(
    account,
    needed.map((path) => join(dir, path)),
  )
}

async function isCompleteCopy(source: string, copy: string): Promise<boolean> {
  for (const entry of await entriesOf(source)) {
    const found = await lstat(join(copy, entry.path)).catch(() => null)
    if (found === null) return false
    if (entry.kind === 'file' && (!found.isFile() || found.size !== entry.size)) return false
  }
  return restoreLinks(copy)
}

/** Copies to a folder of another name and renames it, so that a half-made copy is never used. */
async function stage(source: string, staged: string): Promise<void> {
  const fresh = `${staged}.new-${randomBytes(6).toString('hex')}`
  const old = `${staged}.old-${randomBytes(6).toString('hex')}`
  try {
    await mkdir(fresh, { recursive: true })
    await copyTree(source, fresh)
    // Another gateway on this machine may have been quicker; what it runs must stay in place.
    if (await isCompleteCopy(source, staged)) return
    await rename(staged, old).catch(() => undefined)
    await rename(fresh, staged)
  } catch (cause) {
    if (await isCompleteCopy(source, staged)) return
    const text = `cannot copy the PostgreSQL programs to ${staged}: free or open it, or set DATABASE_URL`
    throw new EmbeddedPostgresError('binaries_unusable', text, cause)
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}

async function copyTree(source: string, target: string): Promise<void> {
  await chmod(dirname(target), 0o755)
  await chmod(target, 0o755)
  for (const entry of await entriesOf(source)) {
    const to = join(target, entry.path)
    if (entry.kind === 'link') {
      await symlink(entry.target, to)
    } else if (entry.kind === 'dir') {
      await mkdir(to)
      await chmod(to, 0o755)
    } else {
      await copyFile(join(source, entry.path), to)
      // An install under a strict umask leaves files that only their owner may read or run.
      await chmod(to, entry.mode & 0o100 ? 0o755 : 0o644)
    }
  }
}

async function entriesOf(root: string, below = ''): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const name of await readdir(join(root, below))) {
    const path = join(below, name)
    const found = await lstat(join(root, path))
    const kind = found.isDirectory() ? 'dir' : found.isSymbolicLink() ? 'link' : 'file'
    const target = kind === 'link' ? await readlink(join(root, path)) : ''
    entries.push({ path, kind, size: found.size, mode: found.mode, target })
    if (kind === 'dir') entries.push(...(await entriesOf(root, path)))
  }
  return entries
}
