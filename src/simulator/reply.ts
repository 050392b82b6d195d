// What a route answers: a body to send, or a connection to drop; and Daraja's refusals.
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
  missingToken: refusal(401, '401.003.01', 'Invalid Access Token'),
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
  quotaViolation: refusal(500, '500.003.03', 'Quota Violation'),
  internalError: refusal(500, '500.003.1001', 'Internal Server Error'),
  beingProcessed: refusal(500, '500.001.1001', 'The transaction is being processed'),
  unknownTransaction: refusal(500, '500.001.1001', 'The transaction does not Exist'),
} as const satisfies Record<string, Refusal>

const SPIKE_ARREST_FAULT = JSON.stringify({
  fault: {
    faultstring:
      'Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, ' +
      'periodInMicroseconds=60000000, maxBurstMessageCount=1.0}',
    detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
  },
})
const UNAVAILABLE_PAGE =
  '<html><head><title>503 Service Temporarily Unavailable</title></head>' +
  '<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>'

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

/** The Apigee edge's own answer to too many requests. */
export function spikeArrestReply(): Reply {
  return { kind: 'body', status: 429, contentType: 'application/json', body: SPIKE_ARREST_FAULT }
}

/** The page that a balancer shows when nothing stands behind it. */
export function unavailableReply(): Reply {
  return { kind: 'body', status: 503, contentType: HTML_TYPE, body: UNAVAILABLE_PAGE }
}

/** A status and nothing else. */
export function emptyReply(status: number): Reply {
  return { kind: 'body', status, contentType: 'text/plain', body: '' }
}

function refusal(status: number, errorCode: string, errorMessage: string): Refusal {
  return { status, errorCode, errorMessage }
}
