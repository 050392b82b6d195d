// Asks Daraja for an access token (Daraja, OAuth).
import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import { type DarajaCredential, darajaUrl } from './credential.ts'
import { describeAnswer } from './daraja-error.ts'
import { type AnsweredExchange, exchangeHttp } from './http-exchange.ts'
import { asObject } from './json-fields.ts'

/** A token, or why there is none: `refused` means that consumer key or secret are wrong. */
export type TokenAnswer =
  | { kind: 'issued'; accessToken: string; lifeMs: number }
  | { kind: 'refused'; detail: string }
  | { kind: 'unavailable'; detail: string; retryAfterMs: number | null }

const TOKEN_PATH = '/oauth/v1/generate?grant_type=client_credentials'
/** Whoever holds the lease must be done before it runs out, so this is below TOKEN_LEASE_MS. */
const TOKEN_REQUEST_MAX_MS = 8_000
/** What may stand in a header. Daraja's tokens have 28 characters. */
const TOKEN_FORM = /^[\x21-\x7e]{1,4096}$/
/** For an answer without a readable life: long enough to be of use, short enough to be safe. */
const UNSTATED_LIFE_SECONDS = 300
const LIFE_MAX_SECONDS = 24 * 60 * 60
const REFUSED_STATUSES = new Set([400, 401])

/** One exchange; never rejects. */
export async function requestToken(
  deps: { dispatcher: Dispatcher; clock: Clock },
  credential: DarajaCredential,
  totalTimeoutMs: number = TOKEN_REQUEST_MAX_MS,
): Promise<TokenAnswer> {
  const basic = Buffer.from(`${credential.consumerKey}:${credential.consumerSecret}`).toString('base64')
  const exchange = await exchangeHttp(deps, {
    method: 'GET',
    url: darajaUrl(credential, TOKEN_PATH),
    headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
    body: null,
    totalTimeoutMs: Math.min(totalTimeoutMs, TOKEN_REQUEST_MAX_MS),
    beforeSend: null,
  })
  if (exchange.kind === 'answered') return readAnswer(exchange)
  const detail = exchange.kind === 'withheld' ? 'withheld' : exchange.detail
  return { kind: 'unavailable', detail, retryAfterMs: null }
}

function readAnswer(answer: AnsweredExchange): TokenAnswer {
  // Often without a body, so the status alone decides.
  if (REFUSED_STATUSES.has(answer.status)) return { kind: 'refused', detail: describeAnswer(answer) }
  const body = asObject(answer.json)
  const accessToken = body?.access_token
  if (answer.status !== 200 || typeof accessToken !== 'string' || !TOKEN_FORM.test(accessToken)) {
    // The body is not quoted: it may hold a token after all.
    const detail = answer.status === 200 ? 'HTTP 200 without a token' : describeAnswer(answer)
    return { kind: 'unavailable', detail, retryAfterMs: answer.retryAfterMs }
  }
  return { kind: 'issued', accessToken, lifeMs: readLifeSeconds(body?.expires_in) * 1000 }
}

/** A number in the official page, a string in most captures. */
function readLifeSeconds(value: unknown): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof seconds !== 'number' || !(seconds > 0)) return UNSTATED_LIFE_SECONDS
  return Math.min(seconds, LIFE_MAX_SECONDS)
}
