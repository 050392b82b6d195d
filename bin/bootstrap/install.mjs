// Makes node_modules match package-lock.json, by `npm ci`, and only when it does not.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { withInstallLock } from './install-lock.mjs'
import { findPinnedNode, isCurrentNodeEnough, pinnedPackage } from './pinned-node.mjs'
import { fail, projectDir, say } from './project.mjs'

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * What npm tells the programs it runs about itself. An npm inside must not take it for its own settings:
 * with them it would install somewhere else, or leave packages out.
 */
const NPM_CALLER_VARIABLES = /^(npm_(lifecycle|package)_.*|npm_(command|execpath|node_execpath)|init_cwd)$/i
const NPM_CALLER_SETTINGS = new Set(
  (
    'local_prefix global location prefix omit include only also production dev optional dry_run ' +
    'package_lock package_lock_only workspace workspaces loglevel long json call package yes'
  )
    .split(' ')
    .map((name) => `npm_config_${name}`),
)

/** Installs what is missing or different. With `development`, the tools that tests and checks need. */
export async function installPackages({ development }) {
  if (isInstalled(development)) return
  await withInstallLock(async (noteInstaller) => {
    // Another process may have done it while this one waited.
    if (isInstalled(development)) return
    const startedMs = Date.now()
    const progress = showProgress('Installing packages, about half a minute the first time')
    const result = await runNpm(development, noteInstaller)
    progress.stop()
    if (result.interrupted) process.exit(128 + constants.signals[result.interrupted])
    if (result.code !== 0) {
      say(result.output.trim())
      fail(`"npm ci" failed in ${projectDir}: mend what it names above (is the network up?) and try again`)
    }
    say(`Packages installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`)
  })
}

/**
 * npm leaves its own account of what it installed in node_modules/.package-lock.json, as its last act; it is
 * compared package by package. An optional package may be absent: it is for another platform.
 */
function isInstalled(development) {
  const wanted = readPackages(join(projectDir, 'package-lock.json'))
  const found = readPackages(join(projectDir, 'node_modules', '.package-lock.json'))
  if (wanted === null)
    return fail('package-lock.json is missing or damaged: restore it with "git checkout package-lock.json"')
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
  return findPinnedNode() !== null || pinnedPackage === undefined || isCurrentNodeEnough()
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

function runNpm(development, noteInstaller) {
  // Nothing here depends on the packages' own install scripts, which newer npm versions ask about.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress', '--ignore-scripts']
  args.push('--package-lock=true', '--include=optional')
  if (development) args.push('--include=dev')
  const child = spawn('npm', args, {
    cwd: projectDir,
    env: npmEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) noteInstaller(child.pid)
  let interrupted
  const interrupt = (signal) => {
    interrupted = signal
    child.kill('SIGTERM')
  }
  for (const signal of INTERRUPTS) process.on(signal, interrupt)
  let output = ''
  const keep = (chunk) => {
    output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const isMissing = error.code === 'ENOENT'
      resolve({ code: 1, output: isMissing ? 'npm was not found: it comes with Node' : error.message })
    })
    child.once('close', (code) => {
      for (const signal of INTERRUPTS) process.off(signal, interrupt)
      resolve({ code, output, interrupted })
    })
  })
}

function isOfCaller(name) {
  return NPM_CALLER_VARIABLES.test(name) || NPM_CALLER_SETTINGS.has(name.toLowerCase())
}

function npmEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !isOfCaller(name))
  const environment = Object.fromEntries(kept)
  const inside = join(projectDir, 'node_modules')
  // npm puts node_modules/.bin first, with the very Node that this install is about to replace.
  const path = (environment.PATH ?? '').split(delimiter).filter((dir) => !dir.startsWith(inside))
  return { ...environment, PATH: path.join(delimiter) }
}

function showProgress(text) {
  if (!process.stderr.isTTY) {
    say(`${text} …`)
    return { stop() {} }
  }
  let seconds = 0
  const draw = () => process.stderr.write(`\r${text} … ${seconds} s `)
  draw()
  const timer = setInterval(() => {
    seconds += 1
    draw()
  }, 1000)
  return {
    stop() {
      clearInterval(timer)
      process.stderr.write('\r\u001b[K')
    },
  }
}
