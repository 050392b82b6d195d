// Serves the dashboard at `/`: its built files by name, and its one page for whatever else a reader opens, as
// the addresses inside of it are its own.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PageAnswer, PageFiles } from '../page-files.ts'
import { type PagePolicy, pageHeaders } from '../page-policy.ts'
import { sendNothingHere } from './nothing-here.ts'

/** What the routes need. */
export type PagesDeps = {
  /** Null while `dashboard/` has not been built. */
  files: PageFiles | null
  /** Where the virtual phone is, which the dashboard may show inside of itself. */
  simulatorUrl: string | null
  /** Asked at each use: with port 0 it is known only once the server listens. */
  publicUrl: () => string
}

const PAGE = '/index.html'
/** What is not the dashboard's: an unknown address there is an error of its caller, and no page to read. */
const OTHERS = /^\/(v1|api|auth|hooks|docs|dashboard|assets)(\/|$)/
const HAS_ENDING = /\.[^/]*$/
const WANTS_PAGE = /text\/html/

const NOT_BUILT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sukuma</title>
</head>
<body>
<h1>The dashboard is not built</h1>
<p>The gateway runs, and takes payments. To have its dashboard here, run <code>npm run build</code> in its
folder, read what that prints, and start the gateway again.</p>
<p>The <a href="/docs">reference of the API</a> is there meanwhile.</p>
</body>
</html>
`

const hidden = { schema: { hide: true } }

/** Adds `/`, the files that it needs, and the page for every address inside of the dashboard. */
export function registerPages(app: FastifyInstance, deps: PagesDeps): void {
  const { files } = deps
  const sendPage = (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(pageHeaders(policyOf(deps)))
    const answer = files?.answer(PAGE, request.headers)
    if (answer) return send(reply, answer)
    return reply
      .code(503)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(NOT_BUILT)
  }
  app.get('/', hidden, sendPage)
  const inRoot = (files?.paths ?? []).filter((path) => /^\/[^/]+$/.test(path) && !path.endsWith('.html'))
  for (const path of inRoot) {
    app.get(path, hidden, (request, reply) => sendFile(path, request, reply))
  }
  app.get<{ Params: { '*': string } }>('/assets/*', hidden, (request, reply) =>
    sendFile(`/assets/${request.params['*']}`, request, reply),
  )
  app.setNotFoundHandler((request, reply) =>
    isInside(request) ? sendPage(request, reply) : sendNothingHere(request, reply, deps.publicUrl()),
  )

  function sendFile(path: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const answer = files?.answer(path, request.headers)
    return answer ? send(reply, answer) : sendNothingHere(request, reply, deps.publicUrl())
  }
}

/** Without the dashboard, somebody who opens the address in a browser wants to read. */
export function registerNoPages(app: FastifyInstance, publicUrl: () => string): void {
  app.get('/', hidden, (_request, reply) => reply.redirect('/docs'))
  app.setNotFoundHandler((request, reply) => sendNothingHere(request, reply, publicUrl()))
}

function policyOf({ simulatorUrl, publicUrl }: PagesDeps): PagePolicy {
  return {
    frames: simulatorUrl === null ? [] : [simulatorUrl],
    framedBy: [],
    isHttps: publicUrl().startsWith('https:'),
  }
}

/** Whether a reader has opened an address that may be one of the dashboard's own. */
function isInside({ method, url, headers }: FastifyRequest): boolean {
  const [path = ''] = url.split('?')
  const isRead = method === 'GET' || method === 'HEAD'
  return isRead && WANTS_PAGE.test(headers.accept ?? '') && !OTHERS.test(path) && !HAS_ENDING.test(path)
}

function send(reply: FastifyReply, { status, headers, body }: PageAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}
