// Names whose DNS servers never answer: they hold up neither other receivers nor the pushes to Daraja, which
// share what the system has for look-ups. All look-ups of this process are counted where they happen.
import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import { after, before, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { createDarajaDispatcher, DEFAULT_TIMEOUTS, exchangeHttp } from '../daraja/http-exchange.ts'
import type { LookupAll } from './address-guard.ts'
import { createAttempter } from './attempt.ts'
import { createNameLookup } from './name-lookup.ts'
import { createDnsServer, type DnsServer, type Zone } from './testing/dns-server.ts'
import { createReceiver, type Receiver } from './testing/receiver.ts'
import { until } from './testing/until.ts'

/** All that one merchant can have, both sides. */
const DEAD_NAMES = 40
const TIMEOUT_MS = 2_000

/** Look-ups by the system's resolver, a thread each. */
let threads = 0
const hook = createHook({
  init(_id, type) {
    if (type === 'GETADDRINFOREQWRAP') threads += 1
  },
})

let receiver: Receiver
let dns: DnsServer
const zone: Zone = (name, type) => {
  if (name.endsWith('dead.example')) return null
  return type === 'A' ? ['127.0.0.1'] : []
}
before(async () => {
  hook.enable()
  receiver = await createReceiver()
  dns = await createDnsServer(zone)
})
after(async () => {
  hook.disable()
  await receiver[Symbol.asyncDispose]()
  await dns[Symbol.asyncDispose]()
})

function startAttempter(system?: LookupAll) {
  const sources = { servers: [dns.address], ...(system === undefined ? {} : { system }) }
  const lookup = createNameLookup(sources, { timeoutMs: TIMEOUT_MS })
  const attempter = createAttempter({ clock: systemClock, lookup }, { timeoutMs: 2 * TIMEOUT_MS })
  const { port } = new URL(receiver.url)
  return {
    to: (host: string, allowPrivate = true) =>
      attempter.attempt({ url: `http://${host}:${port}/`, headers: {}, body: '{}', allowPrivate }),
    [Symbol.asyncDispose]: () => attempter.close(),
  }
}

/** A push to a Daraja that has a name, as the real one has. */
async function push() {
  const dispatcher = createDarajaDispatcher(DEFAULT_TIMEOUTS)
  try {
    const url = new URL(receiver.url.replace('127.0.0.1', 'localhost'))
    const request = { method: 'POST', url, headers: {}, body: '{}', beforeSend: null } as const
    return await exchangeHttp({ dispatcher, clock: systemClock }, { ...request, totalTimeoutMs: 20_000 })
  } finally {
    await dispatcher.destroy()
  }
}

test('names that are dead in DNS take no thread: other receivers and pushes are served', async () => {
  await using attempter = startAttempter()
  threads = 0
  const dead = Array.from({ length: DEAD_NAMES }, (_, at) => attempter.to(`shop-${at}.dead.example`))
  await until(() => new Set(dns.asked).size === DEAD_NAMES)
  const others = await Promise.all(['a.example', 'b.example', 'c.example'].map((host) => attempter.to(host)))
  assert.deepEqual(
    others.map(({ ok }) => ok),
    [true, true, true],
  )
  assert.equal(threads, 0)
  assert.equal((await push()).kind, 'answered')
  assert.equal(threads, 1, 'the push alone needs one')
  for (const { error } of await Promise.all(dead)) assert.equal(error, 'host name could not be looked up')
})

test('names of the inside that never end hold one look-up, and leave room for pushes', async () => {
  let running = 0
  await using attempter = startAttempter(() => {
    running += 1
  })
  const dead = Array.from({ length: DEAD_NAMES }, (_, at) => attempter.to(`printer-${at}.local`))
  await until(() => running > 0)
  assert.equal((await attempter.to('d.example')).ok, true)
  assert.equal((await push()).kind, 'answered')
  for (const { error } of await Promise.all(dead)) assert.equal(error, 'host name could not be looked up')
  assert.equal(running, 1)
})

test('a name that leads inside is refused, and asked for once a connection', async () => {
  await using attempter = startAttempter()
  const before = receiver.requests.length
  const result = await attempter.to('innocent.example', false)
  assert.match(result.error ?? '', /may not be sent to/)
  assert.equal(receiver.requests.length, before)
  assert.equal(dns.asked.filter((name) => name === 'innocent.example').length, 2, 'A and AAAA')
})

test('without a word about it, an attempter asks DNS and not the system', async () => {
  const attempter = createAttempter({ clock: systemClock }, { timeoutMs: TIMEOUT_MS })
  threads = 0
  const url = 'http://receiver.invalid/'
  const result = await attempter.attempt({ url, headers: {}, body: '{}', allowPrivate: false })
  assert.equal(result.ok, false)
  assert.equal(threads, 0)
  await attempter.close()
})
