// A process's way to Daraja: requests that are lost before they have an effect, answers that are lost after
// it, edges that refuse, and answers that say nothing. The gateway's own classifiers read what comes back.
import type { PushOptions, PushOutcome, PushRequest, QueryOutcome } from '../../src/daraja/client.ts'
import type { HttpExchange } from '../../src/daraja/http-exchange.ts'
import { classifyPush, notProcessed } from '../../src/daraja/push-outcome.ts'
import { classifyQuery, open } from '../../src/daraja/query-outcome.ts'
import type { Choices } from './choices.ts'
import type { Faults } from './faults.ts'
import type { ProcessLife } from './process-life.ts'
import { ambiguousAnswer, edgeAnswer, error, type VirtualDaraja } from './virtual-daraja.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What the way to Daraja is made of. */
export type DarajaWay = {
  time: VirtualTime
  choices: Choices
  life: ProcessLife
  faults: () => Faults
  daraja: VirtualDaraja
  trace: (text: string) => void
  /** Told when the first byte of a push leaves, by the process's own clock. */
  onPushLeaves: (callbackUrl: string, atMs: number) => void
  /** Told of a question that reaches Daraja; false makes it answer that it was asked too often. */
  mayAsk: () => boolean
}

/** The client gives up after this long. */
const TOTAL_TIMEOUT_MS = 40_000
const TRAVEL_MAX_MS = 400
const SLOW_MAX_MS = 60_000
const durationMs = 0

/** The client port of the core over the virtual Daraja. */
export function faultyDaraja(way: DarajaWay) {
  return {
    push: (_credential: unknown, request: PushRequest, options: PushOptions = {}) =>
      push(way, request, options),
    query: (_credential: unknown, checkoutRequestId: string) => query(way, checkoutRequestId),
  }
}

/** A promise that only a living process sees settle. */
function promised<T>(way: DarajaWay, start: (resolve: (value: T) => void) => void): Promise<T> {
  const { choices, life, faults } = way
  return new Promise((resolve) => {
    if (!life.isAlive()) return
    if (choices.chance(faults().crash)) life.die()
    start((value) => {
      if (choices.chance(faults().crash)) life.die()
      life.within(() => resolve(value))
    })
  })
}

function travelMs(way: DarajaWay): number {
  const isSlow = way.choices.chance(way.faults().pushSlow)
  return way.choices.between(1, isSlow ? SLOW_MAX_MS : TRAVEL_MAX_MS)
}

function push(way: DarajaWay, request: PushRequest, options: PushOptions): Promise<PushOutcome> {
  const { time, choices, life, faults } = way
  return promised(way, (resolve) => {
    const { tokenAway, notConnected } = faults()
    const connectMs = travelMs(way)
    const isTokenAway = choices.chance(tokenAway)
    const isNotConnected = choices.chance(notConnected)
    time.after(connectMs, () => {
      if (isTokenAway) resolve({ ...notProcessed('token', 'no token'), durationMs })
      else if (isNotConnected) finish({ kind: 'not_connected', detail: 'refused' })
      // The last look at the clock is the process's own.
      else life.within(leave)
    })
    const finish = (exchange: HttpExchange) => resolve({ ...classifyPush(exchange), durationMs })
    const leave = () => {
      if (options.beforeSend?.() === false) {
        finish({ kind: 'withheld' })
        return
      }
      way.onPushLeaves(request.callbackUrl, life.nowMs())
      answerPush(way, request, finish)
    }
  })
}

/** From the first byte on: the effect, and on its own the answer. */
function answerPush(way: DarajaWay, request: PushRequest, finish: (exchange: HttpExchange) => void): void {
  const { time, choices, faults, daraja, trace } = way
  const { pushLost, pushAnswerLost, pushEdge, pushAmbiguous, queryBelies } = faults()
  const giveUp = oncePromptly(time, finish)
  if (choices.chance(pushLost)) {
    trace('push: lost on the way')
    return
  }
  const isEdge = choices.chance(pushEdge)
  const isAmbiguous = choices.chance(pushAmbiguous)
  const isShown = !isAmbiguous || choices.chance(0.5)
  const isAnswerLost = choices.chance(pushAnswerLost)
  time.after(travelMs(way), () => {
    const asked = { phone: request.phone, amountKes: request.amountKes, callbackUrl: request.callbackUrl }
    const answered = isEdge
      ? edgeAnswer(choices)
      : isShown
        ? daraja.push(asked, { belies: choices.chance(queryBelies) })
        : null
    const told = isEdge || !isAmbiguous || answered === null ? answered : ambiguousAnswer(choices)
    trace(`push: ${answered === null ? 'no prompt' : describe(answered)}${isAnswerLost ? ', lost' : ''}`)
    if (isAnswerLost) return
    time.after(travelMs(way), () => giveUp.answered(told ?? ambiguousAnswer(choices)))
  })
}

/** The answer or the timeout, whichever comes first. */
function oncePromptly(time: VirtualTime, finish: (exchange: HttpExchange) => void) {
  let isOver = false
  const once = (exchange: HttpExchange) => {
    if (!isOver) finish(exchange)
    isOver = true
  }
  time.after(TOTAL_TIMEOUT_MS, () => once({ kind: 'no_answer', detail: 'timed out' }))
  return { answered: once }
}

function query(way: DarajaWay, checkoutRequestId: string): Promise<QueryOutcome> {
  const { time, choices, faults, daraja, trace } = way
  return promised(way, (resolve) => {
    const { tokenAway, queryLost, queryAmbiguous, queryPaidWhileOpen } = faults()
    const finish = (exchange: HttpExchange) =>
      resolve({ ...classifyQuery(exchange, checkoutRequestId), durationMs })
    if (choices.chance(tokenAway)) {
      time.after(1, () => resolve({ ...open('token', 'no token'), durationMs }))
      return
    }
    const { answered } = oncePromptly(time, finish)
    if (choices.chance(queryLost)) return
    const isAmbiguous = choices.chance(queryAmbiguous)
    const saysPaid = choices.chance(queryPaidWhileOpen)
    time.after(travelMs(way), () => {
      const told = !way.mayAsk()
        ? edgeAnswerOfQuery(choices)
        : isAmbiguous
          ? error(500, '500.001.1001', '')
          : daraja.query(checkoutRequestId, { saysPaid })
      trace(`query ${checkoutRequestId}: ${describe(told)}`)
      time.after(travelMs(way), () => answered(told))
    })
  })
}

function edgeAnswerOfQuery(choices: Choices): HttpExchange {
  return choices.pick([
    error(429, '500.003.03', 'Quota Violation'),
    error(500, '500.003.02', 'System is busy. Please try again in few minutes.'),
  ])
}

function describe(exchange: HttpExchange): string {
  return exchange.kind === 'answered' ? `${exchange.status} ${exchange.text.slice(0, 160)}` : exchange.kind
}
