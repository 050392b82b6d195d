// `npm test`: one throw-away PostgreSQL for the whole run, a migrated template in it, then node:test over the
// test files. `npm test -- src/phone.test.ts` runs one, `npm test -- --name=pattern` the tests of that name,
// and `npm test -- --partitions=3` all with a database and no browser on tables partitioned by merchant.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { glob, stat, statfs } from 'node:fs/promises'
import { freemem, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../src/db/embedded/embedded-postgres.ts'
import { migrateDatabase } from '../src/db/migrate.ts'
import { createLogger } from '../src/log.ts'
import { databaseUrl, SERVER_URL_VARIABLE, TEMPLATE_VARIABLE, withAdmin } from './support/database.ts'
import { partitionTables } from './support/partition-tables.ts'
import { filesThatReach } from './support/reaches-module.ts'
import { createTemporaryFolder } from './support/temporary-folder.ts'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const END_AT_ONCE = new URL('support/end-at-once.ts', import.meta.url).href
const TEST_DATABASE = fileURLToPath(new URL('support/database.ts', import.meta.url))
const PREPARE = fileURLToPath(new URL('../bin/prepare.mjs', import.meta.url))
const OF_BROWSER = join(PROJECT, 'test/browser/')
const OWN_SERVER = fileURLToPath(new URL('support/own-server.ts', import.meta.url))
const PATTERNS = ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts', 'drill/**/*.test.ts']
/** The smallest machine this runs on has two cores, and many tests wait more than they work. */
const FILES_AT_ONCE = 3
/** A browser takes a core for itself. */
const BROWSER_FILES_AT_ONCE = 2
const TEST_LIMIT_MS = 120_000
/** When nothing at all has happened for this long, a file has ended its tests and yet does not end. */
const STALL_LIMIT_MS = TEST_LIMIT_MS + 30_000
/** For several files at a time, with several pools each. */
const SERVER_SETTINGS = { max_connections: '300' }
/** Memory that Linux shows as a folder. What must outlast a crash is tested on servers of its own. */
const MEMORY_FOLDER = '/dev/shm'
/** Several times what a run leaves there, and little of what such a machine has. */
const MEMORY_FREE_MIN_BYTES = 6 * 1024 ** 3
const INTERRUPTED_EXIT_CODE = 130

/** The files to run, absolute and sorted: `wanted` are files, folders or patterns; none means every test. */
async function findTestFiles(wanted: string[]): Promise<string[]> {
  const patterns: string[] = []
  for (const path of wanted) {
    const found = await stat(resolve(PROJECT, path)).catch(() => null)
    patterns.push(found?.isDirectory() ? join(path, '**/*.test.ts') : path)
  }
  const files = new Set<string>()
  const wantedPatterns = patterns.length === 0 ? PATTERNS : patterns
  // Packages bring tests of their own.
  const exclude = ['**/node_modules/**']
  for await (const path of glob(wantedPatterns, { cwd: PROJECT, exclude })) {
    files.add(resolve(PROJECT, path))
  }
  return [...files].sort()
}

const isOfBrowser = (file: string) => file.startsWith(OF_BROWSER)

/** Installs the browser and builds what is looked at in it; false when that failed, which has been told. */
function prepareBrowser(): boolean {
  return [['build'], ['install', 'test/browser']].every(
    (args) => spawnSync(process.execPath, [PREPARE, ...args], { stdio: 'inherit' }).status === 0,
  )
}

/** Runs the files, printing as it goes; resolves to whether there were tests and all of them passed. */
async function runAll(files: string[], names: string[], signal: AbortSignal): Promise<boolean> {
  // A browser slows down what runs beside it.
  const groups = [
    { files: files.filter((file) => !isOfBrowser(file)), atOnce: FILES_AT_ONCE },
    { files: files.filter(isOfBrowser), atOnce: BROWSER_FILES_AT_ONCE },
  ]
  let testsRun = 0
  let allPassed = true
  for (const group of groups.filter((each) => each.files.length > 0)) {
    const done = await runGroup(group, names, signal)
    testsRun += done.testsRun
    allPassed &&= done.passed
  }
  if (testsRun === 0) process.stderr.write('No test has run.\n')
  return allPassed && testsRun > 0
}

async function runGroup(
  { files, atOnce }: { files: string[]; atOnce: number },
  names: string[],
  signal: AbortSignal,
): Promise<{ passed: boolean; testsRun: number }> {
  const empty: string[] = []
  const stalled = new AbortController()
  const stream = run({
    files,
    concurrency: atOnce,
    timeout: TEST_LIMIT_MS,
    signal: AbortSignal.any([signal, stalled.signal]),
    // The tests' own processes need none of the options that this one was launched with.
    execArgv: ['--import', END_AT_ONCE],
    ...(names.length === 0 ? {} : { testNamePatterns: names.map((name) => new RegExp(name)) }),
  })
  const watch = abortWhenStalled(stream, stalled)
  const passed = new Promise<boolean>((done) => {
    stream.on('test:summary', ({ file, success }) => {
      if (file === undefined) done(success)
    })
  })
  let testsRun = 0
  stream.on('test:pass', ({ name, file }) => {
    // A file in which nothing is tested passes as one test of the file's own name.
    if (name !== file) testsRun += 1
    else if (names.length === 0) empty.push(relative(PROJECT, file))
  })
  stream.compose(spec).pipe(process.stdout)
  const allPassed = await passed
  watch.stop()
  if (empty.length > 0) process.stderr.write(`No tests in ${empty.join(', ')}\n`)
  return { passed: allPassed && empty.length === 0, testsRun }
}

/** A forgotten timer, server or connection keeps a test file's process alive: it is named and ended. */
function abortWhenStalled(stream: ReturnType<typeof run>, stalled: AbortController): { stop(): void } {
  const open = new Set<string>()
  const timer = setTimeout(() => {
    const names = [...open].map((file) => relative(PROJECT, file)).join(', ')
    process.stderr.write(`Nothing has happened for ${STALL_LIMIT_MS / 1000} s in: ${names}\n`)
    stalled.abort()
  }, STALL_LIMIT_MS)
  stream.on('test:dequeue', ({ name, file }) => {
    timer.refresh()
    if (name === file) open.add(name)
  })
  stream.on('test:complete', ({ name, file }) => {
    timer.refresh()
    if (name === file) open.delete(name)
  })
  return { stop: () => clearTimeout(timer) }
}

/** The server's URL: the one of TEST_DATABASE_URL, else an embedded server that ends with `stack`. */
async function startServer(stack: AsyncDisposableStack): Promise<string> {
  const given = process.env.TEST_DATABASE_URL
  if (given !== undefined && given !== '') return given
  // Open to others: as root, PostgreSQL runs as another user, and nothing may stay behind elsewhere.
  const folder = stack.use(await createTemporaryFolder(0o755, await findFolder()))
  const options = { dataDir: join(folder.path, 'data'), systemHome: join(folder.path, 'system') }
  const log = createLogger('warn')
  const postgres = await startEmbeddedPostgres({ log }, { ...options, settings: SERVER_SETTINGS })
  stack.use(postgres)
  return postgres.url
}

/** In memory, where there is much of it: thousands of small commits then wait for no disk. */
async function findFolder(): Promise<string> {
  const found = await statfs(MEMORY_FOLDER).catch(() => null)
  const isRoomy = found !== null && found.bavail * found.bsize >= MEMORY_FREE_MIN_BYTES
  return isRoomy && freemem() >= MEMORY_FREE_MIN_BYTES ? MEMORY_FOLDER : tmpdir()
}

/** Makes the migrated database that every test's is copied from; it and all copies go with `stack`. */
async function createTemplate(
  stack: AsyncDisposableStack,
  { serverUrl, partitions }: { serverUrl: string; partitions: number },
): Promise<string> {
  const name = `sukuma_test_${randomBytes(4).toString('hex')}`
  stack.defer(() => dropAll(serverUrl, name))
  await withAdmin(serverUrl, (admin) => admin.query(`create database ${name}`))
  const url = databaseUrl(serverUrl, name)
  await migrateDatabase(url)
  if (partitions > 0) {
    const tables = await partitionTables(url, partitions)
    process.stdout.write(`Partitioned by merchant into ${partitions}: ${tables.join(', ')}\n`)
  }
  return name
}

async function dropAll(serverUrl: string, template: string): Promise<void> {
  await withAdmin(serverUrl, async (admin) => {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [template],
    )
    for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`)
  })
}

/** What opens no database, or makes a server of its own, cannot tell how the tables of this one are made. */
async function filesOfPartitions(files: string[]): Promise<string[]> {
  const ownServer = new Set(await filesThatReach(files, OWN_SERVER))
  // The benchmark fills whole tables, whose indexes it drops meanwhile.
  const ofBench = join(PROJECT, 'bench/')
  const reaching = await filesThatReach(files, TEST_DATABASE)
  const isLeftOut = (file: string) => file.startsWith(ofBench) || isOfBrowser(file)
  return reaching.filter((file) => !ownServer.has(file) && !isLeftOut(file))
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string', multiple: true, default: [] },
      partitions: { type: 'string', default: '0' },
    },
  })
  const partitions = Number(values.partitions)
  const found = await findTestFiles(positionals)
  const files = partitions > 0 ? await filesOfPartitions(found) : found
  if (files.length === 0) {
    process.stderr.write(`There are no test files at ${positionals.join(', ') || PATTERNS.join(', ')}\n`)
    return 1
  }
  if (files.some(isOfBrowser) && !prepareBrowser()) return 1
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interruption.abort())
  }
  await using stack = new AsyncDisposableStack()
  const serverUrl = await startServer(stack)
  process.env[SERVER_URL_VARIABLE] = serverUrl
  process.env[TEMPLATE_VARIABLE] = await createTemplate(stack, {
    serverUrl,
    partitions,
  })
  const passed = await runAll(files, values.name, interruption.signal)
  if (interruption.signal.aborted) return INTERRUPTED_EXIT_CODE
  return passed ? 0 : 1
}

process.exit(await main())
