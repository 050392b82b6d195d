// POST /mpesa/stkpush/v1/processrequest: checks a push as Daraja would, and begins the payment
// (Daraja, STK push).
import { checkMerchant, readToken } from './access.ts'
import { type Mistake, type Plan, planPush, type ScriptedRefusal } from './behaviours.ts'
import type { Shortcode } from './credentials.ts'
import { EDGE_ERRORS, type EdgeError } from './faults.ts'
import type { Payee } from './handset-texts.ts'
import { type JsonObject, parseJsonObject, textField } from './json-body.ts'
import type { LedgerEntry } from './ledger.ts'
import { beginPayment } from './payment.ts'
import { type PushRequest, parsePushRequest } from './push-request.ts'
import {
  edgeErrorReply,
  invalidField,
  jsonReply,
  REFUSALS,
  type Refusal,
  type Reply,
  refusalReply,
  spikeArrest,
} from './reply.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const ACCEPTED_TEXT = 'Success. Request accepted for processing'
/** Refused pushes are written down too, but not at any length. */
const LEDGER_TEXT_LENGTH_MAX = 64

/** Answers a push; with the accepted, dropped and unknown answers a payment goes on behind it. */
export async function answerPush(simulation: Simulation, request: SimulatorRequest): Promise<Reply> {
  const reply = await decide(simulation, request)
  const { pushDelayMs } = simulation.faults
  if (pushDelayMs > 0) await simulation.timers.delay(pushDelayMs)
  return reply
}

async function decide(simulation: Simulation, request: SimulatorRequest): Promise<Reply> {
  const access = readToken(simulation, request.headers)
  if (!access.ok) return refusalReply(simulation, access.refusal)
  const body = parseJsonObject(request.body)
  if (body === null) return refusalReply(simulation, invalidField('Request Body'))
  const parsed = parsePushRequest(body)
  if (!parsed.ok) return refuse(simulation, parsed.refusal, entryOfBody(simulation, body))
  const { push } = parsed
  const merchant = checkMerchant(simulation, access.consumerKey, push)
  if (!merchant.ok) return refuse(simulation, merchant.refusal, entryOfPush(simulation, push))
  const fate = planPush(simulation, simulation.faults, {
    phone: push.phone,
    mistake: mistakeOf(push, merchant.shortcode),
    hand: handOn(simulation, push.phone),
  })
  if (fate.kind === 'refused') return scriptedRefusal(simulation, fate.refusal, push)
  if (fate.plan.locksSubscriber && simulation.prompts.isLocked(push.phone)) {
    return refuse(simulation, REFUSALS.subscriberLocked, entryOfPush(simulation, push))
  }
  const payee = { name: merchant.shortcode.name ?? `Shop ${push.shortcode}`, isTill: isTill(push) }
  return begin(simulation, push, { plan: fate.plan, payee })
}

async function begin(
  simulation: Simulation,
  push: PushRequest,
  { plan, payee }: { plan: Plan; payee: Payee },
): Promise<Reply> {
  const { ids, faults } = simulation
  const merchantRequestId = ids.request(faults.idForm)
  const checkoutRequestId = ids.checkout(faults.idForm, push.phone)
  const entry = simulation.ledger.add({
    ...entryOfPush(simulation, push),
    checkoutRequestId,
    merchantRequestId,
    behaviour: plan.behaviour,
    answer: plan.answer === 'internal_error' ? REFUSALS.internalError.errorCode : plan.answer,
    promptShown: plan.promptShown,
  })
  await beginPayment(simulation, entry, { plan, payee })
  switch (plan.answer) {
    case 'dropped':
      return { kind: 'drop' }
    case 'internal_error':
      return refusalReply(simulation, REFUSALS.internalError)
    case 'accepted':
      return jsonReply(200, {
        MerchantRequestID: merchantRequestId,
        CheckoutRequestID: checkoutRequestId,
        ResponseCode: '0',
        ResponseDescription: ACCEPTED_TEXT,
        CustomerMessage: ACCEPTED_TEXT,
      })
    default:
      return edgeErrorReply(plan.answer)
  }
}

/** Who answers this phone's prompts: nobody but the simulator itself, or somebody's hand. */
function handOn({ phones }: Simulation, number: string): 'none' | 'answers' | 'switched_off' {
  const phone = phones.answered(number)
  if (phone === null) return 'none'
  return phone.isOn ? 'answers' : 'switched_off'
}

function isTill(push: PushRequest): boolean {
  return push.transactionType === 'CustomerBuyGoodsOnline'
}

/** What a merchant got wrong that Daraja takes and that only the payment's end tells. */
function mistakeOf(push: PushRequest, shortcode: Shortcode): Mistake | null {
  const till = isTill(push)
  if (!shortcode.kinds.includes(till ? 'till' : 'paybill')) return 'wrong_type'
  const partyB = till ? (shortcode.tillNumber ?? shortcode.shortcode) : shortcode.shortcode
  if (push.partyB !== partyB) return 'wrong_party_b'
  return push.textsFit ? null : 'text_too_long'
}

/** Refusals whose HTTP status nobody has captured. */
const DISPUTED_STATUSES: ReadonlySet<Refusal> = new Set([REFUSALS.subscriberLocked, REFUSALS.systemBusy])

const SCRIPTED_REFUSALS: Record<Exclude<ScriptedRefusal, EdgeError | 'spike_arrest'>, Refusal> = {
  system_busy: REFUSALS.systemBusy,
  internal_error: REFUSALS.internalError,
  locked: REFUSALS.subscriberLocked,
  invalid_amount: invalidField('Amount'),
  invalid_phone: invalidField('PhoneNumber'),
}

function scriptedRefusal(simulation: Simulation, refusal: ScriptedRefusal, push: PushRequest): Reply {
  const entry = entryOfPush(simulation, push)
  if (refusal === 'spike_arrest') {
    const { reply, name } = spikeArrest(simulation, null)
    simulation.ledger.add({ ...entry, answer: name })
    return reply
  }
  if (!isEdgeError(refusal)) return refuse(simulation, SCRIPTED_REFUSALS[refusal], entry)
  simulation.ledger.add({ ...entry, answer: refusal })
  return edgeErrorReply(refusal)
}

function isEdgeError(refusal: ScriptedRefusal): refusal is EdgeError {
  return EDGE_ERRORS.some((error) => error === refusal)
}

function refuse(simulation: Simulation, refusal: Refusal, entry: Omit<LedgerEntry, 'sequence'>): Reply {
  simulation.ledger.add({ ...entry, answer: refusal.errorCode })
  const status = DISPUTED_STATUSES.has(refusal) ? simulation.faults.busyStatus : refusal.status
  return refusalReply(simulation, { ...refusal, status })
}

/** What the ledger keeps of a request. */
type Asked = Pick<LedgerEntry, 'shortcode' | 'transactionType' | 'partyB'> &
  Pick<LedgerEntry, 'phone' | 'amountKes' | 'reference' | 'callbackUrl'>

function entryOfPush(simulation: Simulation, push: Asked): Omit<LedgerEntry, 'sequence'> {
  return {
    checkoutRequestId: null,
    merchantRequestId: null,
    shortcode: push.shortcode,
    transactionType: push.transactionType,
    partyB: push.partyB,
    phone: push.phone,
    amountKes: push.amountKes,
    reference: push.reference.slice(0, LEDGER_TEXT_LENGTH_MAX),
    callbackUrl: push.callbackUrl,
    behaviour: null,
    answer: '',
    promptShown: false,
    pushedAtMs: simulation.clock.now(),
    endedAtMs: null,
    resultCode: null,
    receipt: null,
    callbacksAttempted: 0,
    callbacksAnswered: 0,
    queries: 0,
  }
}

/** A push whose fields have the wrong forms, as far as it can be written down. */
function entryOfBody(simulation: Simulation, body: JsonObject): Omit<LedgerEntry, 'sequence'> {
  const text = (field: string): string => textField(body, field).slice(0, LEDGER_TEXT_LENGTH_MAX)
  const amount = Number(text('Amount'))
  return entryOfPush(simulation, {
    shortcode: text('BusinessShortCode'),
    transactionType: text('TransactionType'),
    amountKes: Number.isFinite(amount) ? amount : 0,
    partyB: text('PartyB'),
    phone: text('PhoneNumber'),
    callbackUrl: text('CallBackURL'),
    reference: text('AccountReference'),
  })
}
