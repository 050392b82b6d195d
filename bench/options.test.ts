import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBenchOptions, readSetNumber } from './options.ts'
import type { Scenario } from './scenario.ts'

function scenario(name: string, isQuick: boolean): Scenario {
  const run = () => Promise.reject(new Error('not in this test'))
  return { name, about: `measures ${name}`, isQuick, limitSeconds: () => 1, run }
}

const ALL = [scenario('payments', true), scenario('sustained', false)]

test('without arguments the quick scenarios run, with their own defaults', () => {
  const parsed = parseBenchOptions([], ALL)
  assert.ok(parsed.ok)
  assert.deepEqual(
    parsed.scenarios.map(({ name }) => name),
    ['payments'],
  )
  const { seconds, rounds, connections, jsonFile } = parsed.options
  assert.deepEqual([seconds, rounds, connections, jsonFile], [null, null, null, null])
})

test('every argument is taken, and the named scenarios in their order', () => {
  const text =
    'sustained payments --seconds 5 --rounds=2 --connections 16,64 --rate 200 --gateways 2 --json - ' +
    '--set rows=100 --set engine=none --report /r.md --profile /p --dir /d'
  const parsed = parseBenchOptions(text.split(' '), ALL)
  assert.ok(parsed.ok)
  assert.deepEqual(
    parsed.scenarios.map(({ name }) => name),
    ['sustained', 'payments'],
  )
  assert.deepEqual(parsed.options, {
    seconds: 5,
    rounds: 2,
    connections: [16, 64],
    rate: 200,
    gateways: 2,
    set: { rows: '100', engine: 'none' },
    jsonFile: '-',
    reportFile: '/r.md',
    profileDir: '/p',
    dir: '/d',
  })
  assert.equal(readSetNumber(parsed.options, 'rows', 1, 1_000), 100)
  assert.equal(readSetNumber(parsed.options, 'merchants', 7, 1_000), 7)
  assert.throws(() => readSetNumber(parsed.options, 'rows', 1, 99), /--set rows must be a whole number/)
})

test('a run that would not end, or does not exist, is refused with the reason and the usage', () => {
  const wrong: [string, RegExp][] = [
    ['--seconds=0', /^--seconds must be a whole number from 1 to 14400/],
    ['--seconds=99999', /^--seconds/],
    ['--rounds=1.5', /^--rounds/],
    ['--connections=64,-1', /^--connections/],
    ['--set=rows', /^--set takes name=value/],
    ['--what', /what/],
    ['nothing', /^There is no scenario nothing/],
  ]
  for (const [argument, reason] of wrong) {
    const parsed = parseBenchOptions([argument], ALL)
    assert.ok(!parsed.ok, argument)
    assert.match(parsed.message, reason)
    assert.match(parsed.message, /Usage: npm run bench/)
  }
})

test('the help names every scenario and every option', () => {
  const parsed = parseBenchOptions(['--help'], ALL)
  assert.ok(!parsed.ok && parsed.isHelp)
  for (const word of ['payments  ', 'sustained ', '--seconds', '--report', '--profile', '--set', '--rate']) {
    assert.ok(parsed.message.includes(word), word)
  }
})
