// What a route answers: a body to send, or a connection to drop; and Daraja's refusals.
import type { EdgeError, Faults } from './faults.ts'
import type { Simulation } from './simulation.ts'

/**
 * An answer with a body; `drop`: the socket is destroyed with no byte of an answer; or a `stream` of
 * server-sent events, whose `open` is given where to write and answers how to end it.
 */
export type Reply =
  | { kind: 'body'; status: number; contentType: string; body: string }
  | { kind: 'drop' }
  | { kind: 'stream'; open: (send: (text: string) => void) => () => void }

/** A refusal as Daraja words it. */
export type Refusal = { status: number; errorCode: string; errorMessage: string }

const JSON_TYPE = 'application/json;charset=UTF-8'
const HTML_TYPE = 'text/html'

/** Refusals that several routes or faults share (Daraja, STK push and OAuth). */
export const REFUSALS = {
  invalidAuthentication: refusal(400, '400.008.01', 'Invalid Authentication passed'),
  invalidGrantType: refusal(400, '400.008.02', 'Invalid grant type passed'),
  unauthorized: refusal(401, '401.003.01', 'Invalid Access Token'),
  invalidToken: refusal(404, '404.001.03', 'Invalid Access Token'),
  notFound: refusal(404, '404.001.01', 'Resource not found'),
  methodNotAllowed: refusal(405, '405.001', 'Method Not Allowed'),
  unknownMerchant: refusal(500, '500.001.1001', 'Merchant does not exist'),
  wrongCredentials: refusal(500, '500.001.1001', '[MerchantValidate] - Wrong credentials'),
  subscriberLocked: refusal(
    500,
    '500.001.1001',
    'Unable to lock subscriber, a transaction is already in process for the current subscriber',
  ),
  systemBusy: refusal(500, '500.003.02', 'System is busy. Please try again in few minutes.'),
  spikeArrest: refusal(500, '500.003.02', 'Error Occurred: Spike Arrest Violation'),
  quotaViolation: refusal(500, '500.003.03', 'Quota Violation'),
  internalError: refusal(500, '500.003.1001', 'Internal Server Error'),
  beingProcessed: refusal(500, '500.001.1001', 'The transaction is being processed'),
  unknownTransaction: refusal(500, '500.001.1001', 'The transaction does not Exist'),
} as const satisfies Record<string, Refusal>

/** A spike arrest as Daraja words it behind the edge; null where the edge's own fault is asked for. */
const SPIKE_ARRESTS: Record<Faults['spikeArrestForm'], Refusal | null> = {
  fault: null,
  error: REFUSALS.quotaViolation,
  busy: REFUSALS.spikeArrest,
}
/** Pages of a balancer and of the firewall, and the fault of an edge whose backend went away. */
const EDGE_ERRORS: Record<EdgeError, Reply> = {
  html_503: page(503, 'Service Temporarily Unavailable'),
  html_502: page(502, 'Bad Gateway'),
  html_504: page(504, 'Gateway Time-out'),
  html_403: page(403, 'Forbidden'),
  fault_502: faultReply(502, {
    faultstring: 'Unexpected EOF at target',
    detail: { errorcode: 'messaging.adaptors.http.flow.UnexpectedEOFAtTarget' },
  }),
}

/** `Bad Request - Invalid {field}`, 400.002.02. */
export function invalidField(field: string): Refusal {
  return refusal(400, '400.002.02', `Bad Request - Invalid ${field}`)
}

/** A JSON answer. */
export function jsonReply(status: number, value: unknown): Reply {
  return { kind: 'body', status, contentType: JSON_TYPE, body: JSON.stringify(value) }
}

/** 400, with everything that is wrong with a control request. */
export function mistakes(errors: string[]): Reply {
  return jsonReply(400, { errors })
}

/** A refusal in Daraja's own shape: `{requestId, errorCode, errorMessage}`. */
export function refusalReply(
  { ids, faults }: Pick<Simulation, 'ids' | 'faults'>,
  { status, errorCode, errorMessage }: Refusal,
): Reply {
  return jsonReply(status, { requestId: ids.request(faults.idForm), errorCode, errorMessage })
}

/**
 * The answer to too many requests, and what the ledger calls it. The edge's own names the rate that it
 * allows, where that is known: for pushes nobody has published one.
 */
export function spikeArrest(
  simulation: Pick<Simulation, 'ids' | 'faults'>,
  allowed: { queriesPerMinute: number; queryBurst: number } | null,
): { reply: Reply; name: string } {
  const refused = SPIKE_ARRESTS[simulation.faults.spikeArrestForm]
  if (refused !== null) return { reply: refusalReply(simulation, refused), name: refused.errorCode }
  const rate =
    allowed === null
      ? ''
      : ` Allowed rate : MessageRate{messagesPerPeriod=${allowed.queriesPerMinute}, ` +
        `periodInMicroseconds=60000000, maxBurstMessageCount=${allowed.queryBurst}.0}`
  const fault = {
    faultstring: `Spike arrest violation.${rate}`,
    detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
  }
  return { reply: faultReply(429, fault), name: 'spike_arrest' }
}

/** What stands before Daraja answers when it does not say what became of the request. */
export function edgeErrorReply(error: EdgeError): Reply {
  return EDGE_ERRORS[error]
}

/** A status and nothing else. */
export function emptyReply(status: number): Reply {
  return { kind: 'body', status, contentType: 'text/plain', body: '' }
}

function refusal(status: number, errorCode: string, errorMessage: string): Refusal {
  return { status, errorCode, errorMessage }
}

function page(status: number, text: string): Reply {
  const title = `${status} ${text}`
  const body =
    `<html><head><title>${title}</title></head>` + `<body><center><h1>${title}</h1></center></body></html>`
  return { kind: 'body', status, contentType: HTML_TYPE, body }
}

function faultReply(status: number, fault: object): Reply {
  return { kind: 'body', status, contentType: 'application/json', body: JSON.stringify({ fault }) }
}
