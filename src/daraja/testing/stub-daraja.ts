// A real HTTP server for the client's tests that answers exactly what a test tells it to, and nothing more.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DarajaCredential } from '../credential.ts'

/** A request as it arrived. */
export type StubRequest = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

/** What to answer: status and body, or a function that does as it likes with the response. */
export type StubReply =
  | { status: number; body: string | object; headers?: Record<string, string> }
  | ((request: StubRequest, response: ServerResponse) => void)

/** A running stub. */
export type StubDaraja = {
  url: string
  requests: StubRequest[]
  /** The bodies of the requests to a path that ends like this, parsed. */
  bodiesOf(pathEnd: string): Record<string, unknown>[]
  count(pathPart: string): number
  [Symbol.asyncDispose](): Promise<void>
}

/** The replies of one path, used in turn; the last one is used for ever. */
type StubReplies = StubReply[]

/** Serves replies by path; the token request issues `token-1`, `token-2`, … unless told otherwise. */
export async function startStubDaraja(
  replies: { oauth?: StubReplies; push?: StubReplies; query?: StubReplies } = {},
): Promise<StubDaraja> {
  let tokens = 0
  const issue: StubReply = (_request, response) => {
    tokens += 1
    response.end(JSON.stringify({ access_token: `token-${tokens}`, expires_in: '3599' }))
  }
  const routes = [
    { part: '/oauth/', replies: [...(replies.oauth ?? [issue])] },
    { part: '/stkpushquery/', replies: [...(replies.query ?? [])] },
    { part: '/stkpush/', replies: [...(replies.push ?? [])] },
  ]
  const requests: StubRequest[] = []
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming)
    requests.push(request)
    const route = routes.find(({ part }) => request.path.includes(part))
    const reply = route && route.replies.length > 1 ? route.replies.shift() : route?.replies[0]
    send(reply ?? { status: 418, body: 'no reply was set up' }, request, response)
  })
  const url = await listen(server)
  return {
    url,
    requests,
    bodiesOf: (pathEnd) =>
      requests.filter(({ path }) => path.endsWith(pathEnd)).map(({ body }) => JSON.parse(body)),
    count: (pathPart) => requests.filter(({ path }) => path.includes(pathPart)).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Listens on a free port of the loopback; the address as a base URL. */
export async function listen(server: {
  listen(port: number, host: string, done: () => void): unknown
  address(): AddressInfo | string | null
}): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stub has no port')
  return `http://127.0.0.1:${address.port}`
}

/** A captured payload, as text. */
export function fixture(name: string): string {
  return readFileSync(new URL(`../../../test/fixtures/daraja/${name}`, import.meta.url), 'utf8')
}

/** The published sandbox shortcode, pointed at a stub. */
export function stubCredential(baseUrl: string, changes: Partial<DarajaCredential> = {}): DarajaCredential {
  return {
    id: 'app_stub',
    environment: 'simulator',
    baseUrl,
    consumerKey: 'key',
    consumerSecret: 'secret',
    passkey: 'passkey',
    kind: 'paybill',
    businessShortCode: '174379',
    partyB: '174379',
    ...changes,
  }
}

async function readRequest(incoming: IncomingMessage): Promise<StubRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString(),
  }
}

function send(reply: StubReply, request: StubRequest, response: ServerResponse): void {
  if (typeof reply === 'function') {
    reply(request, response)
    return
  }
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
}
