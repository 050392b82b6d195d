// The files that `dashboard/` was built into, held in memory with their compressed forms and their headers.
// Both the gateway and the simulator serve from it, and no request ever reaches the disk.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** An answer to GET; HEAD has the same without the body. */
export type PageAnswer = { status: 200 | 304; headers: Record<string, string>; body: Buffer | null }

/** What of a request's headers decides the answer. */
export type PageRequest = {
  'accept-encoding'?: string | undefined
  'if-none-match'?: string | undefined
}

/** Built files by their addresses. */
export type PageFiles = {
  /** The file at `path` (`/index.html`, `/assets/…`, without a query), or null when there is none. */
  answer(path: string, request: PageRequest): PageAnswer | null
  /** The addresses of all files. */
  readonly paths: readonly string[]
}

type Form = { body: Buffer; etag: string }
type PageFile = { headers: Record<string, string>; plain: Form; br: Form | null; gzip: Form | null }

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
/** The build puts a hash of the content into the name of every file in here: the name never means another. */
const HASHED = /^\/assets\//
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Asked for again each time, and answered by 304 while it is the same. */
const ASK_AGAIN = 'no-cache'
const ETAG_LENGTH = 22

/** Reads a folder of built files, compressed forms (`.br`, `.gz`) included; null when it has no page. */
export async function readPageFiles(folder: string): Promise<PageFiles | null> {
  const bodies = await readFolder(folder)
  const files = new Map<string, PageFile>()
  for (const [path, body] of bodies) {
    const type = TYPES[extname(path)]
    if (type !== undefined) files.set(path, describeFile(path, { type, body, bodies }))
  }
  if (![...files.keys()].some((path) => path.endsWith('.html'))) return null
  return {
    paths: [...files.keys()].sort(),
    answer(path, request) {
      const file = files.get(path)
      return file === undefined ? null : answerFile(file, request)
    },
  }
}

/** Every visible file below the folder, by its address; none when there is no such folder. */
async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, address: path.slice(folder.length).replaceAll('\\', '/') }))
    // What begins with a dot is the build's own, for example its list of parts.
    .filter(({ address }) => !/\/\./.test(address))
  const read = async ({ path, address }: { path: string; address: string }): Promise<[string, Buffer]> => [
    `/${address.replace(/^\/+/, '')}`,
    await readFile(path),
  ]
  return new Map(await Promise.all(paths.map(read)))
}

function describeFile(
  path: string,
  { type, body, bodies }: { type: string; body: Buffer; bodies: Map<string, Buffer> },
): PageFile {
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, ETAG_LENGTH)
  const form = (ending: string): Form | null => {
    const compressed = bodies.get(`${path}.${ending}`)
    return compressed === undefined ? null : { body: compressed, etag: `"${hash}-${ending}"` }
  }
  return {
    headers: {
      'content-type': type,
      'cache-control': HASHED.test(path) ? FOR_EVER : ASK_AGAIN,
      'x-content-type-options': 'nosniff',
      vary: 'accept-encoding',
    },
    plain: { body, etag: `"${hash}"` },
    br: form('br'),
    gzip: form('gz'),
  }
}

function answerFile(file: PageFile, request: PageRequest): PageAnswer {
  const accepted = acceptedEncodings(request['accept-encoding'] ?? '')
  const encoding = file.br !== null && accepted.has('br') ? 'br' : accepted.has('gzip') ? 'gzip' : null
  const compressed = encoding === null ? null : file[encoding]
  const { body, etag } = compressed ?? file.plain
  const headers = { ...file.headers, etag }
  if (isSame(request['if-none-match'], etag)) return { status: 304, headers, body: null }
  return {
    status: 200,
    headers: {
      ...headers,
      ...(encoding === null || compressed === null ? {} : { 'content-encoding': encoding }),
      'content-length': String(body.length),
    },
    body,
  }
}

/** The encodings that a client takes at all; which of them it likes best is not asked (RFC 9110, 12.5.3). */
function acceptedEncodings(header: string): Set<string> {
  const named = header.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/),
  )
  return new Set(named.filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? '')).map(([name]) => name ?? ''))
}

/** If-None-Match compares weakly, and a proxy may have made the mark weak (RFC 9110, 13.1.2). */
function isSame(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => {
    const mark = part.trim().replace(/^W\//, '')
    return mark === etag || mark === '*'
  })
}
