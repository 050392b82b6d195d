import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { createTemporaryFolder } from '../../test/support/temporary-folder.ts'
import { readPageFiles } from '../page-files.ts'
import { idleServerDeps } from './openapi-document.ts'
import type { PagesDeps } from './pages.ts'
import { createServer } from './server.ts'

const PAGE = '<!doctype html><title>Sukuma</title>'
const SCRIPT = 'export const word = "Karibu"\n'.repeat(50)
const SECRET = 'a file outside of the pages'
const READER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

type Bed = AsyncDisposable & { app: FastifyInstance }

/** A server with a small dashboard; `pages` changes what it is given. */
async function createBed(pages: Partial<PagesDeps> = {}): Promise<Bed> {
  await using folder = await createTemporaryFolder()
  const dist = join(folder.path, 'dist')
  await mkdir(join(dist, 'assets'), { recursive: true })
  await mkdir(join(dist, '.vite'))
  await writeFile(join(folder.path, 'secret.json'), SECRET)
  await writeFile(join(dist, '.vite', 'manifest.json'), '{}')
  await writeFile(join(dist, '.built-from'), 'hash')
  await writeFile(join(dist, 'index.html'), PAGE)
  await writeFile(join(dist, 'phone.html'), 'phone')
  await writeFile(join(dist, 'icon.svg'), '<svg/>')
  await writeFile(join(dist, 'assets', 'main-abc.js'), SCRIPT)
  await writeFile(join(dist, 'assets', 'main-abc.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(join(dist, 'assets', 'main-abc.js.gz'), gzipSync(SCRIPT))
  const publicUrl = () => 'https://pay.example.org'
  const files = await readPageFiles(dist)
  const idle = idleServerDeps()
  const app = await createServer(
    {
      ...idle,
      v1: { ...idle.v1, publicUrl },
      pages: { files, simulatorUrl: null, publicUrl, ...pages },
    },
    { trustedProxies: [], api: true, syncStkPush: false, publicUrl },
  )
  return { app, [Symbol.asyncDispose]: () => app.close() }
}

test('the page is at the root and at every address inside of it, for those who read pages', async () => {
  await using bed = await createBed()
  for (const url of ['/', '/payments', '/payments/pay_01', '/accept-invitation/x?y=1', '/sign-in/']) {
    const answer = await bed.app.inject({ url, headers: READER })
    assert.deepEqual([answer.statusCode, answer.body], [200, PAGE], url)
    assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(answer.headers['cache-control'], 'no-cache')
  }
  const program = await bed.app.inject({ url: '/payments', headers: { accept: 'application/json' } })
  assert.equal(program.statusCode, 404)
})

test('an unknown address of the API is its own error, whoever asks, and no page', async () => {
  await using bed = await createBed()
  const urls = ['/v1/nothing', '/api/nothing', '/hooks/nothing', '/docs/nothing', '/dashboard/nothing']
  for (const url of [...urls, '/auth/nothing', '/assets/nothing.js', '/nothing.json', '/index.html']) {
    const answer = await bed.app.inject({ url, headers: READER })
    assert.ok(answer.statusCode >= 400, `${url}: ${answer.statusCode}`)
    assert.doesNotMatch(answer.body, /doctype/)
  }
  const posted = await bed.app.inject({ method: 'POST', url: '/payments', headers: READER })
  assert.equal(posted.statusCode, 404)
  assert.equal((await bed.app.inject({ url: '/healthz', headers: READER })).json().status, 'ok')
})

test('each file comes in the form that its reader takes, and may be kept for ever', async () => {
  await using bed = await createBed()
  const ask = (encoding: string) =>
    bed.app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': encoding } })
  const brotli = await ask('gzip, deflate, br, zstd')
  assert.equal(brotli.headers['content-encoding'], 'br')
  assert.equal(brotliDecompressSync(brotli.rawPayload).toString(), SCRIPT)
  assert.equal(brotli.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(brotli.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(brotli.headers.vary, 'accept-encoding')
  const gzip = await ask('br;q=0, gzip;q=0.5')
  assert.equal(gunzipSync(gzip.rawPayload).toString(), SCRIPT)
  const plain = await ask('identity')
  assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, SCRIPT])
  const tags = [brotli, gzip, plain].map((answer) => answer.headers.etag)
  assert.equal(new Set(tags).size, 3)
})

test('what a reader has already is not sent again, and HEAD sends nothing but headers', async () => {
  await using bed = await createBed()
  for (const url of ['/', '/assets/main-abc.js', '/icon.svg']) {
    const first = await bed.app.inject({ url })
    const etag = String(first.headers.etag)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await bed.app.inject({ url, headers: { 'if-none-match': known } })
      assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag], url)
    }
    assert.equal((await bed.app.inject({ url, headers: { 'if-none-match': '"x"' } })).statusCode, 200)
    const head = await bed.app.inject({ method: 'HEAD', url })
    assert.deepEqual([head.statusCode, head.body], [200, ''])
    assert.equal(head.headers['content-length'], first.headers['content-length'])
  }
})

test('no address leads out of the built files', async () => {
  await using bed = await createBed()
  const steps = ['..', '.', '%2e%2e', '%2E.', '%252e%252e', 'assets', 'secret.json', '.vite', '.built-from']
  const more = [
    'manifest.json',
    '',
    '%2f',
    '%5c',
    '..%2f',
    '..%5c',
    '%00',
    '\\..',
    '__proto__',
    'constructor',
  ]
  const path = fc.array(fc.oneof(fc.constantFrom(...steps, ...more), fc.webSegment()), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(path, fc.constantFrom('/', '/assets/', '/assets/../'), async (parts, start) => {
      const { statusCode, body } = await bed.app.inject({ url: start + parts.join('/') })
      assert.ok(statusCode < 500, `${statusCode}`)
      assert.ok([PAGE, SCRIPT, '<svg/>'].includes(body) || statusCode !== 200, body)
      assert.ok(!body.includes(SECRET))
    }),
    { numRuns: 500 },
  )
})

test('a page runs scripts of its own alone, in no frame of others, and over TLS from then on', async () => {
  await using bed = await createBed({ simulatorUrl: 'http://127.0.0.1:4001' })
  const { headers } = await bed.app.inject({ url: '/payments', headers: READER })
  const policy = String(headers['content-security-policy']).split('; ')
  assert.ok(policy.includes("default-src 'none'"))
  assert.ok(policy.includes("script-src 'self'"))
  assert.ok(policy.includes("connect-src 'self'"))
  assert.ok(policy.includes("frame-ancestors 'none'"))
  assert.ok(policy.includes('frame-src http://127.0.0.1:4001'))
  assert.match(String(headers['strict-transport-security']), /^max-age=\d{8}/)
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  await using plain = await createBed({ publicUrl: () => 'http://127.0.0.1:4000' })
  const local = await plain.app.inject({ url: '/' })
  assert.equal(local.headers['strict-transport-security'], undefined)
})

test('before the dashboard is built, its address says what to do', async () => {
  await using bed = await createBed({ files: null })
  const answer = await bed.app.inject({ url: '/', headers: READER })
  assert.equal(answer.statusCode, 503)
  assert.match(answer.body, /npm run build/)
  assert.match(answer.body, /href="\/docs"/)
  assert.equal((await bed.app.inject('/assets/main-abc.js')).statusCode, 404)
})
