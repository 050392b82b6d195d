// Lets one process install or build at a time: a folder, which only one can make, with its owner's name.
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isRunning, noteProcess } from './noted-process.mjs'
import { fail, projectDir, say } from './project.mjs'

const lockDir = join(projectDir, '.install-lock')
const ownerFile = join(lockDir, 'owner.json')
const HEARTBEAT_MS = 2000
/** Whether an owner in another container lives cannot be asked; its heart must have beaten this recently. */
const FOREIGN_DEAD_AFTER_MS = 60_000
/** Not every system tells of a number that is used again: nobody is believed alive for ever. */
const DEAD_AFTER_MS = 600_000
const POLL_MS = 200

/**
 * Runs `action` while no other process does, and resolves to its result; it is given a function to note the
 * processes that do the work. A lock left by processes that died is taken over.
 */
export async function withInstallLock(action) {
  const token = randomBytes(8).toString('hex')
  const workers = []
  await acquire(token)
  const heart = setInterval(beat, HEARTBEAT_MS)
  heart.unref()
  const release = () => {
    if (readOwner()?.token === token) rmSync(lockDir, { recursive: true, force: true })
  }
  process.once('exit', release)
  try {
    return await action((pid) => {
      workers.push(noteProcess(pid))
      noteWorkers({ token, workers })
    })
  } finally {
    clearInterval(heart)
    process.off('exit', release)
    release()
  }
}

async function acquire(token) {
  let told = false
  while (!make(token)) {
    if (isStale()) takeAway()
    else if (!told) {
      say('Waiting for another process that is installing or building …')
      told = true
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function make(token) {
  try {
    mkdirSync(lockDir)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    return fail(
      `cannot write in ${projectDir}, whose packages must be installed: run "npm ci" there as its owner`,
    )
  }
  try {
    writeOwner({ token })
  } catch (error) {
    rmSync(lockDir, { recursive: true, force: true })
    return fail(`cannot write in ${projectDir} (${error.message}): make room there, then try again`)
  }
  return true
}

function writeOwner(owner) {
  writeFileSync(ownerFile, JSON.stringify({ ...owner, ...noteProcess(process.pid), host: hostname() }))
}

function noteWorkers(owner) {
  try {
    writeOwner(owner)
  } catch {
    // Should this process be killed, nobody will wait for them.
  }
}

function isStale() {
  const owner = readOwner()
  const ageMs = Date.now() - modifiedMs(owner === null ? lockDir : ownerFile)
  if (owner === null || owner.host !== hostname()) return ageMs > FOREIGN_DEAD_AFTER_MS
  // This process holds no lock while it waits for one: its number was an earlier process's.
  const lives = owner.pid !== process.pid && isRunning(owner)
  // An npm whose starter was killed goes on, and is waited for.
  const works = (owner.workers ?? []).some(isRunning)
  return !(lives || works) || ageMs > DEAD_AFTER_MS
}

/** Moves the dead owner's lock away. Should a living one have taken its place just now, it is put back. */
function takeAway() {
  const dead = readOwner()?.token
  const away = `${lockDir}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(lockDir, away)
    const moved = JSON.parse(readFileSync(join(away, 'owner.json'), 'utf8')).token
    if (moved !== dead) renameSync(away, lockDir)
  } catch {
    // Another waiting process was quicker, or the lock never had an owner: the next round shows.
  }
  rmSync(away, { recursive: true, force: true })
}

function beat() {
  try {
    const now = new Date()
    utimesSync(ownerFile, now, now)
  } catch {
    // Only the sign of life is lost.
  }
}

function readOwner() {
  try {
    return JSON.parse(readFileSync(ownerFile, 'utf8'))
  } catch {
    return null
  }
}

function modifiedMs(path) {
  try {
    return statSync(path).mtimeMs
  } catch {
    return Date.now()
  }
}
