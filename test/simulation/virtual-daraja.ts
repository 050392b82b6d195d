// A Daraja in virtual time: what it really did, and the answers it gives about that (Daraja, STK push, STK
// query, the callback, ResultCodes). What is on the way to it and back is the network's business.
import type { HttpExchange } from '../../src/daraja/http-exchange.ts'
import type { Choices } from './choices.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A prompt that a customer saw: the truth about a payment. */
export type Prompt = {
  merchantRequestId: string
  checkoutRequestId: string
  callbackUrl: string
  phone: string
  amountKes: number
  shownAtMs: number
  /** When and how it ends; known here from the beginning. */
  endsAtMs: number
  resultCode: string
  receipt: string | null
  /** The code that M-Pesa tells as well, should it tell one that is not true. */
  beliedCode: string | null
}

/** What a push asks for. */
export type PushAsked = { phone: string; amountKes: number; callbackUrl: string }

/** Daraja's own side of things. */
export type VirtualDaraja = {
  /** Takes a push in and answers; `hides` makes it answer what says nothing. */
  push(asked: PushAsked, options: { belies: boolean }): HttpExchange
  /** `saysPaid` makes it say "0" about a prompt that is up. */
  query(checkoutRequestId: string, options?: { saysPaid: boolean }): HttpExchange
  prompts(): readonly Prompt[]
  /** The truth about what goes by the CheckoutRequestID. */
  promptOf(checkoutRequestId: string): Prompt | undefined
}

/** A prompt stays up for about this long. */
const PROMPT_LIFE_MS = 60_000
/** For this long after a push the query may not know its id yet. */
const UNKNOWN_FOR_MS = 1_000
const ANSWERED_AFTER_MIN_MS = 300
const PAID = '0'
const NOBODY_ANSWERED = '1037'
const DECLINED = ['1032', '1', '2001', '17', '1019', '1025', '9999', '1036', '8006', '26', 'SFC_IC0003', '21']
const PAID_SHARE = 0.6
const IGNORED_SHARE = 0.1

/** A Daraja; `onEnd` is told when a prompt has ended, `onShown` when one is shown. */
export function createVirtualDaraja(deps: {
  time: VirtualTime
  choices: Choices
  onShown: (prompt: Prompt) => void
  onEnd: (prompt: Prompt) => void
}): VirtualDaraja {
  const { time, choices } = deps
  const prompts: Prompt[] = []
  const byId = new Map<string, Prompt>()
  /** One prompt a subscriber at a time. */
  const locks = new Map<string, Prompt>()

  function show(asked: PushAsked, belies: boolean): Prompt {
    const number = prompts.length + 1
    const ids = { merchantRequestId: `m-${number}`, checkoutRequestId: `ws_CO_${number}` }
    const isBelied = belies && choices.chance(0.5)
    const ending = drawEnding(choices, isBelied)
    const prompt: Prompt = {
      ...asked,
      ...ids,
      shownAtMs: time.nowMs(),
      endsAtMs: time.nowMs() + ending.afterMs,
      resultCode: ending.code,
      receipt: ending.code === PAID ? `SIM${String(number).padStart(7, '0')}` : null,
      beliedCode: isBelied ? NOBODY_ANSWERED : null,
    }
    prompts.push(prompt)
    byId.set(prompt.checkoutRequestId, prompt)
    locks.set(prompt.phone, prompt)
    deps.onShown(prompt)
    time.at(prompt.endsAtMs, () => {
      locks.delete(prompt.phone)
      deps.onEnd(prompt)
    })
    return prompt
  }

  return {
    push(asked, options) {
      if (locks.has(asked.phone)) return error(500, '500.001.1001', LOCKED)
      return answer(200, acceptanceOf(show(asked, options.belies)))
    },
    query(checkoutRequestId, options = { saysPaid: false }) {
      const prompt = byId.get(checkoutRequestId)
      if (prompt === undefined) return error(500, '500.001.1001', 'The transaction does not Exist')
      const ageMs = time.nowMs() - prompt.shownAtMs
      if (ageMs < UNKNOWN_FOR_MS) return error(400, '400.002.02', 'Bad Request - Invalid CheckoutRequestID')
      if (time.nowMs() >= prompt.endsAtMs) return answer(200, resultOf(prompt, prompt.resultCode))
      if (prompt.beliedCode !== null && ageMs > PROMPT_LIFE_MS / 2) {
        return answer(200, resultOf(prompt, prompt.beliedCode))
      }
      // Disputed (Daraja, STK query), and about the minute in which prompts are answered.
      if (options.saysPaid && ageMs < PROMPT_LIFE_MS) return answer(200, resultOf(prompt, PAID))
      return choices.chance(0.5)
        ? answer(200, resultOf(prompt, '4999'))
        : error(500, '500.001.1001', 'The transaction is being processed')
    },
    prompts: () => prompts,
    promptOf: (id) => byId.get(id),
  }
}

const LOCKED = 'Unable to lock subscriber, a transaction is already in process for the current subscriber'

function drawEnding(choices: Choices, isBelied: boolean): { code: string; afterMs: number } {
  if (isBelied) return { code: PAID, afterMs: PROMPT_LIFE_MS * 3 }
  const afterMs = choices.between(ANSWERED_AFTER_MIN_MS, PROMPT_LIFE_MS - 1)
  const share = choices.random()
  if (share < PAID_SHARE) return { code: PAID, afterMs }
  if (share < PAID_SHARE + IGNORED_SHARE) return { code: NOBODY_ANSWERED, afterMs: PROMPT_LIFE_MS }
  return { code: choices.pick(DECLINED), afterMs }
}

function acceptanceOf(prompt: Prompt): object {
  return {
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    ResponseCode: '0',
    ResponseDescription: 'Success. Request accepted for processing',
    CustomerMessage: 'Success. Request accepted for processing',
  }
}

function resultOf(prompt: Prompt, code: string): object {
  return {
    ResponseCode: '0',
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: prompt.merchantRequestId,
    CheckoutRequestID: prompt.checkoutRequestId,
    ResultCode: code,
    ResultDesc: `Result ${code}`,
  }
}

/** The callback of an ended prompt; `change` forges it. */
export function callbackOf(
  prompt: Prompt,
  change: Partial<Pick<Prompt, 'resultCode' | 'receipt' | 'amountKes' | 'checkoutRequestId'>> = {},
): object {
  const told = { ...prompt, ...change }
  const items = [
    { Name: 'Amount', Value: told.amountKes },
    { Name: 'MpesaReceiptNumber', Value: told.receipt },
    { Name: 'Balance' },
    { Name: 'PhoneNumber', Value: Number(told.phone) },
  ]
  return {
    Body: {
      stkCallback: {
        MerchantRequestID: told.merchantRequestId,
        CheckoutRequestID: told.checkoutRequestId,
        ResultCode: /^\d+$/.test(told.resultCode) ? Number(told.resultCode) : told.resultCode,
        ResultDesc: `Result ${told.resultCode}`,
        ...(told.resultCode === PAID ? { CallbackMetadata: { Item: items } } : {}),
      },
    },
  }
}

/** An answer with JSON. */
export function answer(status: number, json: object, retryAfterMs: number | null = null): HttpExchange {
  return { kind: 'answered', status, retryAfterMs, text: JSON.stringify(json), json }
}

/** Daraja's own kind of error. */
export function error(status: number, errorCode: string, errorMessage: string): HttpExchange {
  return answer(status, { requestId: 'sim', errorCode, errorMessage })
}

/** The answers of the edge: none of them was processed. */
export function edgeAnswer(choices: Choices): HttpExchange {
  return choices.pick([
    error(500, '500.003.02', 'System is busy. Please try again in few minutes.'),
    error(500, '500.003.02', 'Spike Arrest Violation'),
    error(500, '500.003.03', 'Quota Violation'),
    error(404, '404.001.03', 'Invalid Access Token'),
    answer(429, { fault: { faultstring: 'Spike arrest', detail: { errorcode: SPIKE_ARREST } } }, 2_000),
  ])
}

const SPIKE_ARREST = 'policies.ratelimit.SpikeArrestViolation'

/** Answers after which nobody can tell what became of a push. */
export function ambiguousAnswer(choices: Choices): HttpExchange {
  const page = '<html><body>Service Unavailable</body></html>'
  return choices.pick<HttpExchange>([
    error(500, '500.003.1001', 'Internal Server Error'),
    { kind: 'answered', status: 503, retryAfterMs: null, text: page, json: undefined },
    { kind: 'answered', status: 504, retryAfterMs: null, text: '', json: undefined },
    answer(502, { fault: { faultstring: 'Unexpected EOF at target', detail: { errorcode: 'messaging' } } }),
  ])
}
