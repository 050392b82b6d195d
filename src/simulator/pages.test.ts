import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type PageFiles, readPageFiles } from '../page-files.ts'
import { openTestbed, type Testbed } from './testbed.ts'

const FRAMED_BY = ['http://127.0.0.1:4000', 'http://localhost:4000']

async function builtPages(): Promise<PageFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'phone-pages-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'phone.html'), '<!doctype html><title>Virtual phone</title>')
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Dashboard</title>')
  await writeFile(join(folder, 'assets', 'phone-abc.js'), 'export {}')
  const files = await readPageFiles(folder)
  await rm(folder, { recursive: true })
  assert.ok(files)
  return files
}

function get(bed: Testbed, path: string, accept = 'text/html,*/*'): Promise<Response> {
  return fetch(bed.simulator.url + path, { headers: { accept } })
}

test('a browser is given the virtual phone, which only the gateway may show inside of its own', async () => {
  await using bed = await openTestbed({ pages: await builtPages(), framedBy: FRAMED_BY })
  const page = await get(bed, '/?embed=1&number=254712345678')
  assert.equal(page.status, 200)
  assert.match(await page.text(), /Virtual phone/)
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.match(policy, /frame-ancestors http:\/\/127\.0\.0\.1:4000 http:\/\/localhost:4000(;|$)/)
  assert.match(policy, /script-src 'self'(;|$)/)
})

test('its files are served under their own types, and nothing of the dashboard at its address', async () => {
  await using bed = await openTestbed({ pages: await builtPages() })
  const script = await get(bed, '/assets/phone-abc.js', '*/*')
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.match(script.headers.get('cache-control') ?? '', /immutable/)
  assert.equal((await get(bed, '/assets/none.js')).status, 404)
  assert.equal((await get(bed, '/index.html')).status, 404)
  assert.equal((await get(bed, '/assets/../phone.html')).status, 404)
})

test('scripts still read the list of routes, and without a build a browser is told what to do', async () => {
  await using bed = await openTestbed()
  assert.equal((await bed.call('GET', '/')).body.name, 'Daraja simulator')
  const page = await get(bed, '/')
  assert.equal(page.status, 200)
  assert.match(await page.text(), /npm run build/)
})
