// Keeps a note of each gateway that runs with the packages of this folder, so that nobody takes them away
// from under it. The notes lie beside the packages: who has those in common has the notes in common too.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, noteProcess } from './noted-process.mjs'
import { projectDir } from './project.mjs'

const folder = join(projectDir, 'node_modules', '.cache', 'running')

/** Notes that the gateway `pid` runs; returns what takes the note back. */
export function noteGateway(pid) {
  const file = join(folder, `${pid}.json`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, JSON.stringify(noteProcess(pid)))
  } catch {
    // Whoever may not write here does not install here either; the gateway runs all the same.
  }
  return () => {
    try {
      rmSync(file, { force: true })
    } catch {
      // The note of a process that has ended is not believed.
    }
  }
}

/** The note of a gateway that runs, with its `file`; null when none does. */
export function findRunningGateway() {
  for (const name of list()) {
    const file = join(folder, name)
    const note = read(file)
    if (note !== null && isRunning(note)) return { ...note, file }
  }
  return null
}

function list() {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
