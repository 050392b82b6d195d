import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeBreaches } from './code-rules.ts'
import { assertNoBreach, readProject } from './project-files.ts'
import { parseSources } from './syntax.ts'

function breachesIn(path: string, text: string): string[] {
  return codeBreaches(parseSources([{ path, text }]))
}

test('no way around the types, no state in modules, no setting or statement out of its place', async () => {
  assertNoBreach(codeBreaches(parseSources(await readProject())))
})

test('each breach is found, on its line', () => {
  const bad: [string, string, RegExp][] = [
    ['src/a.ts', 'const x: number = 1\nexport function f(y: any) {}', /^src\/a\.ts:2: the type any$/],
    ['src/a.ts', 'const x = JSON.parse(t) as any', /the type any/],
    ['src/a.ts', 'const x = list[0]!', /non-null/],
    ['src/a.ts', 'const x = y as unknown as Z', /cast of a cast/],
    ['src/a.ts', 'export default function f() {}', /default export/],
    ['src/a.ts', 'export default { a: 1 }', /default export/],
    ['src/a.ts', "console.log('x')", /console/],
    ['src/a.ts', 'const x = process.env.PORT', /process\.env/],
    ['src/a.ts', 'const { PORT } = process.env', /process\.env/],
    ['src/a.ts', 'let count = 0', /can change/],
    ['src/a.ts', 'export var count = 0', /can change/],
    ['src/payments/a.ts', "await db.query('select 1 as one from payments')", /SQL outside/],
    ['src/payments/a.ts', `await db.query(\`update payments set a = \${b}\`)`, /SQL outside/],
    ['src/payments/a.ts', "await db.query('insert into payments (a) values (1)')", /SQL outside/],
    ['src/payments/a-store.ts', "await db.query('SELECT a FROM b')", /SQL in capitals/],
    [
      'dashboard/src/a.tsx',
      'const a = <ErrorState error={b.error} retry={b.refetch} />',
      /query that failed/,
    ],
    ['src/a.ts', '// @ts-ignore: no\nwork()', /a check switched off: @ts-ignore/],
    ['src/a.ts', '// biome-ignore lint: no\nwork()', /a check switched off/],
  ]
  for (const [path, text, expected] of bad) {
    const found = breachesIn(path, text)
    assert.equal(found.length, 1, `${text}: ${found.join(' ')}`)
    assert.match(found[0] ?? '', expected)
  }
})

test('what only looks like a breach is none', () => {
  const good: [string, string][] = [
    ['src/a.ts', "const text = 'any process.env let console.log x!'"],
    ['src/a.ts', "const comment = '// @ts-ignore'"],
    ['src/a.ts', 'const list = ["x"] as const\nconst b = !list'],
    ['src/a.ts', 'switch (a) {\n  default:\n    work()\n}'],
    ['src/a.ts', 'function f() {\n  let count = 0\n  return count\n}'],
    ['src/a.ts', "const text = 'Select one from the list, or update the settings'"],
    ['dashboard/src/a.tsx', 'const a = <ErrorState error={b.error} retry={again} />'],
    ['dashboard/src/ui/states.tsx', 'const a = <ErrorState error={b.error} retry={b.refetch} />'],
    ['src/config.ts', 'const environment = process.env'],
    ['bin/a.mjs', 'const environment = process.env'],
    ['src/a.test.ts', 'let count = 0\nconst port = process.env.PORT'],
    ['src/payments/payment-store.ts', "const text = 'select a from b where c = $1'"],
    ['src/payments/payment-store.ts', `const text = \`select 'SET', \${COLUMNS} from b\``],
    ['src/db/migrate.ts', "const text = 'select a from b'"],
    ['src/payments/create.test.ts', "const text = 'select a from b'"],
  ]
  for (const [path, text] of good) {
    assert.deepEqual(breachesIn(path, text), [], text)
  }
})
