// The simulator's own page, the virtual phone and its console, from what `dashboard/` was built into.
import type { IncomingHttpHeaders } from 'node:http'
import type { PageFiles } from '../page-files.ts'
import { pageHeaders } from '../page-policy.ts'

/** What the simulator serves to browsers. */
export type Pages = {
  /** Null while nothing is built. */
  files: PageFiles | null
  /** Origins whose pages may show the phone inside of theirs: the gateway's. */
  framedBy: () => readonly string[]
}

/** An answer with bytes; `body` null is an answer without. */
export type PageReply = { status: number; headers: Record<string, string>; body: Buffer | null }

const PAGE = '/phone.html'

/**
 * The page at `/` for browsers, and the files that it asks for. Null for every other path, so that scripts
 * still read the list of routes at `/`.
 */
export function answerPage(
  { files, framedBy }: Pages,
  path: string,
  headers: IncomingHttpHeaders,
): PageReply | null {
  if (path !== '/')
    return /^\/(assets\/|[^/]+\.(js|css|svg|ico|png)$)/.test(path) ? fileAt(files, path, headers) : null
  if (!headers.accept?.includes('text/html')) return null
  const policy = pageHeaders({ frames: [], framedBy: framedBy(), isHttps: false })
  const page = fileAt(files, PAGE, headers) ?? notBuilt()
  return { ...page, headers: { ...page.headers, ...policy } }
}

function fileAt(files: PageFiles | null, path: string, headers: IncomingHttpHeaders): PageReply | null {
  return (
    files?.answer(path, {
      'accept-encoding': [headers['accept-encoding'] ?? []].flat().join(','),
      'if-none-match': headers['if-none-match'],
    }) ?? null
  )
}

function notBuilt(): PageReply {
  const body = Buffer.from(
    '<!doctype html><html lang="en"><title>Daraja simulator</title>' +
      '<h1>The virtual phone is not built</h1><p>Run <code>npm run build</code> and start again. ' +
      'The simulator itself works without it: <a href="/simulator">its routes</a>.</p></html>',
  )
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}
