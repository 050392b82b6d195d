// Whether a run's data fits on the disk: a full one would be found out after an hour otherwise.
import { statfs } from 'node:fs/promises'

const BYTES_PER_GB = 1e9

/** Throws, saying how much is wanted and how much there is, unless `wantedBytes` are free below `dir`. */
export async function requireDiskSpace(dir: string, wantedBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dir)
  const problem = spaceProblem(wantedBytes, bavail * bsize)
  if (problem !== null) throw new Error(`${problem} in ${dir}: shorten the run, or give another --dir`)
}

/** What is wrong with so much free space; null when nothing is. */
export function spaceProblem(wantedBytes: number, freeBytes: number): string | null {
  const gb = (bytes: number) => (bytes / BYTES_PER_GB).toFixed(1)
  return freeBytes >= wantedBytes
    ? null
    : `it takes about ${gb(wantedBytes)} GB, and ${gb(freeBytes)} GB are free`
}
