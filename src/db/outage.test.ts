import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { createOutageWatch, type OutageWatch } from './outage.ts'

let nowMs: number
let lines: string[]
let watch: OutageWatch
beforeEach(() => {
  nowMs = 1_000_000
  lines = []
  const log = {
    error: (_fields: object, text: string) => lines.push(text),
    info: (_fields: object, text: string) => lines.push(text),
  }
  watch = createOutageWatch({ log, now: () => nowMs })
})

const refused = new Error('connect ECONNREFUSED')

test('an outage of a thousand failures is one line, and its end another', () => {
  for (let failure = 0; failure < 1_000; failure += 1) {
    watch.failed('write', refused)
    nowMs += 10
  }
  assert.deepEqual(lines, ['the database is away: connect ECONNREFUSED'])
  nowMs += 2_000
  watch.succeeded('write')
  assert.deepEqual(lines.slice(1), ['the database is back'])
  assert.equal(watch.current(), null)
})

test('an outage that lasts is told of once a minute', () => {
  for (let second = 0; second < 180; second += 1) {
    watch.failed('read', refused)
    nowMs += 1_000
  }
  assert.equal(lines.length, 3)
})

test('what fails and succeeds in turns is one outage until it is calm', () => {
  for (let turn = 0; turn < 50; turn += 1) {
    watch.failed('write', refused)
    watch.succeeded('write')
    nowMs += 1_000
  }
  assert.equal(lines.length, 1)
  assert.equal(watch.current()?.failures, 50)
  nowMs += 2_000
  assert.equal(watch.current(), null)
})

test('writes can be away while reads go on', () => {
  nowMs += 1
  watch.failed('write', new Error('cannot execute INSERT in a read-only transaction'))
  watch.succeeded('read')
  nowMs += 5_000
  watch.succeeded('read')
  assert.equal(watch.current()?.kind, 'write')
  assert.notEqual(watch.admit('write'), null)
  assert.equal(watch.admit('write'), null)
  assert.notEqual(watch.admit('read'), null)
})

test('one failure among successes turns nobody away', () => {
  nowMs += 60_000
  watch.succeeded('read')
  watch.failed('read', refused)
  assert.notEqual(watch.admit('read'), null)
  assert.notEqual(watch.admit('read'), null)
})

test('in an outage one caller at a time finds out, and a success lets all in', () => {
  nowMs += 1_500
  watch.failed('read', refused)
  const turn = watch.admit('read')
  assert.notEqual(turn, null)
  assert.equal(watch.admit('read'), null)
  assert.equal(watch.admit('read'), null)
  turn?.ended()
  const next = watch.admit('read')
  assert.notEqual(next, null)
  watch.succeeded('read')
  assert.notEqual(watch.admit('read'), null)
})

test('a caller who finds out for all and never comes back does not keep the others out', () => {
  nowMs += 1_500
  watch.failed('read', refused)
  assert.notEqual(watch.admit('read'), null)
  nowMs += 20_000
  assert.notEqual(watch.admit('read'), null)
})

test('idle connections that are lost are told of once and turn nobody away', () => {
  nowMs += 60_000
  for (let lost = 0; lost < 20; lost += 1) watch.connectionLost(new Error('terminating connection'))
  assert.equal(lines.length, 1)
  assert.notEqual(watch.admit('read'), null)
  watch.succeeded('read')
  assert.equal(lines.length, 2)
})
