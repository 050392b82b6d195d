import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, partOf, wrongImports } from './import-rules.ts'
import { assertNoBreach, readProject } from './project-files.ts'
import { parseSources } from './syntax.ts'

test('imports point down: http, core, daraja and db', async () => {
  assertNoBreach(wrongImports(parseSources(await readProject())))
})

test('imports that point up or across are found', () => {
  const bad: [string, string][] = [
    ['src/payments/create.ts', "import { a } from '../http/server.ts'"],
    ['src/payments/create.ts', "import type { A } from '../simulator/simulator.ts'"],
    ['src/payments/create.ts', "import { a } from '../main.ts'"],
    ['src/payments/create.ts', "import { a } from '../cli/start.ts'"],
    ['src/payments/create.ts', "import { a } from '../webhooks/endpoint.ts'"],
    ['src/payments/create.ts', "import type { A } from '../merchants/merchant.ts'"],
    ['src/merchants/a.ts', "import type { A } from '../webhooks/endpoint.ts'"],
    ['src/webhooks/a.ts', "import { a } from '../accounts/team.ts'"],
    ['src/http/v1/routes.ts', "import { a } from '../../db/database.ts'"],
    ['src/http/v1/routes.ts', "export { a } from '../../daraja/client.ts'"],
    ['src/http/server.ts', "import { a } from '../daraja/client.ts'"],
    ['src/daraja/client.ts', "import { a } from '../payments/payment.ts'"],
    ['src/db/sweep.ts', "import { a } from '../daraja/client.ts'"],
    ['src/simulator/a.ts', "import { a } from '../daraja/eat-time.ts'"],
    ['src/simulator/a.ts', "const a = await import('../db/database.ts')"],
    ['src/simulator/a.ts', "import '../config.ts'"],
    ['src/clock.ts', "import { a } from './db/database.ts'"],
    ['src/main.ts', "import { a } from '../test/support/database.ts'"],
    ['src/main.ts', "import { a } from './http/testing/bed.ts'"],
    ['src/cli/start.ts', "import { a } from '../../bin/build.ts'"],
  ]
  for (const [path, text] of bad) {
    assert.equal(wrongImports(parseSources([{ path, text }])).length, 1, `${path}: ${text}`)
  }
})

test('imports that point down, to leaves and to packages are fine', () => {
  const good: [string, string][] = [
    ['src/payments/create.ts', "import { a } from '../daraja/client.ts'\nimport pg from 'pg'"],
    [
      'src/http/v1/routes.ts',
      "import { a } from '../../payments/create.ts'\nimport { b } from '../errors.ts'",
    ],
    ['src/http/openapi.ts', "import about from '../../package.json' with { type: 'json' }"],
    ['src/merchants/a.ts', "import type { A } from '../payments/payment.ts'"],
    ['src/webhooks/a.ts', "import { a } from '../merchants/merchant.ts'"],
    ['src/simulator/a.ts', "import { a } from '../clock.ts'"],
    ['src/main.ts', "import { a } from './simulator/simulator.ts'"],
    ['src/simulator/a.test.ts', "import { a } from '../db/database.ts'"],
    ['test/e2e/a.test.ts', "import { a } from '../../src/main.ts'"],
  ]
  for (const [path, text] of good) assert.deepEqual(wrongImports(parseSources([{ path, text }])), [])
})

test('every form of import is read, and no string that looks like one', () => {
  const text = `import a from './a.ts'
export * from './b.ts'
const c = await import('./c.ts')
const no = "import d from './d.ts'"
// import e from './e.ts'
`
  const [file] = parseSources([{ path: 'src/x/y.ts', text }])
  assert.ok(file)
  assert.deepEqual(
    importsOf(file).map(({ line, target }) => `${line} ${target}`),
    ['1 src/x/a.ts', '2 src/x/b.ts', '3 src/x/c.ts'],
  )
})

test('every source belongs to a part', () => {
  assert.equal(partOf('src/clock.ts'), 'leaf')
  assert.equal(partOf('src/main.ts'), 'wiring')
  assert.equal(partOf('src/http/server.ts'), 'http')
  assert.equal(partOf('src/http/v1/routes.ts'), 'surface')
  assert.equal(partOf('src/db/embedded/cluster.ts'), 'db')
})
