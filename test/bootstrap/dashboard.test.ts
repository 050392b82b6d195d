import assert from 'node:assert/strict'
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { until } from '../support/gateway.ts'
import { type Checkout, createCheckout, end } from './checkout.ts'

const MAIN = "process.stdout.write('started')"
/** npm brings a stand-in for Vite with the packages of the dashboard. */
const NPM = `rm -rf node_modules
mkdir node_modules
cp package-lock.json node_modules/.package-lock.json
case "$PWD" in */dashboard) mkdir -p node_modules/vite/bin && cp ../vite.cjs node_modules/vite/bin/vite.js
esac`
/** Copies the page into the folder that it is told, as Vite would; or fails, or hangs half-way. */
const VITE = `const { appendFileSync, copyFileSync, existsSync, writeFileSync } = require('node:fs')
appendFileSync('../vite-calls', process.env.NODE_ENV + ' ' + process.cwd() + '\\n')
const folder = process.argv[process.argv.indexOf('--outDir') + 1]
writeFileSync(folder + '/half.js', 'half')
if (existsSync('../hang')) setInterval(() => undefined, 1000)
else if (existsSync('../broken')) throw new Error('src/a.tsx: unexpected token')
else copyFileSync('index.html', folder + '/index.html')
`
const PAGE = `<!doctype html><title>Sukuma</title>${'<p>Karibu</p>'.repeat(200)}`

type DashboardCheckout = Checkout & {
  /** What is served at `/`; null when there is nothing. */
  built(): Promise<string | null>
  /** How often Vite has been run. */
  builds(): Promise<number>
  begin(env?: Record<string, string>): ReturnType<Checkout['run']>
}

async function createDashboard(): Promise<DashboardCheckout> {
  const checkout = await createCheckout({ main: MAIN, npm: NPM })
  const { path } = checkout
  await mkdir(join(path, 'dashboard', 'src'), { recursive: true })
  await writeFile(join(path, 'dashboard', 'package.json'), '{}')
  await writeFile(join(path, 'dashboard', 'package-lock.json'), '{ "packages": { "": {} } }')
  await writeFile(join(path, 'dashboard', 'index.html'), PAGE)
  await writeFile(join(path, 'dashboard', 'src', 'main.tsx'), 'one')
  await writeFile(join(path, 'vite.cjs'), VITE)
  const builds = async () => {
    const calls = await readFile(join(path, 'vite-calls'), 'utf8').catch(() => '')
    return calls.split('\n').filter(Boolean).length
  }
  return {
    ...checkout,
    builds,
    built: () => readFile(join(path, 'dashboard', 'dist', 'index.html'), 'utf8').catch(() => null),
    begin: (env = {}) => checkout.run('sukuma.mjs', ['start'], env),
  }
}

test('the first start builds the dashboard, and the next one finds that nothing has changed', async () => {
  await using checkout = await createDashboard()
  const first = await checkout.begin({ NODE_ENV: 'test' })
  assert.equal(first.stdout, 'started')
  assert.match(first.stderr, /Building the dashboard …\nDashboard built in \d+ s\.\n$/)
  assert.equal(await checkout.built(), PAGE)
  assert.match(await readFile(join(checkout.path, 'vite-calls'), 'utf8'), /^production /)
  const second = await checkout.begin()
  assert.deepEqual([second.stdout, second.stderr], ['started', ''])
  assert.equal(await checkout.builds(), 1)
  assert.equal((await checkout.npmCalls()).length, 2)
})

test('each text is compressed once, beside itself, and nothing else is left in the folder', async () => {
  await using checkout = await createDashboard()
  await checkout.begin()
  const dist = join(checkout.path, 'dashboard', 'dist')
  const names = ['.built-from', 'half.js', 'index.html', 'index.html.br', 'index.html.gz']
  assert.deepEqual((await readdir(dist)).sort(), names)
  assert.equal(brotliDecompressSync(await readFile(join(dist, 'index.html.br'))).toString(), PAGE)
  assert.equal(gunzipSync(await readFile(join(dist, 'index.html.gz'))).toString(), PAGE)
  assert.deepEqual(
    (await readdir(join(checkout.path, 'dashboard'))).filter((name) => name.startsWith('.')),
    [],
  )
})

test('whatever the dashboard is made from builds it anew, and its tests do not', async () => {
  await using checkout = await createDashboard()
  await checkout.begin()
  const changes: [string, number][] = [
    ['dashboard/src/main.tsx', 2],
    ['dashboard/package-lock.json', 3],
    ['dashboard/vite.config.ts', 4],
    ['dashboard/src/main.test.tsx', 4],
    ['bin/bootstrap/compress-files.mjs', 5],
  ]
  for (const [file, builds] of changes) {
    await appendFile(join(checkout.path, file), ' ')
    assert.equal((await checkout.begin()).code, 0)
    assert.equal(await checkout.builds(), builds, file)
  }
  await rm(join(checkout.path, 'dashboard', 'vite.config.ts'))
  await checkout.begin()
  assert.equal(await checkout.builds(), 6)
})

test('starts at once build once', async () => {
  await using checkout = await createDashboard()
  const all = await Promise.all([1, 2, 3].map(() => checkout.begin()))
  for (const { stdout, stderr } of all) assert.equal(stdout, 'started', stderr)
  assert.equal(await checkout.builds(), 1)
  assert.equal(await checkout.built(), PAGE)
})

test('a build that fails is told of, and the gateway starts with what there was before', async () => {
  await using checkout = await createDashboard()
  await writeFile(join(checkout.path, 'broken'), '')
  const first = await checkout.begin()
  assert.equal(first.stdout, 'started')
  assert.match(
    first.stderr,
    /unexpected token[\s\S]*\nsukuma: starting without a new dashboard: .*npm run build/,
  )
  assert.equal(await checkout.built(), null)
  await rm(join(checkout.path, 'broken'))
  await checkout.begin()
  await writeFile(join(checkout.path, 'broken'), '')
  await appendFile(join(checkout.path, 'dashboard', 'index.html'), 'changed')
  assert.equal((await checkout.begin()).stdout, 'started')
  assert.equal(await checkout.built(), PAGE)
  const asked = await checkout.run('prepare.mjs', ['build'])
  assert.equal(asked.code, 1)
  assert.match(asked.stderr, /sukuma: the dashboard is not built: its build failed/)
})

test('packages of the dashboard that cannot be installed do not keep the gateway from starting', async () => {
  await using checkout = await createDashboard()
  const npm = `case "$PWD" in */dashboard) echo "npm error network" >&2; exit 1;; esac\n${NPM}`
  await writeFile(join(checkout.path, '..', 'programs', 'npm'), `#!/bin/sh\n${npm}`, { mode: 0o755 })
  const { stdout, stderr } = await checkout.begin()
  assert.equal(stdout, 'started')
  assert.match(stderr, /npm error network\nsukuma: starting without a new dashboard: "npm ci" failed in/)
})

test('a build that was killed half-way leaves the old files, and the next one makes new ones', async () => {
  await using checkout = await createDashboard()
  await checkout.begin()
  await writeFile(join(checkout.path, 'hang'), '')
  await writeFile(join(checkout.path, 'dashboard', 'index.html'), `${PAGE}new`)
  const child = checkout.start('sukuma.mjs', ['start'])
  await until('the second build', async () => (await checkout.builds()) === 2)
  child.kill('SIGINT')
  assert.equal((await end(child)).code, 130)
  assert.equal(await checkout.built(), PAGE)
  await rm(join(checkout.path, 'hang'))
  assert.equal((await checkout.begin()).stdout, 'started')
  assert.equal(await checkout.built(), `${PAGE}new`)
  const left = await readdir(join(checkout.path, 'dashboard'))
  assert.deepEqual(
    left.filter((name) => name.startsWith('.dist-')),
    [],
  )
})

test('no other command than start builds, nor start where the settings say so', async () => {
  await using checkout = await createDashboard()
  await checkout.run('sukuma.mjs', ['keys', 'list'])
  await checkout.begin({ SUKUMA_DASHBOARD: 'off' })
  await writeFile(join(checkout.path, '.env'), 'PORT=1\nSUKUMA_DASHBOARD="off"\n')
  await checkout.begin()
  assert.equal(await checkout.builds(), 0)
  await checkout.begin({ SUKUMA_DASHBOARD: 'on' })
  assert.equal(await checkout.builds(), 1)
})

test('packages of folders beside the project are installed on request, each once', async () => {
  await using checkout = await createDashboard()
  await cp(join(checkout.path, 'dashboard'), join(checkout.path, 'other'), { recursive: true })
  for (const round of [1, 2]) {
    const { code } = await checkout.run('prepare.mjs', ['install', 'dashboard', 'other'])
    assert.equal(code, 0)
    assert.equal((await checkout.npmCalls()).length, 3, `round ${round}`)
  }
  await stat(join(checkout.path, 'other', 'node_modules'))
  assert.match((await checkout.run('prepare.mjs', ['nothing'])).stderr, /^sukuma: usage/)
})
