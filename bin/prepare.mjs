// Gets ready what only some commands need, when they find that they do:
// `prepare.mjs install dashboard …`: the packages of folders; `prepare.mjs build`: the dashboard as well.
// Plain JavaScript for any Node >= 18, because it runs before anything is installed.
import { buildDashboard, DASHBOARD, isDashboardBuilt } from './bootstrap/dashboard.mjs'
import { installPackages } from './bootstrap/install.mjs'
import { fail } from './bootstrap/project.mjs'

const [step, ...folders] = process.argv.slice(2)
if (step === 'install' && folders.length > 0) await install(folders)
else if (step === 'build' && folders.length === 0) await build()
else fail('usage: node bin/prepare.mjs install <folder …> | build')

async function install(beside) {
  const [problem] = await installPackages({ development: true, beside })
  if (problem !== undefined) fail(problem)
}

async function build() {
  if (isDashboardBuilt()) return
  await install([DASHBOARD])
  const problem = await buildDashboard()
  if (problem !== null) fail(`the dashboard is not built: ${problem}`)
}
