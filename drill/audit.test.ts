import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArrivedPush } from './arrivals.ts'
import { audit, brokenFigures, FIGURES, type Figure } from './audit.ts'
import type { Ledgers } from './ledgers.ts'
import type { Asked } from './merchant.ts'
import type { Outcome } from './outcome-store.ts'
import type { Told } from './receiver.ts'

const ID = '0190f6f5-0000-7000-8000-000000000001'
const OTHER_ID = '0190f6f5-0000-7000-8000-000000000002'
const CREATED_MS = 1_000_000
const EXPIRES_MS = CREATED_MS + 120_000
const TRANSIT_MS = 5_000

function push(changes: Partial<ArrivedPush> = {}, id = ID): ArrivedPush {
  const token = `${'a'.repeat(32)}${id.replaceAll('-', '')}${'b'.repeat(32)}`
  return {
    sequence: 1,
    checkoutRequestId: 'ws_CO_1',
    merchantRequestId: 'm-1',
    shortcode: '174379',
    transactionType: 'CustomerPayBillOnline',
    partyB: '174379',
    phone: '254710000001',
    amountKes: 100,
    reference: 'D1',
    callbackUrl: `http://127.0.0.1:1/hooks/stk-push/${token}`,
    behaviour: null,
    answer: 'accepted',
    promptShown: true,
    pushedAtMs: CREATED_MS + 100,
    arrivedAtMs: CREATED_MS + 95,
    endedAtMs: CREATED_MS + 8_000,
    resultCode: '0',
    receipt: 'SGF0000001',
    callbacksAttempted: 1,
    callbacksAnswered: 1,
    queries: 0,
    ...changes,
  }
}

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    id: ID,
    reference: 'D1',
    phone: '254710000001',
    amountKes: 100,
    state: 'succeeded',
    outcome: 'paid',
    resultCode: '0',
    receipt: 'SGF0000001',
    checkoutRequestId: 'ws_CO_1',
    evidence: 'callback',
    expiresAtMs: EXPIRES_MS,
    createdAtMs: CREATED_MS,
    settledAtMs: CREATED_MS + 8_010,
    callbacksKept: 1,
    ...changes,
  }
}

function event(changes: Partial<Told> = {}): Told {
  return {
    format: 'event',
    webhookId: 'evt_1',
    paymentId: ID,
    sequence: 1,
    type: 'payment.succeeded',
    status: 'succeeded',
    resultCode: '0',
    receipt: 'SGF0000001',
    amountKes: 100,
    atMs: CREATED_MS + 8_100,
    ...changes,
  }
}

function daraja(changes: Partial<Told> = {}): Told {
  return event({ format: 'daraja', sequence: null, type: null, status: null, ...changes })
}

const ASKED: Asked = {
  n: 1,
  reference: 'D1',
  phone: '254710000001',
  amountKes: 100,
  paymentId: ID,
  requests: 1,
  tookMs: 10,
  unexpected: null,
  putOff: {},
}

/** One payment that went as it should, but for the changes. */
function ledgers(changes: Partial<Ledgers> = {}): Ledgers {
  return {
    asked: [ASKED],
    pushes: [push()],
    told: [event(), daraja()],
    outcomes: [outcome()],
    deliveriesOpen: 0,
    counts: { requests: 2, wronglySigned: 0, turnedAway: 0 },
    ...changes,
  }
}

const uncertain = (changes: Partial<Told> = {}) =>
  event({
    type: 'payment.uncertain',
    status: 'uncertain',
    resultCode: null,
    receipt: null,
    webhookId: 'evt_0',
    ...changes,
  })
const failed = (changes: Partial<Told> = {}) =>
  event({ type: 'payment.failed', status: 'failed', resultCode: '1032', receipt: null, ...changes })
const declined = { outcome: 'declined', state: 'failed', resultCode: '1032', receipt: null } as const
const neverBegun = {
  checkoutRequestId: null,
  promptShown: false,
  resultCode: null,
  receipt: null,
  callbacksAnswered: 0,
} as const

/** What may happen in any drill, and breaks nothing. */
const SOUND: [name: string, ledgers: Ledgers][] = [
  ['a payment that went as it should', ledgers()],
  ['the same webhooks again', ledgers({ told: [event(), daraja(), event(), daraja()] })],
  [
    'an uncertain payment that is settled later',
    ledgers({
      told: [uncertain(), event({ sequence: 2 }), daraja(), uncertain()],
    }),
  ],
  [
    'a failure corrected by its callback',
    ledgers({
      told: [
        failed({ webhookId: 'evt_0' }),
        daraja({ webhookId: 'evt_0', resultCode: '1032', receipt: null, amountKes: null }),
        event({ sequence: 2, type: 'payment.corrected' }),
        daraja(),
        daraja({ webhookId: 'evt_0', resultCode: '1032', receipt: null, amountKes: null }),
      ],
    }),
  ],
  [
    'a receipt that came after the verdict',
    ledgers({
      told: [
        event({ receipt: null }),
        daraja({ receipt: null }),
        event({ sequence: 2, webhookId: 'evt_2', type: 'payment.updated' }),
        daraja({ webhookId: 'evt_2' }),
      ],
    }),
  ],
  [
    'a paid payment whose receipt only a lost callback knew',
    ledgers({
      pushes: [push({ callbacksAnswered: 0 })],
      outcomes: [outcome({ receipt: null, evidence: 'query', callbacksKept: 0 })],
      told: [event({ receipt: null }), daraja({ receipt: null })],
    }),
  ],
  [
    'pushes refused at the edge before the one that was taken',
    ledgers({ pushes: [push({ ...neverBegun, answer: 'spike_arrest' }), push({ sequence: 2 })] }),
  ],
  [
    'a payment that was never sent',
    ledgers({
      pushes: [push({ ...neverBegun, answer: 'spike_arrest' })],
      outcomes: [outcome({ ...declined, outcome: 'not_sent', resultCode: 'not_sent', evidence: 'gateway' })],
      told: [failed({ resultCode: 'not_sent' }), daraja({ resultCode: '9999', receipt: null })],
    }),
  ],
  [
    'a declined payment that only the statement could tell of',
    ledgers({
      pushes: [push({ resultCode: '1032', receipt: null, callbacksAnswered: 0 })],
      outcomes: [outcome({ ...declined, resultCode: 'not_on_statement', evidence: 'statement' })],
      told: [failed({ resultCode: 'not_on_statement' }), daraja({ resultCode: '9999', receipt: null })],
    }),
  ],
  ['a payment that was not acknowledged and is kept', ledgers({ asked: [] })],
  ['a prompt just after the expiry', ledgers({ pushes: [push({ arrivedAtMs: EXPIRES_MS + TRANSIT_MS })] })],
]

/** One fault each, and the figures that must name it. */
const BROKEN: [name: string, ledgers: Ledgers, figures: Figure[]][] = [
  ['acknowledged and lost', ledgers({ outcomes: [], told: [], pushes: [] }), ['missing']],
  [
    'acknowledged as the payment of another',
    ledgers({ asked: [{ ...ASKED, reference: 'D9' }] }),
    ['missing'],
  ],
  ['nobody ever answered', ledgers({ asked: [{ ...ASKED, paymentId: null }] }), ['unacknowledged']],
  [
    'a good request called bad',
    ledgers({ asked: [{ ...ASKED, paymentId: null, unexpected: '401' }] }),
    ['badAnswers'],
  ],
  [
    'two payments for one key',
    ledgers({
      outcomes: [outcome(), outcome({ id: OTHER_ID })],
      pushes: [push(), push({ sequence: 2 }, OTHER_ID)],
      told: [event(), daraja(), event({ paymentId: OTHER_ID }), daraja({ paymentId: OTHER_ID })],
    }),
    ['doubled'],
  ],
  [
    'two prompts',
    ledgers({ pushes: [push(), push({ sequence: 2, resultCode: '1032', callbacksAnswered: 0 })] }),
    ['secondPrompts'],
  ],
  ['a prompt of nobody', ledgers({ pushes: [push(), push({ sequence: 2 }, OTHER_ID)] }), ['strangePrompts']],
  [
    'a prompt after the expiry',
    ledgers({ pushes: [push({ arrivedAtMs: EXPIRES_MS + TRANSIT_MS + 1 })] }),
    ['latePrompts'],
  ],
  [
    'called paid, and declined',
    ledgers({ pushes: [push({ resultCode: '1032', receipt: null })] }),
    ['wrongVerdicts', 'wronglyTold'],
  ],
  [
    'called declined, and paid',
    ledgers({
      outcomes: [outcome(declined)],
      told: [failed(), daraja({ resultCode: '1032', receipt: null, amountKes: null })],
    }),
    ['wrongVerdicts', 'wronglyTold'],
  ],
  [
    'called never sent, and prompted',
    ledgers({
      pushes: [push({ resultCode: '1032', receipt: null })],
      outcomes: [outcome({ ...declined, outcome: 'not_sent', resultCode: 'not_sent' })],
      told: [failed(), daraja({ resultCode: '9999', receipt: null, amountKes: null })],
    }),
    ['wrongVerdicts'],
  ],
  [
    'declined by another code',
    ledgers({
      pushes: [push({ resultCode: '1', receipt: null })],
      outcomes: [outcome(declined)],
      told: [failed(), daraja({ resultCode: '1032', receipt: null, amountKes: null })],
    }),
    ['wrongVerdicts'],
  ],
  [
    "another payment's receipt",
    ledgers({
      outcomes: [outcome({ receipt: 'SGF0000002' })],
      told: [event({ receipt: 'SGF0000002' }), daraja({ receipt: 'SGF0000002' })],
    }),
    ['wrongVerdicts', 'wronglyTold'],
  ],
  [
    'another amount',
    ledgers({ told: [event({ amountKes: 101 }), daraja({ amountKes: 101 })] }),
    ['wronglyTold'],
  ],
  [
    'a callback acknowledged and lost',
    ledgers({ outcomes: [outcome({ callbacksKept: 0 })] }),
    ['lostCallbacks'],
  ],
  ['a verdict never told', ledgers({ told: [] }), ['neverTold']],
  ['a verdict not told in the other format', ledgers({ told: [event()] }), ['neverTold']],
  ['told as uncertain, and no more', ledgers({ told: [uncertain(), daraja()] }), ['neverTold']],
  ['a receipt never told', ledgers({ told: [event({ receipt: null }), daraja()] }), ['neverTold']],
  [
    'the second event before the first',
    ledgers({ told: [event({ sequence: 2 }), uncertain(), daraja()] }),
    ['toldOutOfOrder'],
  ],
  [
    'a newer state under an older number',
    ledgers({ told: [uncertain(), event(), daraja(), event({ sequence: 2 })] }),
    ['toldOutOfOrder'],
  ],
  [
    'settled twice',
    ledgers({ told: [event(), event({ sequence: 2, webhookId: 'evt_2' }), daraja()] }),
    ['overturned'],
  ],
  [
    'settled, and then uncertain, and settled again',
    ledgers({
      told: [event(), uncertain({ sequence: 2 }), event({ sequence: 3, webhookId: 'evt_3' }), daraja()],
    }),
    ['overturned'],
  ],
  [
    'a webhook that was not signed right',
    ledgers({ counts: { requests: 3, wronglySigned: 1, turnedAway: 0 } }),
    ['wronglySigned'],
  ],
  ['a webhook still to be delivered', ledgers({ deliveriesOpen: 1 }), ['deliveriesOpen']],
  [
    'a payment left open',
    ledgers({
      outcomes: [outcome({ state: 'pending', outcome: null, settledAtMs: null, receipt: null })],
      told: [],
    }),
    ['open'],
  ],
  [
    'a payment left open, with nothing to ask by',
    ledgers({
      outcomes: [
        outcome({
          state: 'uncertain',
          outcome: null,
          settledAtMs: null,
          receipt: null,
          checkoutRequestId: null,
        }),
      ],
      told: [uncertain({ sequence: 1 })],
    }),
    ['unaskable'],
  ],
]

for (const [name, sound] of SOUND) {
  test(`no promise is called broken by ${name}`, () => {
    const { figures, examples } = audit(sound, { transitMs: TRANSIT_MS })
    assert.deepEqual(brokenFigures(figures, []), [], JSON.stringify(examples))
  })
}

for (const [name, broken, expected] of BROKEN) {
  test(`the audit names a fault: ${name}`, () => {
    const { figures, examples } = audit(broken, { transitMs: TRANSIT_MS })
    assert.deepEqual(brokenFigures(figures, []), expected, JSON.stringify(examples))
    assert.ok(expected.every((figure) => figures[figure] > 0))
  })
}

test('every figure has a fault that shows it', () => {
  const shown = new Set(BROKEN.flatMap(([, , figures]) => figures))
  assert.deepEqual([...shown].sort(), Object.keys(FIGURES).sort())
})

test('what is tolerated is counted, and does not break the drill', () => {
  const { figures } = audit(ledgers({ deliveriesOpen: 1 }), { transitMs: TRANSIT_MS })
  assert.deepEqual(brokenFigures(figures, ['deliveriesOpen']), [])
})
