// The data folder: whatever comes first makes it, the secret, the database or a command.
import { mkdir } from 'node:fs/promises'
import { isRoot } from './os-account.ts'

const MODE = 0o700
/** Root's embedded PostgreSQL runs as another user, who must be let in; each file has its own mode. */
const ROOT_MODE = 0o755

/** Makes the folder where it is not there; for its owner alone, unless that is root. */
export async function makeDataFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: isRoot() ? ROOT_MODE : MODE })
}
