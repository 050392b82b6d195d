// Every known way to lead a webhook inside is tried: when an endpoint is made, and when it is connected to.
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { after, before, test } from 'node:test'
import { systemClock } from '../clock.ts'
import type { LookupAll } from './address-guard.ts'
import { createAttempter } from './attempt.ts'
import { checkEndpointUrl } from './endpoint-url.ts'
import { EVASIVE_ANSWERS, EVASIVE_SCHEMES, EVASIVE_URLS } from './testing/address-evasions.ts'
import { createReceiver, type Receiver, status } from './testing/receiver.ts'

let inside: Receiver
let port = ''
before(async () => {
  inside = await createReceiver()
  port = new URL(inside.url).port
})
after(() => inside[Symbol.asyncDispose]())

const LOOPBACK = '127.0.0.1'
/** Public by its form, and routed nowhere since the 6bone was given up (RFC 3701). */
const ELSEWHERE = '3ffe::1'
/** Enough for a server on this machine, and not waited out by it. */
const TIMEOUT_MS = 1_000

/** A resolver that gives the next of `answers` at each look-up, the last one for ever. */
function answering(...answers: (readonly string[])[]): LookupAll & { asked: number } {
  const lookup: LookupAll & { asked: number } = Object.assign(
    (_host: string, _options: unknown, callback: (error: null, found: LookupAddress[]) => void) => {
      const found = answers[Math.min(lookup.asked, answers.length - 1)] ?? []
      lookup.asked += 1
      callback(
        null,
        [...found].map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    },
    { asked: 0 },
  )
  return lookup
}

async function attempt(url: string, lookup: LookupAll) {
  await using attempter = disposable(
    createAttempter({ clock: systemClock, lookup }, { timeoutMs: TIMEOUT_MS }),
  )
  const result = await attempter.attempt({ url, headers: {}, body: '{}', allowPrivate: false })
  assert.equal(result.interrupted, false)
  return result
}

function disposable(attempter: ReturnType<typeof createAttempter>) {
  return { ...attempter, [Symbol.asyncDispose]: () => attempter.close() }
}

const live = { live: true, allowPrivate: false }
const LEGAL_ON_THE_TEST_SIDE = { live: false, allowPrivate: false }

function urlsOf(host: string, scheme: string): string {
  const text = host.replaceAll('PORT', port)
  const hasPort = /:\d+$/.test(text.replace(/\[.*\]/, '')) || text.includes('\\')
  return `${scheme}://${text}${hasPort ? '' : `:${port}`}/hook`
}

test('none of them is accepted as an endpoint', () => {
  let tried = 0
  for (const [kind, hosts] of Object.entries(EVASIVE_URLS)) {
    for (const host of hosts) {
      assert.equal(checkEndpointUrl(urlsOf(host, 'https'), live).ok, false, `${kind}: ${host}`)
      const onTestSide = checkEndpointUrl(urlsOf(host, 'http'), LEGAL_ON_THE_TEST_SIDE)
      assert.equal(onTestSide.ok, false, `${kind}: ${host}`)
      tried += 1
    }
  }
  for (const url of EVASIVE_SCHEMES) {
    const text = url.replaceAll('PORT', port)
    assert.equal(checkEndpointUrl(text, LEGAL_ON_THE_TEST_SIDE).ok, false, text)
    tried += 1
  }
  assert.ok(tried >= 60, `${tried} were tried`)
})

test('none of them is connected to, were it in the database', async () => {
  for (const [kind, hosts] of Object.entries(EVASIVE_URLS)) {
    for (const host of hosts) {
      const lookup = answering([LOOPBACK])
      const result = await attempt(urlsOf(host, 'http'), lookup)
      assert.deepEqual([result.ok, result.status], [false, null], `${kind}: ${host}`)
      // What the name or the port tells is not left to the answer of a resolver.
      if (/^names|^ports/.test(kind)) assert.equal(lookup.asked, 0, host)
    }
  }
  for (const url of EVASIVE_SCHEMES) {
    const result = await attempt(url.replaceAll('PORT', port), answering([LOOPBACK]))
    assert.deepEqual([result.ok, result.status], [false, null], url)
  }
  assert.equal(inside.requests.length, 0)
})

test('no answer of DNS leads inside', async () => {
  for (const [kind, answers] of Object.entries(EVASIVE_ANSWERS)) {
    const result = await attempt(`http://shop.example:${port}/hook`, answering(answers))
    assert.deepEqual([result.ok, result.status], [false, null], kind)
  }
  assert.equal(inside.requests.length, 0)
})

test('a name that changes its address between the check and the connection gains nothing', async () => {
  const rebinding = answering([ELSEWHERE], [LOOPBACK])
  const result = await attempt(`http://shop.example:${port}/hook`, rebinding)
  assert.deepEqual([result.ok, result.status], [false, null])
  assert.equal(rebinding.asked, 1)
  const mixed = await attempt(`http://shop.example:${port}/hook`, answering([ELSEWHERE, LOOPBACK, '::1']))
  assert.deepEqual([mixed.ok, mixed.status], [false, null])
  // Nor one that changes it between two attempts over one attempter.
  const lookup = answering([ELSEWHERE], [LOOPBACK], ['10.0.0.1'])
  await using attempter = disposable(
    createAttempter({ clock: systemClock, lookup }, { timeoutMs: TIMEOUT_MS }),
  )
  for (let i = 0; i < 4; i++) {
    const url = `http://shop.example:${port}/hook`
    assert.equal((await attempter.attempt({ url, headers: {}, body: '{}', allowPrivate: false })).ok, false)
  }
  assert.equal(inside.requests.length, 0)
})

test('no redirect leads inside, by whatever status or header', async () => {
  await using outside = await createReceiver()
  const target = `http://${LOOPBACK}:${port}/secret`
  const attempter = createAttempter({ clock: systemClock }, { timeoutMs: TIMEOUT_MS })
  for (const code of [200, 201, 300, 301, 302, 303, 304, 305, 307, 308]) {
    const headers = {
      location: target,
      refresh: `0; url=${target}`,
      'content-location': target,
      'alt-svc': `h2="${LOOPBACK}:${port}"`,
      link: `<${target}>; rel=preload`,
    }
    outside.answer = status(code, headers)
    const request = { url: outside.url, headers: {}, body: '{}', allowPrivate: true }
    assert.equal((await attempter.attempt(request)).status, code)
  }
  await attempter.close()
  assert.equal(inside.requests.length, 0)
})
