// A Daraja that is lean enough not to be what is measured: token, push, callback and query, bare node:http,
// and a bitmap in place of a ledger. Every customer pays. The bodies are those of Safaricom's own pages.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'
import { DEFAULT_CREDENTIALS } from '../src/simulator/credentials.ts'
import { listenLocally } from './listen-locally.ts'
import { createBitmap, indexOfPhone } from './phone-numbers.ts'
import { createReceipts, machineNowMs } from './shared-clock.ts'

/** How long Daraja takes for its answer to a push, and the customer from then to the callback. */
export type DarajaDelays = { pushMs: number; callbackMs: number }

/** What really happened. */
export type DarajaTotals = {
  prompts: number
  /** Phones that were shown a prompt: fewer than prompts when one was shown two. */
  phones: number
  callbacks: number
  /** Callbacks that were not answered with 200. */
  callbacksFailed: number
  queries: number
  /** Requests that were turned away. */
  refused: number
}

/** A running double. */
export type DarajaDouble = {
  url: string
  setDelays(delays: DarajaDelays): void
  totals(): DarajaTotals
  close(): Promise<void>
}

type Push = { Amount: number | string; PhoneNumber: number | string; CallBackURL: string }
type State = {
  delays: DarajaDelays
  totals: Omit<DarajaTotals, 'phones'>
  prompted: ReturnType<typeof createBitmap>
  paid: ReturnType<typeof createBitmap>
  pools: Map<string, Pool>
  receiptOf: ReturnType<typeof createReceipts>
  stamp: () => string
}

const TOKEN = 'c9SQxWWhmdVRlyh0zh8gZDTkubVF'
const OK = 200
const MS_PER_SECOND = 1_000
const EAT_OFFSET_MS = 10_800_000
/** As wide as a gateway could want: what it does not answer at once waits here, as at Safaricom. */
const CALLBACK_CONNECTIONS = 128
const IDLE_LIMIT_MS = 60_000
const JSON_TYPE = { 'content-type': 'application/json' }
const CALLBACK_HEADERS = { 'content-type': 'application/json;charset=UTF-8' }

/** Starts one on loopback. */
export async function startDarajaDouble(): Promise<DarajaDouble> {
  const state: State = {
    delays: { pushMs: 0, callbackMs: 0 },
    totals: { prompts: 0, callbacks: 0, callbacksFailed: 0, queries: 0, refused: 0 },
    prompted: createBitmap(),
    paid: createBitmap(),
    pools: new Map(),
    receiptOf: createReceipts(),
    stamp: createStamp(),
  }
  const server = createServer((request, response) => receive(state, request, response))
  server.keepAliveTimeout = IDLE_LIMIT_MS
  const url = await listenLocally(server)
  return {
    url,
    setDelays: (delays) => {
      state.delays = delays
    },
    totals: () => ({ ...state.totals, phones: state.prompted.count() }),
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all([...state.pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function receive(state: State, request: IncomingMessage, response: ServerResponse): void {
  const receivedAt = machineNowMs()
  const { url = '', headers } = request
  if (url.startsWith('/oauth/')) {
    const isKnown = headers.authorization === basicOf(DEFAULT_CREDENTIALS[0])
    if (isKnown) answer(response, OK, `{"access_token":"${TOKEN}","expires_in":"3599"}`)
    else refuse(state, response, 400, '400.008.01', 'Invalid Authentication passed')
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString('utf8')
    if (headers.authorization !== `Bearer ${TOKEN}`) {
      refuse(state, response, 404, '404.001.03', 'Invalid Access Token')
    } else if (url.includes('/stkpush/')) takePush(state, text, response, receivedAt)
    else takeQuery(state, text, response)
  })
}

function takePush(state: State, text: string, response: ServerResponse, receivedAt: number): void {
  const push = readPush(text)
  const phone = String(push.PhoneNumber)
  const index = indexOfPhone(phone)
  if (index === null) {
    refuse(state, response, 400, '400.002.02', 'Bad Request - Invalid PhoneNumber')
    return
  }
  state.totals.prompts += 1
  state.prompted.add(index)
  const checkout = `ws_CO_${state.stamp()}${state.totals.prompts % 10}${phone.slice(-9)}`
  const { pushMs, callbackMs } = state.delays
  const accept = () => {
    // How long the answer was held back, in tenths of a millisecond, for whoever reads the merchant's answer.
    const merchant = `29115-${Math.round((machineNowMs() - receivedAt) * 10)}-${state.totals.prompts}`
    const word = 'Success. Request accepted for processing'
    answer(
      response,
      OK,
      `{"MerchantRequestID":"${merchant}","CheckoutRequestID":"${checkout}","ResponseCode":"0",` +
        `"ResponseDescription":"${word}","CustomerMessage":"${word}"}`,
    )
    const ids = { merchant, checkout, receivedAt, index }
    after(callbackMs, () => callBack(state, push, phone, ids))
  }
  if (pushMs === 0) accept()
  else setTimeout(accept, pushMs)
}

type PushIds = { merchant: string; checkout: string; receivedAt: number; index: number }

/** The callback as in Safaricom's pages: amounts have decimals there, and Balance has no value. */
function callBack(state: State, push: Push, phone: string, ids: PushIds): void {
  const sentAt = machineNowMs()
  const date = state.stamp()
  const day = `${date.slice(4, 8)}${date.slice(2, 4)}${date.slice(0, 2)}${date.slice(8)}`
  const receipt = state.receiptOf(sentAt, sentAt - ids.receivedAt)
  const body =
    `{"Body":{"stkCallback":{"MerchantRequestID":"${ids.merchant}","CheckoutRequestID":"${ids.checkout}",` +
    '"ResultCode":0,"ResultDesc":"The service request is processed successfully.",' +
    `"CallbackMetadata":{"Item":[{"Name":"Amount","Value":${push.Amount}.00},` +
    `{"Name":"MpesaReceiptNumber","Value":"${receipt}"},{"Name":"Balance"},` +
    `{"Name":"TransactionDate","Value":${day}},{"Name":"PhoneNumber","Value":${phone}}]}}}}`
  state.paid.add(ids.index)
  state.totals.callbacks += 1
  const target = new URL(push.CallBackURL)
  let status = 0
  const fail = () => {
    state.totals.callbacksFailed += 1
  }
  poolOf(state, target.origin).dispatch(
    { path: target.pathname, method: 'POST', headers: CALLBACK_HEADERS, body },
    {
      onRequestStart: () => undefined,
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData: () => undefined,
      onResponseEnd() {
        if (status !== OK) fail()
      },
      onResponseError: fail,
    },
  )
}

/** Asked for by a gateway that missed its callback: paid, or still under way. */
function takeQuery(state: State, text: string, response: ServerResponse): void {
  state.totals.queries += 1
  const { CheckoutRequestID } = readQuery(text)
  const index = indexOfPhone(`254${CheckoutRequestID.slice(-9)}`)
  const isPaid = index !== null && state.paid.has(index)
  const [code, words] = isPaid
    ? ['0', 'The service request is processed successfully.']
    : ['4999', 'The transaction is still under processing']
  answer(
    response,
    OK,
    '{"ResponseCode":"0","ResponseDescription":"The service request has been accepted successsfully",' +
      `"MerchantRequestID":"22205-34066-1","CheckoutRequestID":"${CheckoutRequestID}",` +
      `"ResultCode":"${code}","ResultDesc":"${words}"}`,
  )
}

function refuse(state: State, response: ServerResponse, status: number, code: string, words: string): void {
  state.totals.refused += 1
  const body = { requestId: '1c5b-4ba8-815c-ac45c57a3db01495926', errorCode: code, errorMessage: words }
  answer(response, status, JSON.stringify(body))
}

function answer(response: ServerResponse, status: number, body: string): void {
  // With its length told, as it would be in chunks otherwise, which cost both ends.
  response.writeHead(status, { ...JSON_TYPE, 'content-length': Buffer.byteLength(body) }).end(body)
}

function after(delayMs: number, run: () => void): void {
  if (delayMs === 0) setImmediate(run)
  else setTimeout(run, delayMs)
}

function poolOf(state: State, origin: string): Pool {
  const known = state.pools.get(origin)
  if (known !== undefined) return known
  const pool = new Pool(origin, { connections: CALLBACK_CONNECTIONS })
  state.pools.set(origin, pool)
  return pool
}

/** DDMMYYYYHHmmss in East Africa Time, made once a second. */
function createStamp(): () => string {
  let second = 0
  let text = ''
  return () => {
    const now = Math.floor(Date.now() / MS_PER_SECOND)
    if (now !== second) {
      second = now
      const iso = new Date(now * MS_PER_SECOND + EAT_OFFSET_MS).toISOString()
      const [year, month, day] = iso.slice(0, 10).split('-')
      text = `${day}${month}${year}${iso.slice(11, 19).replaceAll(':', '')}`
    }
    return text
  }
}

function basicOf(app: (typeof DEFAULT_CREDENTIALS)[number] | undefined): string {
  return `Basic ${Buffer.from(`${app?.consumerKey}:${app?.consumerSecret}`).toString('base64')}`
}

/** Both bodies come from the gateway and the baselines of this repository alone. */
function readPush(text: string): Push {
  return JSON.parse(text)
}

function readQuery(text: string): { CheckoutRequestID: string } {
  return JSON.parse(text)
}
