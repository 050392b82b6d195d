import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { createTestDatabase, SERVER_URL_VARIABLE, TEMPLATE_VARIABLE } from './database.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

const execute = promisify(execFile)
const RUNNER = fileURLToPath(new URL('../run.ts', import.meta.url))
const THIS_FILE = fileURLToPath(import.meta.url)

test('every test database is migrated and its own, also when made at the same time', async () => {
  const made = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()])
  assert.equal(new Set(made.map(({ name }) => name)).size, 3)
  const [first, second] = made
  await first?.pool.query('create table mine ()')
  const { rows } = await (second?.pool.query(
    "select to_regclass('mine') as mine, to_regclass('payments') as p",
  ) ?? assert.fail())
  assert.deepEqual(rows, [{ mine: null, p: 'payments' }])
  for (const database of made) await database[Symbol.asyncDispose]()
})

test('a database is gone after its test', async () => {
  const database = await createTestDatabase()
  await database[Symbol.asyncDispose]()
  const client = new pg.Client({ connectionString: database.url })
  await assert.rejects(async () => await client.connect(), /does not exist/)
})

test('a connection that a test leaves open fails it', async () => {
  const database = await createTestDatabase()
  const leaked = new pg.Client({ connectionString: database.url, application_name: 'forgotten' })
  leaked.on('error', () => undefined)
  await leaked.connect()
  await assert.rejects(async () => await database[Symbol.asyncDispose](), /left open: forgotten/)
  await leaked.end().catch(() => undefined)
})

test('without the runner a test that needs a database says how to run it', async () => {
  const server = process.env[SERVER_URL_VARIABLE]
  delete process.env[SERVER_URL_VARIABLE]
  await assert.rejects(createTestDatabase(), /npm test -- <file>/)
  process.env[SERVER_URL_VARIABLE] = server
})

test('a run of no tests fails, and so does one of failing tests', async () => {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    TEST_DATABASE_URL: process.env[SERVER_URL_VARIABLE] ?? '',
  }
  delete environment[TEMPLATE_VARIABLE]
  // Set for a test's own process: a runner inside would take itself for one.
  delete environment.NODE_TEST_CONTEXT
  const runWith = (...args: string[]) => execute(process.execPath, [RUNNER, ...args], { env: environment })
  await assert.rejects(runWith('src/nothing-here.test.ts'), { code: 1 })
  await assert.rejects(runWith('--name=^no test is called this$', THIS_FILE), { code: 1 })
  await using folder = await createTemporaryFolder()
  const failing = join(folder.path, 'failing.test.mjs')
  await writeFile(failing, "import { test } from 'node:test'\ntest('fails', () => { throw new Error() })\n")
  await assert.rejects(runWith(failing), { code: 1 })
  const passing = await runWith('--name=^a database is gone after its test$', THIS_FILE)
  assert.match(passing.stdout, /pass 1/)
})
