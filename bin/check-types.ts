// `npm run types`: the types of the product, of its dashboard and of the tests in a browser, each of which
// is a package of its own.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const PREPARE = join(PROJECT, 'bin', 'prepare.mjs')
/** The program that npm's `tsc` is a link to. */
const COMPILER = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin',
  'tsc',
)
/** Packages of their own, each with a tsconfig.json. */
const APART = ['dashboard', 'test/browser']

function run(...args: string[]): boolean {
  return spawnSync(process.execPath, args, { cwd: PROJECT, stdio: 'inherit' }).status === 0
}

const isInstalled = run(PREPARE, 'install', ...APART)
// All of them are checked, whatever the first one shows.
const results = ['.', ...APART].map((folder) => run(COMPILER, '-p', folder, '--noEmit'))
process.exitCode = isInstalled && results.every(Boolean) ? 0 : 1
