import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openMove } from './move.ts'
import { PAYMENT_STATES } from './payment.ts'
import { LIFE_EVENTS, STATE_TABLE, type Transition, transition } from './state-table.ts'

/** The whole table as text, one line a state, so that no cell changes unseen. */
const EXPECTED = {
  queued:
    'taken→sending given_up→failed/not_sent ' +
    'paid_proven→succeeded/paid paid_confirmed→succeeded/paid declined→failed/declined',
  sending:
    'given_up→failed/not_sent accepted→pending refused→failed/refused not_processed→queued ' +
    'unknown→uncertain overdue→uncertain ' +
    'paid_proven→succeeded/paid paid_confirmed→succeeded/paid declined→failed/declined',
  pending:
    'overdue→uncertain paid_proven→succeeded/paid paid_confirmed→succeeded/paid declined→failed/declined',
  uncertain:
    'never_sent→failed/not_sent ' +
    'paid_proven→succeeded/paid paid_confirmed→succeeded/paid declined→failed/declined',
  succeeded: 'paid_proven=repeated paid_confirmed=repeated declined=contradicted',
  failed: 'paid_proven→succeeded/paid paid_confirmed=contradicted declined=repeated',
}

function describe(next: Transition | string): string {
  if (typeof next === 'string') return `=${next}`
  return `→${next.state}${next.outcome === undefined ? '' : `/${next.outcome}`}`
}

test('the table is what the design says, in every one of its cells', () => {
  for (const state of PAYMENT_STATES) {
    const cells = LIFE_EVENTS.map((event) => `${event}${describe(transition(state, event))}`)
    assert.equal(cells.filter((cell) => !cell.endsWith('=ignored')).join(' '), EXPECTED[state], state)
  }
})

const ends = Object.values(STATE_TABLE).flatMap((row) =>
  Object.values(row).filter((next): next is Transition => typeof next !== 'string'),
)

test('a settled payment has an outcome that fits its state, an open one has none', () => {
  for (const next of ends) {
    if (next.state === 'succeeded') assert.equal(next.outcome, 'paid')
    else if (next.state === 'failed') assert.match(String(next.outcome), /declined|refused|not_sent/)
    else assert.equal(next.outcome, undefined)
  }
})

test('every verdict and every uncertainty is told to the merchant', () => {
  for (const next of ends) {
    const mustTell = ['succeeded', 'failed', 'uncertain'].includes(next.state)
    assert.equal(next.tell !== undefined, mustTell, JSON.stringify(next))
  }
})

test('nothing leads back to where a prompt could be sent, but the certainty that none was', () => {
  for (const state of PAYMENT_STATES) {
    for (const event of LIFE_EVENTS) {
      const next = transition(state, event)
      if (typeof next === 'string' || next.state !== 'queued') continue
      assert.deepEqual([state, event], ['sending', 'not_processed'])
    }
  }
})

test('a paid payment never stops being paid', () => {
  for (const event of LIFE_EVENTS) assert.equal(typeof transition('succeeded', event), 'string')
})

test('an event leads to the same place from every open state that it moves, as one statement needs', () => {
  for (const event of LIFE_EVENTS) {
    const move = openMove(event)
    for (const state of move?.from ?? []) assert.deepEqual(transition(state, event), move?.to)
  }
})
