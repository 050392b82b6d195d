// How a surface takes bodies of one content type: whole, as bytes, and read by its own reader.
import type { FastifyInstance } from 'fastify'

/** Lets the routes below `app` take bodies of `contentType`. What `read` throws is the request's error. */
export function addBodyReader(
  app: FastifyInstance,
  contentType: string,
  read: (bytes: Buffer) => unknown,
): void {
  app.addContentTypeParser(contentType, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, read(typeof body === 'string' ? Buffer.from(body) : body))
    } catch (error) {
      done(error instanceof Error ? error : new Error('unreadable body'))
    }
  })
}
