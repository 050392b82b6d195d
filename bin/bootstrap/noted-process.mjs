// Notes a process in a file that may outlast it. Its number alone would not do: numbers are used again, and
// in a container that is started anew the same programs get the same ones.
import { readFileSync } from 'node:fs'

/** What to note of the process `pid`. When it began is null where the system does not tell, without /proc. */
export function noteProcess(pid) {
  return { pid, began: readStat(pid)?.began ?? null }
}

/** Whether the process of a note runs; where the system does not tell when it began, any of its number. */
export function isRunning({ pid, began }) {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const stat = readStat(pid)
  if (stat !== null) return !stat.hasEnded && (typeof began !== 'string' || began === stat.began)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

/** The fields behind the name, which may hold anything: the state is the first, the start the twentieth. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // One that nobody has asked for its exit code (Z) is still listed.
    return { hasEnded: /^[ZX]/.test(fields[0]), began: fields[19] }
  } catch {
    return null
  }
}
