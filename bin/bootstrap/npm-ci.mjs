// Runs `npm ci` in a folder, as little disturbed by who called this process as can be.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { projectDir } from './project.mjs'

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

/** Installs what the lock file in `folder` says; resolves to what npm printed and how it ended. */
export async function npmCi(folder, { development, onStarted }) {
  // Nothing here depends on the packages' own install scripts, which newer npm versions ask about.
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress', '--ignore-scripts']
  args.push('--package-lock=true', '--include=optional')
  if (development) args.push('--include=dev')
  const result = await runToEnd('npm', args, { cwd: folder, env: npmEnvironment(), onStarted })
  const isMissing = result.error?.code === 'ENOENT'
  return isMissing ? { ...result, output: 'npm was not found: it comes with Node' } : result
}

/**
 * Runs a program and keeps what it prints; resolves to `{ code, output, error }`. A Ctrl-C ends the program,
 * and then this process as a shell would report it.
 */
export async function runToEnd(program, args, { cwd, env, onStarted }) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) onStarted(child.pid)
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
  const result = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message, error }))
    child.once('close', (code) => resolve({ code, output }))
  })
  for (const signal of INTERRUPTS) process.off(signal, interrupt)
  if (interrupted !== undefined) process.exit(128 + constants.signals[interrupted])
  return result
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
