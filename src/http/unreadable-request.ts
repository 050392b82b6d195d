// Requests that are no HTTP, or do not become whole in time. No route ever has them: they are answered here,
// in the shape of the surface that they were meant for where their address had come in.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import { hookRefusal } from './hooks/hooks.ts'
import { HttpError, type HttpErrorCode } from './http-error.ts'
import { PROBLEM_TYPE } from './schema-parts.ts'
import { successFalse } from './surface-errors.ts'
import { PROBLEM_STATUS, problemOf } from './v1/problem.ts'

// An import of values would read all that node:http has, and so load Node's fetch.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** What answers such requests. */
export type UnreadableRequests = {
  /** Hears which request came on which connection. */
  watch(server: Server): void
  /** Answers what Node could not read, where that is still possible, and ends its connection. */
  answer(error: Error & { code?: string }, socket: Socket): void
}

/** Node's errors, by their codes; any other is of what is no HTTP. */
const NODE_ERRORS: { readonly [code: string]: [HttpErrorCode, string] } = {
  ERR_HTTP_REQUEST_TIMEOUT: ['timeout', 'The request did not arrive whole in time. Send it again.'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The address and the headers are larger than 16 KiB.'],
}
const NO_HTTP: [HttpErrorCode, string] = ['malformed_body', 'The request could not be read.']

/** Answers to the unreadable requests of one server; problems are explained at `publicUrl`. */
export function createUnreadableRequests(deps: {
  log: FastifyBaseLogger
  publicUrl: () => string
}): UnreadableRequests {
  const latest = new WeakMap<Socket, ServerResponse>()
  return {
    watch(server) {
      server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) =>
        latest.set(socket, response),
      )
    },
    answer(error, socket) {
      if (error.code === 'ECONNRESET' || socket.destroyed) return
      deps.log.trace({ err: error }, 'unreadable request')
      const response = latest.get(socket)
      if (socket.writable && mayAnswer(response)) {
        const [code, text] = NODE_ERRORS[error.code ?? ''] ?? NO_HTTP
        socket.write(render(new HttpError(code, text), pathOf(response), deps.publicUrl()))
      }
      socket.destroy(error)
    },
  }
}

/** Not within an answer, and not a second time. */
function mayAnswer(response: ServerResponse | undefined): boolean {
  if (response === undefined) return true
  return response.writableEnded ? response.req.complete : !response.headersSent
}

/** Null where not even the address has come in: the last request on the connection was another. */
function pathOf(response: ServerResponse | undefined): string | null {
  return response === undefined || response.writableEnded ? null : (response.req.url ?? null)
}

function render(error: HttpError, path: string | null, publicUrl: string): string {
  const id = randomUUID()
  const { status, body, headers } = shape(error, path, { id, publicUrl })
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    ...headers,
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
}

const JSON_HEADERS = ['content-type: application/json; charset=utf-8']

function shape(error: HttpError, path: string | null, { id, publicUrl }: { id: string; publicUrl: string }) {
  if (path?.startsWith('/api/')) return { ...successFalse(error), headers: JSON_HEADERS }
  if (path?.startsWith('/hooks/')) return { ...hookRefusal(error), headers: JSON_HEADERS }
  const body = problemOf(error, { id }, publicUrl)
  const headers = [`content-type: ${PROBLEM_TYPE}`, `x-request-id: ${id}`]
  return { status: PROBLEM_STATUS[body.code], body, headers }
}
