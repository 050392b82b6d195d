// The built dashboard, read once by each process that serves it.
import { join } from 'node:path'
import { type Config, PROJECT_ROOT } from './config.ts'
import { type PageFiles, readPageFiles } from './page-files.ts'

/** The files of `dashboard/dist`; null when they have not been built; undefined when they are not wanted. */
export async function readDashboard(config: Config): Promise<PageFiles | null | undefined> {
  if (!config.dashboard) return undefined
  return readPageFiles(join(PROJECT_ROOT, 'dashboard', 'dist'))
}
