#!/usr/bin/env node
// The command: `sukuma start`, `sukuma keys list`, … Plain JavaScript for any Node >= 18, because it runs
// before anything is installed; it installs and builds what is missing and goes on under the pinned Node.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildDashboard, DASHBOARD, isDashboardBuilt } from './bootstrap/dashboard.mjs'
import { installPackages } from './bootstrap/install.mjs'
import { launch } from './bootstrap/launch.mjs'
import { projectDir, say } from './bootstrap/project.mjs'
import { noteGateway } from './bootstrap/running-gateways.mjs'

const args = process.argv.slice(2)
const starts = args.find((arg) => !arg.startsWith('-')) === 'start' && !args.includes('--help')
const build = starts && wantsDashboard() && !isDashboardBuilt()
const [notInstalled] = await installPackages({ development: false, beside: build ? [DASHBOARD] : [] })
if (build) {
  const problem = notInstalled ?? (await buildDashboard())
  // Payments do not wait for a page: the gateway starts, and says at its address what to do.
  if (problem !== null) say(`sukuma: starting without a new dashboard: ${problem}`)
}
// Whatever the caller's working directory is, it becomes the project's: ./data must always be the same data.
// The paths of arguments are still the caller's; npm says where it was called, and comes here by itself.
process.env.INIT_CWD ??= process.cwd()
const options = { cwd: projectDir, note: starts ? noteGateway : undefined }
await launch([join(projectDir, 'src', 'cli', 'main.ts'), ...args], options)

/** Unless the settings say no. */
function wantsDashboard() {
  const given = process.env.SUKUMA_DASHBOARD ?? readSetting('SUKUMA_DASHBOARD')
  return given?.trim() !== 'off'
}

/** A setting as it stands in .env, which the program itself reads properly later. */
function readSetting(name) {
  try {
    const text = readFileSync(join(projectDir, '.env'), 'utf8')
    return new RegExp(`^\\s*${name}\\s*=\\s*['"]?(\\w*)`, 'm').exec(text)?.[1]
  } catch {
    return undefined
  }
}
