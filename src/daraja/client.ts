// The Daraja client: STK push, STK query and the proof that credentials work. Every outcome is a value,
// classified once; what throws is a mistake of the caller, before anything was sent.
import { setTimeout as pause } from 'node:timers/promises'
import type { Agent } from 'undici'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { type DarajaCredential, darajaUrl } from './credential.ts'
import { formatEatDateTime, formatEatTimestamp } from './eat-time.ts'
import {
  createDarajaDispatcher,
  type DarajaTimeouts,
  DEFAULT_TIMEOUTS,
  exchangeHttp,
  type HttpExchange,
} from './http-exchange.ts'
import { classifyPull, type PullPage, pullFailed } from './pull-outcome.ts'
import { CREDENTIALS_REFUSED_TEXT, classifyPush, notProcessed, type PushResult } from './push-outcome.ts'
import { classifyQuery, open, type QueryResult } from './query-outcome.ts'
import {
  type CredentialVerdict,
  createDarajaTokens,
  type DarajaTokens,
  type TokenResult,
  type TokenStore,
} from './token.ts'
import { requestToken } from './token-request.ts'

/** A payment to ask for. */
export type PushRequest = {
  /** Whole shillings, 1 to 250,000. */
  amountKes: number
  /** `254` and nine digits. */
  phone: string
  /** 1 to 12 characters: Daraja accepts longer ones, and then no prompt comes. */
  accountReference: string
  /** 1 to 13 characters, for the same reason. */
  transactionDesc: string
  callbackUrl: string
}

/** `beforeSend` is called just before the first byte of every attempt; `false` keeps it back. */
export type PushOptions = { beforeSend?: () => boolean }

/** What became of a push, and how long it took from the call, token included. */
export type PushOutcome = PushResult & { durationMs: number }

/** What a query proves, and how long it took from the call, token included. */
export type QueryOutcome = QueryResult & { durationMs: number }

/** Which page of a shortcode's transactions, between two times with both ends. */
export type PullRequest = { fromMs: number; toMs: number; offset: number }

/** One page of a statement, and how long it took from the call, token included. */
export type PullOutcome = PullPage & { durationMs: number }

/** The client. Its calls end within about the total timeout and the time that a token takes. */
export type DarajaClient = {
  /** Sends one push. Throws on a request that Daraja could not honour, before anything is sent. */
  push(credential: DarajaCredential, request: PushRequest, options?: PushOptions): Promise<PushOutcome>
  /** Asks what became of a push. */
  query(credential: DarajaCredential, checkoutRequestId: string): Promise<QueryOutcome>
  /** Asks for one page of what was paid to the shortcode (Daraja, Pull Transactions). */
  pull(credential: DarajaCredential, request: PullRequest): Promise<PullOutcome>
  /** Asks for a new access token, which proves consumer key and secret (not the passkey). */
  verify(credential: DarajaCredential): Promise<{ ok: true } | { ok: false; detail: string }>
  /** Whether there is a token for these credentials; asks Daraja no more often than a payment would. */
  probe(credential: DarajaCredential): Promise<boolean>
  /** Lets exchanges under way finish for a moment, then ends them. */
  close(): Promise<void>
}

/** What the client works with. */
export type DarajaClientDeps = {
  clock: Clock
  log: Logger
  tokenStore: TokenStore
  /** Told of Daraja's verdict on a consumer key and secret; never rejects. */
  onVerdict?: (credential: DarajaCredential, verdict: CredentialVerdict) => Promise<void>
}

const PUSH_PATH = '/mpesa/stkpush/v1/processrequest'
const QUERY_PATH = '/mpesa/stkpushquery/v1/query'
const PULL_PATH = '/pulltransactions/v1/query'
/** A row has about 250 bytes, and a page some hundred of them, a thousand at the most. */
const PULL_BYTES_MAX = 1024 * 1024
const TRANSACTION_TYPES = { paybill: 'CustomerPayBillOnline', till: 'CustomerBuyGoodsOnline' }

const AMOUNT_KES_MAX = 250_000
const PHONE_FORM = /^254[17]\d{8}$/
const ACCOUNT_REFERENCE_LENGTH_MAX = 12
const TRANSACTION_DESC_LENGTH_MAX = 13
/** The part of the total timeout that must be left for a second try with a new token. */
const SECOND_TRY_SHARE = 0.25
/** The gateway has 5 s to end: what has not answered by then is found out by callback or query. */
const CLOSE_GRACE_MS = 3_000

type Context = {
  clock: Clock
  log: Logger
  dispatcher: Agent
  tokens: DarajaTokens
  timeouts: DarajaTimeouts
  /** Parsed once: there are a handful of them. */
  urls: Map<string, URL>
}

/** One kind of call: how to send it with a token, how to read its exchange, what a missing token means. */
type Call<R> = {
  send(accessToken: string, totalTimeoutMs: number): Promise<HttpExchange>
  read(exchange: HttpExchange): R
  withoutToken(result: Exclude<TokenResult, { kind: 'token' }>): R
  tokenRefused(result: R): boolean
}

/** A client with its own connections. `timeouts` are for tests and slow links. */
export function createDarajaClient(
  deps: DarajaClientDeps,
  options: { timeouts?: DarajaTimeouts } = {},
): DarajaClient {
  const timeouts = options.timeouts ?? DEFAULT_TIMEOUTS
  const dispatcher = createDarajaDispatcher(timeouts)
  const { clock, log } = deps
  const tokens = createDarajaTokens({
    clock,
    log,
    store: deps.tokenStore,
    request: (credential) => requestToken({ dispatcher, clock }, credential, timeouts.totalMs),
    pause,
    ...(deps.onVerdict === undefined ? {} : { onVerdict: deps.onVerdict }),
  })
  const context: Context = { clock, log, dispatcher, tokens, timeouts, urls: new Map() }
  const underWay = new Set<Promise<unknown>>()
  const track = <T>(call: Promise<T>): Promise<T> => {
    underWay.add(call)
    const forget = () => underWay.delete(call)
    call.then(forget, forget)
    return call
  }
  return {
    push: (credential, request, pushOptions = {}) => track(push(context, credential, request, pushOptions)),
    query: (credential, checkoutRequestId) => track(query(context, credential, checkoutRequestId)),
    pull: (credential, request) => track(pull(context, credential, request)),
    verify: (credential) => track(verify(context, credential)),
    probe: (credential) => track(probe(context, credential)),
    close: () => close(dispatcher, underWay),
  }
}

async function push(
  context: Context,
  credential: DarajaCredential,
  request: PushRequest,
  options: PushOptions,
): Promise<PushOutcome> {
  checkPushRequest(request)
  return callWithToken<PushResult>(context, credential, {
    send: (accessToken, totalTimeoutMs) =>
      post(context, credential, {
        path: PUSH_PATH,
        accessToken,
        body: pushBody(context.clock, credential, request),
        totalTimeoutMs,
        beforeSend: options.beforeSend ?? null,
      }),
    read: classifyPush,
    withoutToken: (result) =>
      result.kind === 'refused'
        ? notProcessed('credentials', `${CREDENTIALS_REFUSED_TEXT} (${result.detail})`)
        : notProcessed('token', result.detail, result.retryAfterMs),
    tokenRefused: (result) => result.kind === 'not_processed' && result.reason === 'token',
  })
}

async function query(
  context: Context,
  credential: DarajaCredential,
  checkoutRequestId: string,
): Promise<QueryOutcome> {
  return callWithToken<QueryResult>(context, credential, {
    send: (accessToken, totalTimeoutMs) =>
      post(context, credential, {
        path: QUERY_PATH,
        accessToken,
        body: { ...signature(context.clock, credential), CheckoutRequestID: checkoutRequestId },
        totalTimeoutMs,
        beforeSend: null,
      }),
    read: (exchange) => classifyQuery(exchange, checkoutRequestId),
    withoutToken: (result) =>
      open('token', result.detail, null, result.kind === 'refused' ? null : result.retryAfterMs),
    tokenRefused: (result) => result.kind === 'open' && result.reason === 'token',
  })
}

async function pull(
  context: Context,
  credential: DarajaCredential,
  request: PullRequest,
): Promise<PullOutcome> {
  return callWithToken<PullPage>(context, credential, {
    send: (accessToken, totalTimeoutMs) =>
      post(context, credential, {
        path: PULL_PATH,
        accessToken,
        body: {
          ShortCode: credential.businessShortCode,
          StartDate: formatEatDateTime(request.fromMs),
          EndDate: formatEatDateTime(request.toMs),
          OffSetValue: String(request.offset),
        },
        totalTimeoutMs,
        beforeSend: null,
        bodyBytesMax: PULL_BYTES_MAX,
      }),
    read: classifyPull,
    withoutToken: (result) =>
      pullFailed('token', result.detail, result.kind === 'refused' ? null : result.retryAfterMs),
    tokenRefused: (result) => result.kind === 'failed' && result.reason === 'token',
  })
}

async function verify(context: Context, credential: DarajaCredential) {
  const result = await tokenOrReason(context, () => context.tokens.renew(credential))
  return result.kind === 'token' ? { ok: true as const } : { ok: false as const, detail: result.detail }
}

async function probe(context: Context, credential: DarajaCredential): Promise<boolean> {
  return (await tokenOrReason(context, () => context.tokens.get(credential))).kind === 'token'
}

/** Makes a call with the shared token; one refused at the edge is renewed, and the call made once more. */
async function callWithToken<R>(
  context: Context,
  credential: DarajaCredential,
  call: Call<R>,
): Promise<R & { durationMs: number }> {
  const startedMs = performance.now()
  const elapsedMs = () => performance.now() - startedMs
  const finish = (result: R) => ({ ...result, durationMs: elapsedMs() })
  const token = await tokenOrReason(context, () => context.tokens.get(credential))
  if (token.kind !== 'token') return finish(call.withoutToken(token))
  const { totalMs } = context.timeouts
  const result = call.read(await call.send(token.accessToken, totalMs))
  if (!call.tokenRefused(result)) return finish(result)
  const next = await tokenOrReason(context, () => context.tokens.replace(credential, token.generation))
  if (next.kind !== 'token') return finish(call.withoutToken(next))
  const leftMs = Math.ceil(totalMs - elapsedMs())
  // Sent with too little time left, it would be cut off, and nobody would know what became of it.
  if (leftMs < totalMs * SECOND_TRY_SHARE) return finish(result)
  return finish(call.read(await call.send(next.accessToken, leftMs)))
}

/** A store that fails costs this call, which certainly was not sent, and no more. */
async function tokenOrReason(context: Context, find: () => Promise<TokenResult>): Promise<TokenResult> {
  try {
    return await find()
  } catch (error) {
    context.log.error({ err: error }, 'no access token could be had')
    return { kind: 'unavailable', detail: 'the gateway has no access token', retryAfterMs: null }
  }
}

function post(
  context: Context,
  credential: DarajaCredential,
  request: {
    path: string
    accessToken: string
    body: object
    totalTimeoutMs: number
    beforeSend: (() => boolean) | null
    bodyBytesMax?: number
  },
): Promise<HttpExchange> {
  return exchangeHttp(context, {
    method: 'POST',
    url: urlOf(context, credential, request.path),
    headers: {
      authorization: `Bearer ${request.accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify(request.body),
    totalTimeoutMs: request.totalTimeoutMs,
    beforeSend: request.beforeSend,
    ...(request.bodyBytesMax === undefined ? {} : { bodyBytesMax: request.bodyBytesMax }),
  })
}

function urlOf({ urls }: Context, credential: DarajaCredential, path: string): URL {
  const known = urls.get(credential.baseUrl + path)
  if (known !== undefined) return known
  const url = darajaUrl(credential, path)
  urls.set(credential.baseUrl + path, url)
  return url
}

/** The same timestamp stands in the password and beside it. */
function signature(clock: Clock, credential: DarajaCredential) {
  const timestamp = formatEatTimestamp(clock.now())
  const secret = credential.businessShortCode + credential.passkey + timestamp
  return {
    BusinessShortCode: credential.businessShortCode,
    Password: Buffer.from(secret).toString('base64'),
    Timestamp: timestamp,
  }
}

function pushBody(clock: Clock, credential: DarajaCredential, request: PushRequest): object {
  return {
    ...signature(clock, credential),
    TransactionType: TRANSACTION_TYPES[credential.kind],
    Amount: request.amountKes,
    PartyA: request.phone,
    PartyB: credential.partyB,
    PhoneNumber: request.phone,
    CallBackURL: request.callbackUrl,
    AccountReference: request.accountReference,
    TransactionDesc: request.transactionDesc,
  }
}

function checkPushRequest(request: PushRequest): void {
  const { amountKes, phone, accountReference, transactionDesc, callbackUrl } = request
  if (!Number.isInteger(amountKes) || amountKes < 1 || amountKes > AMOUNT_KES_MAX) {
    throw new RangeError('amountKes must be whole shillings, 1 to 250000')
  }
  if (!PHONE_FORM.test(phone)) throw new RangeError('phone must be 254 and nine digits')
  checkLength('accountReference', accountReference, ACCOUNT_REFERENCE_LENGTH_MAX)
  checkLength('transactionDesc', transactionDesc, TRANSACTION_DESC_LENGTH_MAX)
  if (!URL.canParse(callbackUrl)) throw new RangeError('callbackUrl must be a URL')
}

function checkLength(name: string, text: string, lengthMax: number): void {
  if (text.length < 1 || text.length > lengthMax) {
    throw new RangeError(`${name} must have 1 to ${lengthMax} characters`)
  }
}

/** Not by the dispatcher's own `close`: what it waits for after that, its `destroy` no longer reaches. */
async function close(dispatcher: Agent, underWay: ReadonlySet<Promise<unknown>>): Promise<void> {
  const grace = new AbortController()
  const graceEnd = pause(CLOSE_GRACE_MS, undefined, { signal: grace.signal }).catch(() => {})
  await Promise.race([Promise.allSettled(underWay), graceEnd])
  grace.abort()
  await dispatcher.destroy()
}
