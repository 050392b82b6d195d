// Makes node_modules match package-lock.json, by `npm ci`, and only when it does not: the project's own, and
// those of the folders that are packages of their own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withInstallLock } from './install-lock.mjs'
import { npmCi } from './npm-ci.mjs'
import { findPinnedNode, isCurrentNodeEnough, pinnedPackage } from './pinned-node.mjs'
import { showProgress } from './progress.mjs'
import { fail, projectDir, say } from './project.mjs'
import { findRunningGateway } from './running-gateways.mjs'

/**
 * Installs what is missing or different. With `development`, the tools that tests and checks need; with
 * `beside`, the packages of these folders (`dashboard`) as well. The process ends when the project's own
 * cannot be installed, which they are not while a gateway runs with those that are there; resolves to what
 * went wrong in folders beside it, one sentence each.
 */
export async function installPackages({ development, beside = [] }) {
  const folders = ['.', ...beside]
  const missing = () => folders.filter((folder) => !isInstalled(folder, development))
  if (missing().length === 0) return []
  return withInstallLock(async (noteWorker) => {
    // Another process may have done it while this one waited.
    const wanted = missing()
    if (wanted.length === 0) return []
    if (wanted.includes('.')) failBesideGateway()
    const startedMs = Date.now()
    const progress = showProgress('Installing packages, about half a minute the first time')
    const results = await Promise.all(wanted.map((folder) => install(folder, { development, noteWorker })))
    progress.stop()
    const problems = results.filter((result) => result !== null)
    for (const { folder, text } of problems) if (folder === '.') fail(text)
    if (problems.length === 0) {
      say(`Packages installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`)
    }
    return problems.map(({ text }) => text)
  })
}

/** npm takes all packages away first: a gateway would lose its PostgreSQL, and what it has yet to load. */
function failBesideGateway() {
  const gateway = findRunningGateway()
  if (gateway === null) return
  const { pid, began, file } = gateway
  const doubt = began === null ? ` (if process ${pid} is no gateway, delete ${file})` : ''
  fail(
    'packages must be installed here, and a gateway runs with those that they would replace ' +
      `(process ${pid}): end it, then try again${doubt}`,
  )
}

async function install(folder, { development, noteWorker }) {
  const path = join(projectDir, folder)
  const { code, output } = await npmCi(path, { development, onStarted: noteWorker })
  if (code === 0) return null
  say(output.trim())
  return {
    folder,
    text: `"npm ci" failed in ${path}: mend what it names above (is the network up?) and try again`,
  }
}

/**
 * npm leaves its own account of what it installed in node_modules/.package-lock.json, as its last act; it is
 * compared package by package. An optional package may be absent: it is for another platform.
 */
function isInstalled(folder, development) {
  const wanted = readPackages(join(projectDir, folder, 'package-lock.json'))
  const found = readPackages(join(projectDir, folder, 'node_modules', '.package-lock.json'))
  if (wanted === null) {
    const lock = join(folder, 'package-lock.json')
    return fail(`${lock} is missing or damaged: restore it with "git checkout ${lock}"`)
  }
  if (found === null) return false
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const actual = found[path]
    if (actual === undefined) {
      const mayBeAbsent = entry.optional || entry.devOptional || (entry.dev && !development)
      if (!mayBeAbsent) return false
    } else if (actual.version !== entry.version || actual.integrity !== entry.integrity) return false
  }
  // The Node of this platform is optional too: without it, is the one at hand good enough?
  return folder !== '.' || findPinnedNode() !== null || pinnedPackage === undefined || isCurrentNodeEnough()
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null
  } catch {
    return null
  }
}
