// `/hooks/stk-push`: where Safaricom calls back. Public, any method, any content type; what it says is
// believed only with evidence, and acknowledged only once what it changed is committed.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CallbackResult, IncomingCallback } from '../../payments/receive-callback.ts'
import { HTTP_STATUS, HttpError } from '../http-error.ts'
import { installErrors } from '../surface-errors.ts'
import { callbackSchema } from './hooks-schema.ts'

/** What the hooks need: the core's door for callbacks, and the reader of their tokens. */
export type HookDeps = {
  receiveCallback(incoming: IncomingCallback): Promise<CallbackResult>
  /** Whether a callback is to be acknowledged unread; see `shedUnread` of the core. */
  shedUnread(incoming: Pick<IncomingCallback, 'token' | 'addressAllowed'>): boolean
  /** The payment that a token vouches for; null when it is no token of ours. */
  readToken(token: string): Exclude<IncomingCallback['token'], string> | null
  /** Whether callbacks about live payments are taken from this address. */
  isAllowedAddress(ip: string): boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who vouches for a callback; null on other routes. */
    voucher: Pick<IncomingCallback, 'token' | 'addressAllowed'> | null
  }
}

/** What Safaricom wants to hear, whether or not the callback was believed. */
const ACCEPTED = { ResultCode: 0, ResultDesc: 'Accepted' }
const ACCEPTED_TEXT = JSON.stringify(ACCEPTED)
const ACCEPTED_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'content-length': ACCEPTED_TEXT.length,
}
const HTTP_STATUS_OK = 200
/** Never seen: each request has had its voucher read before. */
const NOBODY: NonNullable<FastifyRequest['voucher']> = { token: 'wrong', addressAllowed: false }
const BODY_MAX_BYTES = 64 * 1024
/** Replaces broken UTF-8 and drops a byte order mark, which JSON.parse would refuse. */
const LENIENT_UTF8 = new TextDecoder()
/** Methods whose bodies the server does not read by itself. */
const UNREAD_METHODS = new Set(['GET', 'HEAD', 'TRACE'])

/** How an error is told to Safaricom. */
export function hookRefusal(error: HttpError): { status: number; body: unknown } {
  return { status: HTTP_STATUS[error.code], body: { ResultCode: 1, ResultDesc: error.message } }
}

/** Adds the two addresses. */
export async function hooks(app: FastifyInstance, deps: HookDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  app.decorateRequest('voucher', null)
  // Whatever a body is called, it is read: a content type that is none must not lose a callback.
  app.addHook('onRequest', (request, reply, done) => {
    delete request.headers['content-type']
    const voucher = voucherOf(deps, request)
    request.voucher = voucher
    if (!deps.shedUnread(voucher)) return done()
    // Past everything that a request usually goes through: what is not believed must not cost as much.
    reply.hijack()
    reply.raw.writeHead(HTTP_STATUS_OK, ACCEPTED_HEADERS).end(ACCEPTED_TEXT)
  })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  installErrors(app, hookRefusal)
  for (const path of ['/stk-push', '/stk-push/:token']) {
    app.all(path, { schema: callbackSchema }, async (request) => {
      const text = await readText(request)
      const result = await deps.receiveCallback({
        body: parse(text),
        text,
        ip: request.ip,
        ...(request.voucher ?? NOBODY),
      })
      if (result === 'not_a_callback') {
        throw new HttpError('malformed_body', 'There is no STK callback in it.')
      }
      if (result === 'crowded') {
        const retryAfterSeconds = 1
        throw new HttpError('unavailable', 'Too much is being said about this payment; send it again.', {
          retryAfterSeconds,
        })
      }
      return ACCEPTED
    })
  }
}

function voucherOf(deps: HookDeps, request: FastifyRequest): NonNullable<FastifyRequest['voucher']> {
  return { token: tokenOf(deps, request), addressAllowed: deps.isAllowedAddress(request.ip) }
}

function tokenOf(deps: HookDeps, request: FastifyRequest): IncomingCallback['token'] {
  const { params } = request
  const token = typeof params === 'object' && params !== null && 'token' in params ? params.token : undefined
  if (typeof token !== 'string') return 'none'
  return deps.readToken(token) ?? 'wrong'
}

async function readText(request: FastifyRequest): Promise<string> {
  const bytes = UNREAD_METHODS.has(request.method) ? await readRaw(request) : request.body
  if (!Buffer.isBuffer(bytes)) return ''
  return LENIENT_UTF8.decode(bytes).replaceAll('\u0000', '')
}

async function readRaw(request: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.raw) {
    length += chunk.length
    if (length > BODY_MAX_BYTES) throw new HttpError('body_too_large', 'The body is larger than 64 KiB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Undefined when it is no JSON: that is no callback either. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
