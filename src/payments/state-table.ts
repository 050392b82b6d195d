// The life of a payment as one pure table: (state, event) → state and effects. The SQL of `payment-store.ts`
// guards the same transitions, and a test holds the two to each other.
import type { PaymentEventType, PaymentOutcome, PaymentState } from './payment.ts'

/** What can happen to a payment. */
export type LifeEvent =
  /** A process takes it for sending; committed before the first byte leaves. */
  | 'taken'
  /** `expires_in` passed, or a synchronous caller's push was certainly not processed. */
  | 'given_up'
  /** Daraja accepted the push. */
  | 'accepted'
  /** Daraja refused the push: no prompt. */
  | 'refused'
  /** The push certainly never reached M-Pesa, and may be tried again. */
  | 'not_processed'
  /** The push may have reached M-Pesa; or the process that sent it died. */
  | 'unknown'
  /** Its sender knows for certain that nothing was sent, and says so after its lease has ended. */
  | 'never_sent'
  /** The prompt's life and grace passed with no verdict. */
  | 'overdue'
  /** M-Pesa says paid. `proven` by a callback with token, ids and amount; else said by the query API. */
  | 'paid_proven'
  | 'paid_confirmed'
  /** M-Pesa says that no money moved. */
  | 'declined'

/** Every life event, for tests over the full cross product. */
export const LIFE_EVENTS: readonly LifeEvent[] = [
  'taken',
  'given_up',
  'accepted',
  'refused',
  'not_processed',
  'unknown',
  'never_sent',
  'overdue',
  'paid_proven',
  'paid_confirmed',
  'declined',
]

/** What a transition leads to. */
export type Transition = {
  state: PaymentState
  /** Set when the transition settles the payment. */
  outcome?: PaymentOutcome
  /** The event that the merchant is told. */
  tell?: PaymentEventType
}

/** `ignored`: changes nothing. `repeated`: says again what is settled. `contradicted`: says otherwise. */
export type NoTransition = 'ignored' | 'repeated' | 'contradicted'

const settledBy = {
  given_up: { state: 'failed', outcome: 'not_sent', tell: 'payment.failed' },
  refused: { state: 'failed', outcome: 'refused', tell: 'payment.failed' },
  paid: { state: 'succeeded', outcome: 'paid', tell: 'payment.succeeded' },
  declined: { state: 'failed', outcome: 'declined', tell: 'payment.failed' },
} as const satisfies Record<string, Transition>

const uncertain = { state: 'uncertain', tell: 'payment.uncertain' } as const
const corrected = { state: 'succeeded', outcome: 'paid', tell: 'payment.corrected' } as const

type Row = Record<LifeEvent, Transition | NoTransition>

/** A verdict may come in any open state: a callback can outrun the push response. */
const verdicts = {
  paid_proven: settledBy.paid,
  paid_confirmed: settledBy.paid,
  declined: settledBy.declined,
} as const

/** What late news of the push itself does to a payment that is past it: nothing. */
const pastThePush = {
  taken: 'ignored',
  given_up: 'ignored',
  accepted: 'ignored',
  refused: 'ignored',
  not_processed: 'ignored',
  unknown: 'ignored',
  never_sent: 'ignored',
  overdue: 'ignored',
} as const

/** The table. */
export const STATE_TABLE: Record<PaymentState, Row> = {
  queued: {
    ...pastThePush,
    taken: { state: 'sending' },
    given_up: settledBy.given_up,
    // A push that was called "not processed" and was: believing the verdict is what prevents a second prompt.
    ...verdicts,
  },
  sending: {
    taken: 'ignored',
    given_up: settledBy.given_up,
    accepted: { state: 'pending' },
    refused: settledBy.refused,
    not_processed: { state: 'queued' },
    unknown: uncertain,
    // Under its lease it is given up, or goes back into the queue.
    never_sent: 'ignored',
    overdue: uncertain,
    ...verdicts,
  },
  pending: { ...pastThePush, overdue: uncertain, ...verdicts },
  uncertain: { ...pastThePush, never_sent: settledBy.given_up, ...verdicts },
  succeeded: {
    ...pastThePush,
    paid_proven: 'repeated',
    paid_confirmed: 'repeated',
    declined: 'contradicted',
  },
  failed: {
    ...pastThePush,
    paid_proven: corrected,
    // The query API alone overturns nothing that M-Pesa has said.
    paid_confirmed: 'contradicted',
    declined: 'repeated',
  },
}

/** What `event` does to a payment in `state`. */
export function transition(state: PaymentState, event: LifeEvent): Transition | NoTransition {
  return STATE_TABLE[state][event]
}

/** The states from which `event` leads to a settled payment, for the guards of the SQL. */
export function statesSettledBy(event: LifeEvent): PaymentState[] {
  return (Object.keys(STATE_TABLE) as PaymentState[]).filter((state) => {
    const next = STATE_TABLE[state][event]
    return typeof next !== 'string' && next.outcome !== undefined
  })
}
