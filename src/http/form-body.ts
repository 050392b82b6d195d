// Reading a form as PHP's clients send it, as strictly as JSON: what is no UTF-8 is refused, where a lenient
// reader would put other characters on the customer's phone.
import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'
import { addBodyReader } from './body-reader.ts'
import { HttpError } from './http-error.ts'
import { readUtf8 } from './json-body.ts'

/** Escapes that follow each other, which may make one character together. A lone `%` stands for itself. */
const ESCAPES = /(?:%[0-9a-f]{2})+/gi
/** All of them, of which a body has room for some thousands: one left out might be an amount given twice. */
const NO_LIMIT = 0

/** The fields of a form, a field that came twice as a list; throws the `HttpError` to answer with. */
export function readFormBody(bytes: Buffer): Record<string, unknown> {
  const text = readUtf8(bytes)
  for (const [escapes] of text.matchAll(ESCAPES)) checkUtf8(escapes)
  return parse(text, '&', '=', { maxKeys: NO_LIMIT })
}

function checkUtf8(escapes: string): void {
  try {
    decodeURIComponent(escapes)
  } catch (cause) {
    throw new HttpError('malformed_body', `The form is not valid UTF-8 at ${escapes.slice(0, 30)}.`, {
      cause,
    })
  }
}

/** Lets the routes below `app` take forms as well. */
export function takeForms(app: FastifyInstance): void {
  addBodyReader(app, 'application/x-www-form-urlencoded', readFormBody)
}
