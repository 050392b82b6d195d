// `/docs`: the reference that a person reads and tries, and the pages of the errors. Nothing on them comes
// from elsewhere, so that they work offline and tell nobody that they are read.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fastify from 'fastify'
import { createOnce } from '../create-once.ts'
import { isProblemCode, renderErrorIndex, renderErrorPage, renderUnknownErrorPage } from './error-pages.ts'

/** Scalar makes its styles at run time; scripts come from files of ours alone. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The script is 3.8 MB and changes only with the package. */
const SCRIPT_MAX_AGE_SECONDS = 86_400

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sukuma API</title>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript; the document itself is <a href="openapi.json">here</a>.</noscript>
<script src="docs/scalar.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

/** Calls go to where the page came from, whatever the document says: another origin would refuse them. */
const START = `Scalar.createApiReference('#app', {
  url: new URL('openapi.json', document.baseURI).href,
  servers: [{ url: new URL('.', document.baseURI).href.replace(/\\/$/, ''), description: 'This gateway' }],
  authentication: { preferredSecurityScheme: 'apiKey' },
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  proxyUrl: '',
})
`

const hidden = { schema: { hide: true } }

/** Adds `/openapi.json`, `/docs` and `/docs/errors`. */
export function registerDocs(app: FastifyInstance): void {
  app.get('/openapi.json', hidden, async (_request, reply) => {
    // Anybody may read what the API is, from any page.
    return reply.header('access-control-allow-origin', '*').send(app.swagger())
  })
  app.get('/docs', hidden, async (request, reply) => {
    // Its links are relative, as only a proxy in front may know the whole address.
    return /\/(\?|$)/.test(request.url) ? reply.redirect('../docs') : sendPage(reply, PAGE)
  })
  app.get('/docs/start.js', hidden, async (_request, reply) => {
    return reply.type('text/javascript; charset=utf-8').send(START)
  })
  const readScript = createOnce(loadScalarScript)
  app.get('/docs/scalar.js', hidden, async (_request, reply) => {
    const script = await readScript()
    return reply
      .type('text/javascript; charset=utf-8')
      .header('content-encoding', 'gzip')
      .header('cache-control', `public, max-age=${SCRIPT_MAX_AGE_SECONDS}`)
      .send(script)
  })
  app.get('/docs/errors', hidden, async (_request, reply) => sendPage(reply, renderErrorIndex()))
  app.get<{ Params: { code: string } }>('/docs/errors/:code', hidden, async (request, reply) => {
    const { code } = request.params
    if (isProblemCode(code)) return sendPage(reply, renderErrorPage(code))
    return sendPage(reply.code(404), renderUnknownErrorPage())
  })
}

function sendPage(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .send(html)
}

/**
 * Scalar's script, compressed. Its package hands it out through a server only, and takes a third of a second
 * to load, so it is asked for once, when the first reader comes.
 */
async function loadScalarScript(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const server = fastify()
  try {
    await server.register(scalar, { routePrefix: '/reference', configuration: { url: '/' } })
    const answer = await server.inject('/reference/js/scalar.js')
    if (answer.statusCode !== 200) throw new Error(`Scalar's script was answered with ${answer.statusCode}`)
    return await promisify(gzip)(answer.rawPayload)
  } finally {
    await server.close()
  }
}
