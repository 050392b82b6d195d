import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoBreach, readProject } from './project-files.ts'
import { longFiles, longFunctions, longLines } from './size-rules.ts'
import { parseSources } from './syntax.ts'

const project = await readProject()

function lines(count: number, line = 'work()\n'): string {
  return line.repeat(count)
}

test('no line of code is longer than 110 characters', () => {
  assertNoBreach(longLines(project))
})

test('no source is longer than 400 lines, README 150, ARCHITECTURE 250', () => {
  assertNoBreach(longFiles(project))
})

test('no function is longer than 70 lines', () => {
  assertNoBreach(longFunctions(parseSources(project)))
})

test('the whole project is looked at', () => {
  const paths = project.map(({ path }) => path)
  for (const path of ['src/phone.ts', 'bin/sukuma.mjs', 'test/run.ts', 'package.json', '.env.example']) {
    assert.ok(paths.includes(path), path)
  }
  assert.ok(!paths.some((path) => path.includes('node_modules')))
})

test('long lines are found, in code only and by characters', () => {
  const text = `${'x'.repeat(110)}\n${'x'.repeat(111)}\n${'ü'.repeat(110)}\n`
  assert.deepEqual(longLines([{ path: 'src/a.ts', text }]), ['src/a.ts:2: a line of 111 characters'])
  assert.deepEqual(longLines([{ path: 'docs/a.md', text }]), [])
})

test('long files are found, each kind by its own limit', () => {
  const files = [
    { path: 'src/a.ts', text: lines(400) },
    { path: 'src/b.ts', text: lines(401) },
    { path: 'bin/c.mjs', text: lines(401) },
    { path: 'README.md', text: lines(151) },
    { path: 'ARCHITECTURE.md', text: lines(250) },
    { path: 'docs/long.md', text: lines(1000) },
  ]
  assert.deepEqual(longFiles(files), [
    'src/b.ts:401: a file of 401 lines',
    'bin/c.mjs:401: a file of 401 lines',
    'README.md:151: a file of 151 lines',
  ])
})

test('long functions of every kind are found', () => {
  const body = `{\n${lines(69)}}\n`
  const samples: Record<string, string> = {
    'declaration.ts': `// First.\nfunction f() ${body}`,
    'arrow.mjs': `const f = () => ${body}`,
    'expression.ts': `const f = function () ${body}`,
    'method.ts': `class A {\nm() ${body}}`,
    'constructor.ts': `class A {\nconstructor() ${body}}`,
    'getter.ts': `const o = { get g() ${body}}`,
    'callback.test.ts': `test('t', async () => ${body})`,
    'component.tsx': `const C = () => ${body}`,
  }
  for (const [path, text] of Object.entries(samples)) {
    const found = longFunctions(parseSources([{ path, text }]))
    assert.equal(found.length, 1, path)
    assert.match(found[0] ?? '', /a function of 71 lines/)
  }
  const shorter = `function f() {\n${lines(68)}}\n`
  assert.deepEqual(longFunctions(parseSources([{ path: 'a.ts', text: shorter }])), [])
})
