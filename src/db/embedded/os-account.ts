// Which operating system user runs PostgreSQL, which refuses to run as root.
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** A user and group that PostgreSQL is started as. */
export type OsAccount = { uid: number; gid: number }

/** The usual numbers of `nobody`, for systems whose /etc/passwd does not list it. */
const NOBODY: OsAccount = { uid: 65534, gid: 65534 }

/** The environment of every program started here: nothing inherited may change what PostgreSQL does. */
export const CHILD_ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC' }

/** Whether this process is root, and must therefore start PostgreSQL as somebody else. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/** The owner of a file or folder, or null when there is none. */
export async function ownerOf(path: string): Promise<OsAccount | null> {
  try {
    const found = await stat(path)
    return { uid: found.uid, gid: found.gid }
  } catch {
    return null
  }
}

/**
 * The account to drop to from root: the first owner among `paths` that is not root, else `postgres`
 * when the system has it, else `nobody`. No account is ever created.
 */
export async function unprivilegedAccount(paths: string[]): Promise<OsAccount> {
  for (const path of paths) {
    const owner = await ownerOf(path)
    if (owner !== null && owner.uid !== 0) return owner
  }
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return accountNamed(passwd, 'postgres') ?? accountNamed(passwd, 'nobody') ?? NOBODY
}

/** An account's numbers out of the text of /etc/passwd, or null when it is not listed (or is root). */
export function accountNamed(passwd: string, name: string): OsAccount | null {
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find(([login]) => login === name)
  const uid = Number(fields?.[2])
  const gid = Number(fields?.[3])
  // macOS writes nobody as -2, which its system calls take as 2^32 - 2.
  return Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0
    ? { uid: uid >>> 0, gid: gid >>> 0 }
    : null
}

/**
 * Whether `account` can reach and read every path (and enter it, when a folder). Asked of the system by
 * trying as that account: permission bits alone miss access lists and mounts.
 */
export async function canReach(account: OsAccount | null, paths: string[]): Promise<boolean> {
  const script = 'for path do test -r "$path" || exit 1; test ! -d "$path" || test -x "$path" || exit 1; done'
  return new Promise((resolve, reject) => {
    const options = { cwd: '/', env: CHILD_ENVIRONMENT, ...account }
    const child = execFile('/bin/sh', ['-c', script, 'sh', ...paths], options, (error) =>
      resolve(error === null),
    )
    child.once('error', (cause) => {
      const text = `cannot start programs as user ${account?.uid}: set DATABASE_URL instead`
      reject(new EmbeddedPostgresError('wrong_owner', text, cause))
    })
  })
}
