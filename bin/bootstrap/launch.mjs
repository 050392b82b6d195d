// Goes on under the pinned Node: passes signals, output and the exit code through, and never leaves it alone.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { currentNodeOrFail, findPinnedNode } from './pinned-node.mjs'
import { projectDir } from './project.mjs'

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** Ctrl-C reaches this process twice under npm (from the terminal and from npm): it was one wish. */
const SAME_WISH_MS = 1000
const PARENT_POLL_MS = 250

/**
 * Runs Node with `args` until it ends, then ends this process the same way. `note`, if given, is told the
 * program's process, and returns what is to be called at its end.
 */
export async function launch(args, options) {
  const pinned = findPinnedNode()
  const ended = await run(pinned ?? currentNodeOrFail(), args, options)
  // A program that exists and yet is not found lacks its loader: a system without glibc.
  if (ended.error?.code !== 'ENOENT' || pinned === null) return end(ended)
  return end(await run(currentNodeOrFail(), args, options))
}

function run(node, args, { cwd, note }) {
  const child = spawn(node, [...preload('watch-parent'), ...preload('compile-cache'), ...args], {
    cwd,
    // The channel closes when this process dies, however it dies: watch-parent.mjs then ends the child.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // A process group of its own: a terminal's Ctrl-C reaches this process, which passes it on once.
    detached: true,
  })
  const forget = child.pid === undefined ? undefined : note?.(child.pid)
  const lastSentMs = {}
  const forward = (signal) => {
    const nowMs = Date.now()
    if (nowMs - (lastSentMs[signal] ?? 0) < SAME_WISH_MS) return
    lastSentMs[signal] = nowMs
    child.kill(signal)
  }
  for (const signal of FORWARDED) process.on(signal, forward)
  const parentWatch = watchNpm(() => {
    if (Object.keys(lastSentMs).length === 0) forward('SIGTERM')
  })
  return new Promise((resolve) => {
    const settle = (result) => {
      clearInterval(parentWatch)
      forget?.()
      for (const signal of FORWARDED) process.off(signal, forward)
      resolve(result)
    }
    child.once('error', (error) => settle({ error }))
    child.once('exit', (code, signal) => settle({ code, signal }))
  })
}

function preload(name) {
  // As an address: in a path, Node would take a # or % of a folder's name for parts of one.
  return ['--import', pathToFileURL(join(projectDir, 'bin', 'bootstrap', `${name}.mjs`)).href]
}

/** npm passes a signal on to the shell between it and this process, no further; that shell's end tells. */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  return setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, PARENT_POLL_MS)
}

function end({ error, code, signal }) {
  if (error) throw error
  if (signal === null) process.exit(code)
  process.kill(process.pid, signal)
  // For a signal that this process survives, the number that a shell would report.
  setTimeout(() => process.exit(128 + constants.signals[signal]), SAME_WISH_MS)
}
