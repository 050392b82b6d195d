// The HTTP side: reads requests within limits, finds their route and writes the answer. Bare node:http,
// because a benchmark of a gateway must not measure its simulator.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { CONTROL_ROUTES, listRoutes, STREAM_PATH } from './control.ts'
import { refuseForeign } from './control-access.ts'
import { answerOauth } from './oauth.ts'
import { answerPage, type PageReply, type Pages } from './pages.ts'
import { answerPull } from './pull.ts'
import { answerPullRegistration } from './pull-registration.ts'
import { answerPush } from './push.ts'
import { answerQuery } from './query.ts'
import { jsonReply, REFUSALS, type Reply, refusalReply } from './reply.ts'
import type { Handler, Routes, SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

// An import would read all that node:http has, WebSocket too, for which Node loads its fetch: 6 MB.
const { createServer } = process.getBuiltinModule('node:http')

const BODY_BYTES_MAX = 65_536
/** Too long a body is read to its end, so that its sender can read the refusal; but not for ever. */
const DRAINED_BYTES_MAX = 1_048_576
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Longer than clients keep an idle connection, so that none is closed under a request on its way. */
const KEEP_ALIVE_MS = 75_000
/** A page that reads too slowly is let go; it connects again, and begins with what is there then. */
const UNREAD_BYTES_MAX = 1_048_576
/** Nobody else's page may read, embed or guess at anything that the control routes answer. */
const CONTROL_HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

const ROUTES: Routes = {
  '/': { GET: listRoutes },
  '/oauth/v1/generate': { GET: answerOauth },
  '/mpesa/stkpush/v1/processrequest': { POST: answerPush },
  '/mpesa/stkpushquery/v1/query': { POST: answerQuery },
  '/pulltransactions/v1/register': { POST: answerPullRegistration },
  '/pulltransactions/v1/query': { POST: answerPull },
  ...CONTROL_ROUTES,
}

/** Routes with a `{}`, cut where it stands. */
const PARAM_ROUTES = Object.entries(ROUTES)
  .filter(([path]) => path.includes('{}'))
  .map(([path, methods]) => ({
    before: path.split('{}')[0] ?? '',
    after: path.split('{}')[1] ?? '',
    methods,
  }))

type Deps = { simulation: Simulation; pages: Pages }

/** A server that is not listening yet. */
export function createSimulatorServer(deps: Deps): Server {
  const server = createServer((request, response) => readRequest(deps, request, response))
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.keepAliveTimeout = KEEP_ALIVE_MS
  return server
}

function readRequest(deps: Deps, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
    else if (bytes > DRAINED_BYTES_MAX) request.destroy()
  })
  request.on('error', () => undefined)
  request.on('end', () => {
    if (bytes > BODY_BYTES_MAX) {
      write(response, jsonReply(413, { errors: [`the body is over ${BODY_BYTES_MAX} bytes`] }), false)
      return
    }
    const [only] = chunks
    const body = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
    void answer(deps, request, response, body.toString())
  })
}

async function answer(
  { simulation, pages }: Deps,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  try {
    const url = request.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const { headers, method = '' } = request
    const page = method === 'GET' || method === 'HEAD' ? answerPage(pages, path, headers) : null
    if (page !== null) {
      writePage(response, page, method)
      return
    }
    const isControl = path === '/' || path.startsWith('/simulator')
    const refusal = isControl ? refuseForeign(headers, method, path === STREAM_PATH) : null
    const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
    const reply = refusal ?? (await route(simulation, { path, method, headers, query, body }))
    write(response, reply, isControl)
  } catch (error) {
    simulation.log.error({ err: error }, 'the simulator failed to answer')
    if (!response.headersSent)
      write(response, jsonReply(500, { errors: ['the simulator failed; see its log'] }), false)
  }
}

function route(
  simulation: Simulation,
  asked: Omit<SimulatorRequest, 'param'> & { path: string; method: string },
): Reply | Promise<Reply> {
  const { methods, param } = findRoute(asked.path)
  const handler = handlerOf(methods, asked.method)
  if (typeof handler !== 'function') return refusalReply(simulation, REFUSALS[handler])
  return handler(simulation, { ...asked, param })
}

function findRoute(path: string): { methods: Routes[string] | null; param: string } {
  const methods = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
  if (methods) return { methods, param: '' }
  for (const { before, after, methods } of PARAM_ROUTES) {
    if (!path.startsWith(before) || !path.endsWith(after)) continue
    const param = decodeSegment(path.slice(before.length, path.length - after.length))
    if (param !== null) return { methods, param }
  }
  return { methods: null, param: '' }
}

function handlerOf(
  methods: Routes[string] | null,
  method: string,
): Handler | 'notFound' | 'methodNotAllowed' {
  if (!methods) return 'notFound'
  return (Object.hasOwn(methods, method) ? methods[method] : undefined) ?? 'methodNotAllowed'
}

/** One segment of a path, or null when it is empty, holds a slash or is badly encoded. */
function decodeSegment(segment: string): string | null {
  if (segment === '' || segment.includes('/')) return null
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

function writePage(response: ServerResponse, { status, headers, body }: PageReply, method: string): void {
  response.writeHead(status, headers)
  response.end(method === 'HEAD' ? null : body)
}

/** Server-sent events until the browser leaves. */
function writeStream(response: ServerResponse, open: (send: (text: string) => void) => () => void): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', ...CONTROL_HEADERS })
  const close = open((text) => {
    response.write(text)
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy()
  })
  if (response.destroyed) close()
  else response.once('close', close)
}

function write(response: ServerResponse, reply: Reply, isControl: boolean): void {
  if (reply.kind === 'drop') {
    response.socket?.destroy()
    return
  }
  if (reply.kind === 'stream') {
    writeStream(response, reply.open)
    return
  }
  response.writeHead(reply.status, {
    ...(isControl ? CONTROL_HEADERS : {}),
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.body),
  })
  response.end(reply.body)
}
