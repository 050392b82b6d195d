// A small checkout with the real start-up scripts, a stand-in for npm, and a program of the test's own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** What a command printed, and how it ended. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }

/** A checkout; nothing is installed in it at first. */
export type Checkout = AsyncDisposable & {
  path: string
  /**
   * Starts `node bin/<script> …args`, with `env` beside a bare environment. `first` is a shell command that
   * the very process runs before.
   */
  start(script: string, args: string[], env?: Record<string, string>, first?: string): ChildProcess
  /** Runs it to its end. */
  run(script: string, args: string[], env?: Record<string, string>, first?: string): Promise<Ended>
  /** What npm was asked for so far, one line a call. */
  npmCalls(): Promise<string[]>
}

/**
 * Makes a checkout. The stand-in for npm notes its arguments and folder, then does as `npm` says: by default
 * it takes a moment and leaves the account of what it installed, as npm does.
 */
export async function createCheckout(options: {
  main: string
  npm?: string
  folder?: string
}): Promise<Checkout> {
  const folder = await createTemporaryFolder()
  const path = join(folder.path, options.folder ?? 'checkout')
  const programs = join(folder.path, 'programs')
  const calls = join(folder.path, 'npm-calls')
  const install =
    'rm -rf node_modules; sleep 0.3; mkdir node_modules; cp package-lock.json node_modules/.package-lock.json'
  const npm = `#!/bin/sh\necho "$PWD $@ omit=$npm_config_omit" >> '${calls}'\n${options.npm ?? install}\n`
  await cp(join(PROJECT, 'bin'), join(path, 'bin'), { recursive: true })
  await cp(join(PROJECT, 'package.json'), join(path, 'package.json'))
  await writePackages(path, { 'node_modules/left': { version: '1.0.0', integrity: 'sha512-a' } })
  await mkdir(join(path, 'src', 'cli'), { recursive: true })
  await mkdir(programs)
  await writeFile(join(path, 'src', 'cli', 'main.ts'), options.main)
  await writeFile(join(programs, 'npm'), npm, { mode: 0o755 })
  await symlink(process.execPath, join(programs, 'node'))
  const start = (script: string, args: string[], env: Record<string, string> = {}, first = ':') => {
    const command = [process.execPath, join(path, 'bin', script), ...args]
    return spawn('/bin/sh', ['-c', `${first}; exec "$@"`, 'sh', ...command], {
      cwd: folder.path,
      env: { PATH: `${programs}:/usr/bin:/bin`, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  return {
    path,
    start,
    run: async (...command) => end(start(...command)),
    npmCalls: async () => (await readFile(calls, 'utf8').catch(() => '')).split('\n').filter(Boolean),
    [Symbol.asyncDispose]: () => rm(folder.path, { recursive: true, force: true }),
  }
}

/** Replaces the lock file: `packages` as in package-lock.json. */
export async function writePackages(checkout: string, packages: Record<string, unknown>): Promise<void> {
  await writeFile(join(checkout, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }))
}

/** Waits for the end of a process, and for all that it printed. */
export async function end(child: ChildProcess): Promise<Ended> {
  const closed = once(child, 'close')
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('the process was started without pipes')
  const [out, err] = await Promise.all([text(stdout), text(stderr)])
  const [code, signal] = await closed
  return { code, signal, stdout: out, stderr: err }
}
