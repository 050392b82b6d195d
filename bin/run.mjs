// Runs a TypeScript file of the project, or a development tool, under the pinned Node:
//   node bin/run.mjs test/run.ts [arguments]        node bin/run.mjs --tool biome check .
// Plain JavaScript for any Node >= 18, because it runs before anything is installed.
import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { installPackages } from './bootstrap/install.mjs'
import { launch } from './bootstrap/launch.mjs'
import { fail, projectDir } from './bootstrap/project.mjs'

const [first, ...rest] = process.argv.slice(2)
if (first === undefined) fail('usage: node bin/run.mjs <file.ts> [arguments] | --tool <name> [arguments]')
await installPackages({ development: true })
if (first === '--tool') await launch([toolPath(rest[0] ?? ''), ...rest.slice(1)], { cwd: projectDir })
else await launch([resolve(projectDir, first), ...rest], { cwd: projectDir })

function toolPath(name) {
  const link = join(projectDir, 'node_modules', '.bin', name)
  if (!/^[a-z-]+$/.test(name) || !existsSync(link))
    fail(`there is no tool named "${name}" in node_modules/.bin`)
  return realpathSync(link)
}
