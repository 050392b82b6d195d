// Keeps dashboard/dist, the files that are served, in step with the sources of dashboard/: they are built
// when what they were built from has changed, and otherwise a few milliseconds find that it has not.
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compressFiles } from './compress-files.mjs'
import { withInstallLock } from './install-lock.mjs'
import { runToEnd } from './npm-ci.mjs'
import { currentNodeOrFail, findPinnedNode } from './pinned-node.mjs'
import { showProgress } from './progress.mjs'
import { projectDir, say } from './project.mjs'

/** The folder, from the project's root: a package of its own. */
export const DASHBOARD = 'dashboard'

const sourceDir = join(projectDir, DASHBOARD)
const builtDir = join(sourceDir, 'dist')
/** What is built, and what was replaced, lies beside it until the names are changed. */
const TEMPORARY = /^\.dist-/
/** Not what is built from, or not what changes it. */
const LEFT_OUT = /^(node_modules|dist|\.dist-.*|.*\.test\.tsx?|.*\.md)$/
/** In the built folder: the hash of what it was built from. Its name keeps it from being served. */
const RECORD = '.built-from'
/** How the files are made is part of what they are made from. */
const MAKERS = ['dashboard.mjs', 'compress-files.mjs']

/** Whether the built files are those of the sources. Without the dashboard there is nothing to build. */
export function isDashboardBuilt() {
  if (!existsSync(join(sourceDir, 'package.json'))) return true
  try {
    return readFileSync(join(builtDir, RECORD), 'utf8') === hashSources()
  } catch {
    return false
  }
}

/**
 * Builds the files where they are not those of the sources; the packages must have been installed. Resolves
 * to null, or to what went wrong, one sentence: the files of an earlier build are then still there.
 */
export async function buildDashboard() {
  if (isDashboardBuilt()) return null
  const unwritable = findUnwritable()
  if (unwritable !== null) {
    return `cannot write in ${unwritable}: run "npm run build" there as its owner`
  }
  return withInstallLock(async (noteWorker) => {
    // Another process may have done it while this one waited.
    if (isDashboardBuilt()) return null
    for (const name of readdirSync(sourceDir)) if (TEMPORARY.test(name)) remove(name)
    const startedMs = Date.now()
    const progress = showProgress('Building the dashboard')
    const problem = await build(noteWorker)
    progress.stop()
    if (problem === null) say(`Dashboard built in ${Math.round((Date.now() - startedMs) / 1000)} s.`)
    return problem
  })
}

async function build(noteWorker) {
  const name = `.dist-${randomBytes(4).toString('hex')}`
  const path = join(sourceDir, name)
  // Taken before: sources that change meanwhile are built again at the next start.
  const builtFrom = hashSources()
  try {
    mkdirSync(path)
    const { code, output } = await runVite(name, noteWorker)
    if (code !== 0) {
      say(output.trim())
      return 'its build failed as shown above: mend that, then run "npm run build"'
    }
    await compressFiles(path)
    writeFileSync(join(path, RECORD), builtFrom)
    if (existsSync(builtDir)) renameSync(builtDir, `${path}-old`)
    renameSync(path, builtDir)
    return null
  } catch (error) {
    return `its files could not be written (${error.message}): mend that, then run "npm run build"`
  } finally {
    remove(name)
    remove(`${name}-old`)
  }
}

async function runVite(outDir, noteWorker) {
  const vite = join(sourceDir, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--manifest', '--logLevel', 'warn']
  // The caller may have a NODE_ENV for tests, with which React would be built for development.
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' }
  const options = { cwd: sourceDir, env, onStarted: noteWorker }
  const pinned = findPinnedNode()
  const result = await runToEnd(pinned ?? currentNodeOrFail(), args, options)
  // A program that exists and yet is not found lacks its loader: a system without glibc.
  if (result.error?.code !== 'ENOENT' || pinned === null) return result
  return runToEnd(currentNodeOrFail(), args, options)
}

/** The lock lies in the project's root, the files in the dashboard's folder. */
function findUnwritable() {
  return [projectDir, sourceDir].find((folder) => !isWritable(folder)) ?? null
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function remove(name) {
  rmSync(join(sourceDir, name), { recursive: true, force: true })
}

/** One hash over the names and contents of all that the files are made from. */
function hashSources() {
  const hash = createHash('sha256')
  const add = (name, path) => {
    const content = readFileSync(path)
    hash.update(`${name} ${content.length}\n`).update(content)
  }
  for (const name of MAKERS) add(name, fileURLToPath(new URL(name, import.meta.url)))
  const walk = (folder) => {
    const entries = readdirSync(join(sourceDir, folder), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (LEFT_OUT.test(entry.name)) continue
      const name = join(folder, entry.name)
      if (entry.isDirectory()) walk(name)
      else if (entry.isFile()) add(name, join(sourceDir, name))
    }
  }
  walk('.')
  return hash.digest('hex')
}
