// POST /mpesa/stkpushquery/v1/query: what became of a push, as far as Daraja tells (Daraja, STK query).
import { checkMerchant, readToken } from './access.ts'
import { FLAKY_QUERY_BEHAVIOUR, IN_FLIGHT } from './behaviours.ts'
import { isStamp } from './eat-time.ts'
import { parseJsonObject, textField } from './json-body.ts'
import type { LedgerEntry } from './ledger.ts'
import { invalidField, jsonReply, REFUSALS, type Reply, refusalReply, spikeArrest } from './reply.ts'
import { queryText } from './result-texts.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const SHORTCODE_FORM = /^\d{5,7}$/
const PAID = '0'
/** The third s is Daraja's, and seen with a paid one only. */
const ACCEPTED_TEXTS = {
  paid: 'The service request has been accepted successsfully',
  others: 'The service request has been accepted successfully',
}
/** How long behaviour 8 says 4999, whatever happened meanwhile. */
const LAGGING_QUERY_MS = 60_000
/** Four polls of nineteen for a finished payment were answered with an error. */
const FLAKY_SHARE = 4 / 19

/** Answers one query. A payment that is not this shortcode's does not exist. */
export async function answerQuery(simulation: Simulation, request: SimulatorRequest): Promise<Reply> {
  const reply = decide(simulation, request)
  const { queryDelayMs } = simulation.faults
  if (queryDelayMs > 0) await simulation.timers.delay(queryDelayMs)
  return reply
}

function decide(simulation: Simulation, request: SimulatorRequest): Reply {
  const { faults } = simulation
  const access = readToken(simulation, request.headers)
  if (!access.ok) return refusalReply(simulation, access.refusal)
  if (faults.queryRateLimit && !simulation.queryLimit.take(access.consumerKey, faults))
    return spikeArrest(simulation, faults).reply
  const body = parseJsonObject(request.body)
  if (body === null) return refusalReply(simulation, invalidField('Request Body'))
  const claim = {
    shortcode: textField(body, 'BusinessShortCode'),
    password: textField(body, 'Password'),
    timestamp: textField(body, 'Timestamp'),
  }
  const checkoutRequestId = textField(body, 'CheckoutRequestID')
  if (!SHORTCODE_FORM.test(claim.shortcode))
    return refusalReply(simulation, invalidField('BusinessShortCode'))
  if (claim.password === '') return refusalReply(simulation, invalidField('Password'))
  if (!isStamp(claim.timestamp)) return refusalReply(simulation, invalidField('Timestamp'))
  if (checkoutRequestId === '') return refusalReply(simulation, invalidField('CheckoutRequestID'))
  const merchant = checkMerchant(simulation, access.consumerKey, claim)
  if (!merchant.ok) return refusalReply(simulation, merchant.refusal)
  const entry = simulation.ledger.byCheckout(checkoutRequestId)
  if (entry === null || entry.shortcode !== claim.shortcode)
    return refusalReply(simulation, REFUSALS.unknownTransaction)
  entry.queries += 1
  simulation.changes.entry(entry)
  return answerEntry(simulation, entry)
}

function answerEntry(simulation: Simulation, entry: LedgerEntry): Reply {
  const { faults, timers } = simulation
  const ageMs = timers.simulatedMs(simulation.clock.now() - entry.pushedAtMs)
  if (ageMs < faults.queryTooEarlyMs) return refusalReply(simulation, invalidField('CheckoutRequestID'))
  const flaky = entry.behaviour === FLAKY_QUERY_BEHAVIOUR
  if (faults.queryPaidWhileOpen && isPromptUp(simulation, entry)) return result(entry, PAID)
  if (entry.resultCode === null || (flaky && ageMs < LAGGING_QUERY_MS)) {
    return faults.queryInFlight === 'error'
      ? refusalReply(simulation, REFUSALS.beingProcessed)
      : result(entry, IN_FLIGHT)
  }
  const share = flaky ? Math.max(FLAKY_SHARE, faults.flakyQuery) : faults.flakyQuery
  if (share > 0 && simulation.random() < share) return refusalReply(simulation, REFUSALS.beingProcessed)
  return result(entry, entry.resultCode)
}

function isPromptUp({ prompts }: Simulation, { checkoutRequestId }: LedgerEntry): boolean {
  return checkoutRequestId !== null && prompts.find(checkoutRequestId) !== null
}

function result(entry: LedgerEntry, resultCode: string): Reply {
  return jsonReply(200, {
    ResponseCode: '0',
    ResponseDescription: resultCode === PAID ? ACCEPTED_TEXTS.paid : ACCEPTED_TEXTS.others,
    MerchantRequestID: entry.merchantRequestId,
    CheckoutRequestID: entry.checkoutRequestId,
    ResultCode: resultCode,
    ResultDesc: queryText(resultCode),
  })
}
