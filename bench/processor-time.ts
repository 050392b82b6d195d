// Processor time and memory of other processes, as Linux tells them; null wherever it does not.
import { readdir, readFile } from 'node:fs/promises'

/** Linux counts in hundredths of a second for programs, whatever its own clock (man 7 time, USER_HZ). */
const MS_PER_TICK = 10
const BYTES_PER_KB = 1024

/** One line of /proc/<pid>/stat, in milliseconds of processor time. */
export type ProcessStat = {
  parentPid: number
  /** Of all its threads, user and system. */
  ownMs: number
  /** Of its children that have ended. */
  endedChildrenMs: number
}

/** Reads a stat line (man 5 proc_pid_stat), in which the process's name may hold brackets and spaces. */
export function parseProcessStat(text: string): ProcessStat | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // Counted from the process's state, which is field 3 of the manual.
  const [parent, user, system, childUser, childSystem] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]))
  const ownMs = (Number(user) + Number(system)) * MS_PER_TICK
  const endedChildrenMs = (Number(childUser) + Number(childSystem)) * MS_PER_TICK
  if (Number.isNaN(Number(parent) + ownMs + endedChildrenMs)) return null
  return { parentPid: Number(parent), ownMs, endedChildrenMs }
}

/** Processor time of one process so far. */
export async function readProcessMs(pid: number): Promise<number | null> {
  return (await readStat(pid))?.ownMs ?? null
}

/** Processor time so far of a process and all its children, those that have ended included. */
export async function readFamilyMs(pid: number): Promise<number | null> {
  const head = await readStat(pid)
  if (head === null) return null
  const children = await readChildren(pid)
  return children.reduce((sum, { stat }) => sum + stat.ownMs, head.ownMs + head.endedChildrenMs)
}

/** Resident memory of a process: now, and the most it has ever had. */
export type Memory = { residentBytes: number; peakBytes: number }

/** Reads the lines of /proc/<pid>/status that tell of memory. */
export function parseMemory(text: string): Memory | null {
  const read = (name: string) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * BYTES_PER_KB
  }
  const residentBytes = read('VmRSS')
  const peakBytes = read('VmHWM')
  return residentBytes === null || peakBytes === null ? null : { residentBytes, peakBytes }
}

/** Resident memory of one process. */
export async function readMemory(pid: number): Promise<Memory | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null)
  return text === null ? null : parseMemory(text)
}

/** Resident memory of a process and all its children together. */
export async function readFamilyBytes(pid: number): Promise<number | null> {
  const pids = [pid, ...(await readChildren(pid)).map((child) => child.pid)]
  const memories = await Promise.all(pids.map(readMemory))
  if (memories[0] === null) return null
  return memories.reduce((sum, memory) => sum + (memory?.residentBytes ?? 0), 0)
}

async function readChildren(pid: number): Promise<{ pid: number; stat: ProcessStat }[]> {
  const others = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
  const all = await Promise.all(others.map(async (each) => ({ pid: each, stat: await readStat(each) })))
  return all.flatMap(({ pid: child, stat }) => (stat?.parentPid === pid ? [{ pid: child, stat }] : []))
}

async function readStat(pid: number): Promise<ProcessStat | null> {
  // A process may end while the others are read.
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return text === null ? null : parseProcessStat(text)
}
