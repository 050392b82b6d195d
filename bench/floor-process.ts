// The floor: the four HTTP exchanges of a payment and nothing else. Bare node:http and undici, no database,
// no check of anything, nothing kept but what the next exchange needs. No gateway can cost less.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Pool } from 'undici'
import { serveCalls } from './child-process.ts'
import { createDarajaCaller, type DarajaCaller } from './daraja-caller.ts'
import { listenLocally } from './listen-locally.ts'

type Wish = { phone: string; amount: number; reference: string }
type Callback = {
  Body: { stkCallback: { CallbackMetadata?: { Item: { Name: string; Value?: unknown }[] } } }
}

type Floor = { url: string; daraja: DarajaCaller; sink: Pool; sinkPath: string; phones: Map<string, string> }

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  response.writeHead(status, headers).end(text)
}

/** ① accepted, ② pushed. */
function accept(floor: Floor, id: string, wish: Wish, response: ServerResponse): void {
  floor.phones.set(id, wish.phone)
  answer(response, 202, { success: true, tracking_id: id })
  const callbackUrl = `${floor.url}/hooks/${id}`
  floor.daraja
    .push({ phone: wish.phone, amountKes: wish.amount, reference: wish.reference, callbackUrl })
    .catch(() => floor.phones.delete(id))
}

/** ③ called back, ④ told. */
function settle(floor: Floor, id: string, callback: Callback, response: ServerResponse): void {
  answer(response, 200, { ResultCode: 0, ResultDesc: 'Accepted' })
  const phone = floor.phones.get(id)
  floor.phones.delete(id)
  const items = callback.Body.stkCallback.CallbackMetadata?.Item ?? []
  const receipt = items.find((item) => item.Name === 'MpesaReceiptNumber')?.Value
  const body = JSON.stringify({ type: 'payment.succeeded', data: { id, phone, receipt } })
  const headers = { 'content-type': 'application/json' }
  floor.sink
    .request({ path: floor.sinkPath, method: 'POST', headers, body })
    .then((told) => told.body.dump())
    .catch(() => undefined)
}

function readBody(request: IncomingMessage, take: (text: string) => void): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => take(Buffer.concat(chunks).toString('utf8')))
}

async function startFloor(places: { darajaUrl: string; sinkUrl: string }): Promise<Floor> {
  const sinkUrl = new URL(places.sinkUrl)
  const daraja = await createDarajaCaller(places.darajaUrl)
  const floor: Floor = {
    url: '',
    daraja,
    sink: new Pool(sinkUrl.origin),
    sinkPath: sinkUrl.pathname,
    phones: new Map(),
  }
  let count = 0
  const server = createServer((request, response) => {
    readBody(request, (text) => {
      const body = JSON.parse(text)
      const path = request.url ?? ''
      if (path.startsWith('/hooks/')) settle(floor, path.slice('/hooks/'.length), body, response)
      else accept(floor, String(++count), body, response)
    })
  })
  floor.url = await listenLocally(server)
  return floor
}

let floor: Floor | null = null

serveCalls({
  async start(places) {
    floor = await startFloor(readPlaces(places))
    return floor.url
  },
  /** Payments that M-Pesa has not called back. */
  open: () => floor?.phones.size ?? 0,
})

/** From the run, which is of this folder. */
function readPlaces(value: unknown): Parameters<typeof startFloor>[0] {
  return value as Parameters<typeof startFloor>[0]
}
