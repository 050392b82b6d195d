import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBenchOptions } from './options.ts'

test('Without arguments the benchmark takes three rounds of 64 connections', () => {
  const parsed = parseBenchOptions([])
  assert.ok(parsed.ok)
  const { seconds, rounds, connections, json, profileDir } = parsed.options
  assert.deepEqual(
    { seconds, rounds, connections, json, profileDir },
    {
      seconds: 3,
      rounds: 3,
      connections: 64,
      json: false,
      profileDir: null,
    },
  )
})

test('Every argument is taken', () => {
  const args = [
    '--seconds',
    '5',
    '--rounds=2',
    '--connections',
    '16',
    '--json',
    '--dir',
    '/d',
    '--profile',
    '/p',
  ]
  const parsed = parseBenchOptions(args)
  assert.ok(parsed.ok)
  assert.deepEqual(parsed.options, {
    seconds: 5,
    rounds: 2,
    connections: 16,
    json: true,
    profileDir: '/p',
    dir: '/d',
  })
})

test('A run that would not end, or does not exist, is refused with the reason and the usage', () => {
  const wrong = [
    '--seconds=0',
    '--seconds=61',
    '--rounds=21',
    '--rounds=1.5',
    '--connections=-1',
    '--what',
    'x',
  ]
  for (const argument of wrong) {
    const parsed = parseBenchOptions([argument])
    assert.ok(!parsed.ok, argument)
    assert.match(parsed.message, /Usage: npm run bench/)
  }
  const parsed = parseBenchOptions(['--rounds=21'])
  assert.ok(!parsed.ok)
  assert.match(parsed.message, /^--rounds must be a whole number from 1 to 20/)
})
