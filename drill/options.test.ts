import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDrillOptions, USAGE } from './options.ts'

test('without arguments it is the short drill', () => {
  const parsed = parseDrillOptions([])
  assert.ok(parsed.ok)
  const { kills, payments, seed, jsonFile, reportFile, keep } = parsed.options
  assert.deepEqual([kills, payments, seed, jsonFile, reportFile, keep], [20, 2_000, 1, null, null, false])
})

test('every argument is taken', () => {
  const args = ['--kills=300', '--payments', '50000', '--seed=7', '--json=f.json', '--report=r.md', '--keep']
  const parsed = parseDrillOptions([...args, '--dir=/d'])
  assert.ok(parsed.ok)
  assert.deepEqual(parsed.options, {
    kills: 300,
    payments: 50_000,
    seed: 7,
    jsonFile: 'f.json',
    reportFile: 'r.md',
    keep: true,
    dir: '/d',
  })
})

test('what is wrong is said with the usage', () => {
  for (const args of [['--kills', 'many'], ['--payments', '0'], ['--seed=-1'], ['--speed', '3']]) {
    const parsed = parseDrillOptions(args)
    assert.ok(!parsed.ok && parsed.message.endsWith(USAGE), args.join(' '))
  }
})
