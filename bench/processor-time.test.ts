import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMemory, parseProcessStat } from './processor-time.ts'

const FIELDS = 'S 41 7 7 0 -1 4194560 100 200 0 0 120 30 400 50 20 0 11 0 8000 1000 200'

test('Processor time is the sum of user and system time, apart from that of ended children', () => {
  const expected = { parentPid: 41, ownMs: 1_500, endedChildrenMs: 4_500 }
  assert.deepEqual(parseProcessStat(`7 (node) ${FIELDS}`), expected)
})

test('A process may be called anything', () => {
  assert.equal(parseProcessStat(`7 (postgres: io worker) 0 (x)) ${FIELDS}`)?.parentPid, 41)
})

test('A line that is no stat line tells nothing', () => {
  assert.equal(parseProcessStat(''), null)
  assert.equal(parseProcessStat('7 (node) S 41 7'), null)
})

test('Memory is read in bytes, and is unknown for a process without any', () => {
  const text = 'Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n'
  assert.deepEqual(parseMemory(text), { residentBytes: 104_857_600, peakBytes: 209_715_200 })
  assert.equal(parseMemory('Name:\tkthreadd\nThreads:\t1\n'), null)
})
