// Random calls of the port `PaymentStore`, as data; `store-calls.ts` makes the calls of them.
import fc from 'fast-check'
import { PAYMENT_STATES, type PaymentState } from '../../src/payments/payment.ts'
import { LIFE_EVENTS, STATE_TABLE, type Transition } from '../../src/payments/state-table.ts'

/** One call; `of` counts the payments made so far, and small numbers choose the rest. */
export type StoreCommand =
  | { kind: 'insert'; sendNow: boolean; key: number; live: boolean; expiresInS: number; leaseS: number }
  | { kind: 'move'; of: number; move: MoveChoice }
  | { kind: 'accept'; of: number; ids: number; dueInS: number }
  | { kind: 'requeue'; of: number; by: number; attempts: number; dueInS: number }
  | { kind: 'postpone'; of: number; by: number; dueInS: number | null; asked: boolean }
  | { kind: 'findWaiting'; limit: number; after: number }
  | { kind: 'claimQueued'; by: number; counts: number[]; leaseS: number }
  | { kind: 'releaseQueued'; of: number; by: number; ofInsert: boolean }
  | { kind: 'putBack' }
  | { kind: 'claimExpired'; by: number; limit: number; leaseS: number }
  | { kind: 'claimLapsed'; by: number; limit: number; leaseS: number }
  | { kind: 'readQuestions'; shortcodesMax: number; eachMax: number; after: number }
  | { kind: 'claimQuestions'; of: number; by: number; leaseS: number; early: boolean }
  | { kind: 'markWanted'; of: number }
  | { kind: 'makeDue'; of: number }
  | { kind: 'noteRequestIds'; of: number; ids: number; merchantIds: number }
  | { kind: 'find'; of: number }
  | { kind: 'findByCheckout'; ids: number }
  | { kind: 'findByKey'; key: number; live: boolean }
  | { kind: 'keep'; of: number }
  | { kind: 'remark'; of: number; isReceipt: boolean; brings: boolean; again: boolean }
  | { kind: 'pass'; passS: number }

/** What a move may be about; it need not fit the payment. */
export type MoveChoice = {
  from: readonly PaymentState[]
  to: Transition
  ids: number
  merchantIds: number
  amountKes: number | null
  addressAllowed: boolean
  text: string | null
  receipt: string | null
  hasEvidence: boolean
  isAsked: boolean
  /** That nothing was sent by the payment's own request, or by an attempt that was never made. */
  unsent: 'at_once' | 'never' | null
  dueInS: number | null
}

/** Of most payments here. */
export const AMOUNT_KES = 100
const few = fc.nat({ max: 2 })
const of = fc.nat({ max: 3 })
const inS = fc.integer({ min: -200, max: 200 })
const leaseS = fc.integer({ min: -5, max: 100 })

const MOVES = LIFE_EVENTS.flatMap((event) =>
  PAYMENT_STATES.flatMap((state) => {
    const to = STATE_TABLE[state][event]
    return typeof to === 'string' || to.tell === undefined ? [] : [to]
  }),
)

const move: fc.Arbitrary<MoveChoice> = fc.record({
  from: fc.oneof(
    fc.constant(['queued', 'sending', 'pending', 'uncertain'] as const),
    fc.subarray([...PAYMENT_STATES], { minLength: 1 }),
  ),
  to: fc.constantFrom(...MOVES),
  ids: few,
  merchantIds: few,
  amountKes: fc.constantFrom(null, AMOUNT_KES, AMOUNT_KES, 7, 0.5),
  addressAllowed: fc.oneof(fc.constant(true), fc.boolean()),
  text: fc.constantFrom(null, '0', '1032'),
  receipt: fc.constantFrom(null, 'SGF123ABC4', 'SGF123ABC5'),
  hasEvidence: fc.boolean(),
  isAsked: fc.boolean(),
  unsent: fc.constantFrom(null, null, 'at_once', 'never'),
  dueInS: fc.option(inS),
})

const kind = <K extends StoreCommand['kind']>(name: K) => fc.constant(name)
const limit = fc.constantFrom(1, 2, 100)

/** A command; the likelier ones lead a payment on, and all of them come in any order. */
const command: fc.Arbitrary<StoreCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('insert'),
      sendNow: fc.boolean(),
      key: few,
      live: fc.boolean(),
      expiresInS: inS,
      leaseS,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: kind('move'), of, move }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('accept'), of, ids: few, dueInS: inS }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('requeue'), of, by: few, attempts: few, dueInS: inS }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind('postpone'),
      of,
      by: few,
      dueInS: fc.option(inS),
      asked: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('findWaiting'), limit, after: few }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('claimQueued'),
      by: few,
      counts: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
      leaseS,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('releaseQueued'), of, by: few, ofInsert: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind('putBack') }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('claimExpired'), by: few, limit, leaseS }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('claimLapsed'), by: few, limit, leaseS }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind('readQuestions'),
      shortcodesMax: limit,
      eachMax: limit,
      after: few,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('claimQuestions'), of, by: few, leaseS, early: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('markWanted'), of }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('makeDue'), of }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('noteRequestIds'), of, ids: few, merchantIds: few }) },
  fc.record({ kind: kind('find'), of }),
  fc.record({ kind: kind('findByCheckout'), ids: few }),
  fc.record({ kind: kind('findByKey'), key: few, live: fc.boolean() }),
  fc.record({ kind: kind('keep'), of }),
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: kind('remark'), of, isReceipt: fc.boolean(), brings: fc.boolean(), again: fc.boolean() },
    }),
  },
  fc.record({ kind: kind('pass'), passS: fc.nat({ max: 100 }) }),
)

/** Lists of commands, some of them with one repeated until it reaches the caps. */
export const storeCommands: fc.Arbitrary<StoreCommand[]> = fc
  .array(fc.tuple(command, fc.oneof({ weight: 30, arbitrary: fc.constant(1) }, fc.constant(25))), {
    minLength: 1,
    maxLength: 40,
    size: 'max',
  })
  .map((repeated) => repeated.flatMap(([one, times]) => Array.from({ length: times }, () => one)))
