// Installs the packages of this folder the first time that they are wanted, so that the product's own install
// stays as small as it is.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const FOLDER = new URL('.', import.meta.url)
/** On a slow line; npm itself gives up no sooner. */
const INSTALL_LIMIT_MS = 180_000

type Packages = Record<string, { version?: string; optional?: boolean }>

/** Makes the folder's packages match its lock file; resolves to what went wrong, or null. */
export async function installEngines(say: (text: string) => void): Promise<string | null> {
  if (await isInstalled()) return null
  say('Installing graphile-worker and BullMQ')
  // Nothing of theirs runs: what their scripts would build comes ready-made.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const child = spawn('npm', args, {
    cwd: fileURLToPath(FOLDER),
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_LIMIT_MS,
  })
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString('utf8')
  })
  const [code] = await once(child, 'close').catch((error: unknown) => [String(error)])
  return code === 0 ? null : `npm ci failed (${code}): ${words.trim()}`
}

/** npm leaves its account of what it installed as its last act. */
async function isInstalled(): Promise<boolean> {
  const wanted = await readPackages('package-lock.json')
  const found = await readPackages('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || found[path]?.version === version || (optional === true && found[path] === undefined),
  )
}

async function readPackages(path: string): Promise<Packages> {
  const text = await readFile(new URL(path, FOLDER), 'utf8').catch(() => '{}')
  const lock: { packages?: Packages } = JSON.parse(text)
  return lock.packages ?? {}
}
