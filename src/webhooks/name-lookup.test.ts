import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LookupAll } from './address-guard.ts'
import { createNameLookup, type NameSources } from './name-lookup.ts'
import { createDnsServer, type DnsAnswer, type Zone } from './testing/dns-server.ts'
import { until } from './testing/until.ts'

/** Far beyond what an answer from this machine takes. */
const PATIENT_MS = 20_000
/** For what is waited out. */
const IMPATIENT_MS = 500
const HERE: LookupAddress = { address: '127.0.0.1', family: 4 }

type Bed = { find(host: string): Promise<LookupAddress[]>; asked: string[]; names(): number }

/** A look-up that asks a DNS server of the test's own; the system fails unless one is given. */
async function withLookup(
  parts: { zone?: Zone; timeoutMs?: number } & Pick<NameSources, 'system' | 'hostsFile'>,
  use: (bed: Bed) => Promise<void>,
) {
  await using dns = await createDnsServer(parts.zone ?? (() => 'unknown'))
  const { system = refusing, hostsFile = '/nowhere', timeoutMs = PATIENT_MS } = parts
  const lookup = createNameLookup({ servers: [dns.address], system, hostsFile }, { timeoutMs })
  const find = (host: string): Promise<LookupAddress[]> =>
    new Promise((resolve, reject) => {
      lookup(host, { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)))
    })
  await use({ find, asked: dns.asked, names: () => new Set(dns.asked).size })
}

const refusing: LookupAll = (host, _options, callback) =>
  callback(new Error(`the system was asked for ${host}`), [])

/** A system's resolver that answers each question when it is told to. */
function createSlowSystem() {
  const asked: { host: string; end(): void }[] = []
  const system: LookupAll = (host, _options, callback) => {
    asked.push({ host, end: () => callback(null, [HERE]) })
  }
  return { system, asked, hosts: () => asked.map(({ host }) => host) }
}

test('a name has all the addresses that DNS has for it, of both kinds', async () => {
  const zone: Zone = (_name, type) => (type === 'A' ? ['1.2.3.4', '1.2.3.5'] : ['2606:4700::1'])
  await withLookup({ zone }, async ({ find, asked }) => {
    assert.deepEqual(await find('shop.example'), [
      { address: '1.2.3.4', family: 4 },
      { address: '1.2.3.5', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ])
    assert.deepEqual(asked, ['shop.example', 'shop.example'])
  })
})

test('a server that never answers for one kind of address costs time and no more', async () => {
  const zone: Zone = (_name, type) => (type === 'A' ? ['1.2.3.4'] : null)
  await withLookup({ zone, timeoutMs: IMPATIENT_MS }, async ({ find }) => {
    assert.deepEqual(await find('shop.example'), [{ address: '1.2.3.4', family: 4 }])
  })
})

test('a name that does not exist is told from one that nobody answers for', async () => {
  const answers: Record<string, DnsAnswer> = { 'gone.example': 'unknown', 'empty.example': [] }
  const zone: Zone = (name) => answers[name] ?? null
  await withLookup({ zone, timeoutMs: IMPATIENT_MS }, async ({ find }) => {
    for (const host of ['gone.example', 'empty.example', `${'x'.repeat(64)}.example`]) {
      await assert.rejects(find(host), { code: 'ENOTFOUND' }, host)
    }
    await assert.rejects(find('silent.example'), { code: 'EAI_AGAIN' })
  })
})

test('connections that want the same slow name at once hold one look-up between them', async () => {
  const { system, asked } = createSlowSystem()
  await withLookup({ system }, async ({ find }) => {
    const answers = Array.from({ length: 5 }, () => find('slow.internal'))
    await until(() => asked.length > 0)
    asked[0]?.end()
    for (const answer of answers) assert.deepEqual(await answer, [HERE])
    assert.equal(asked.length, 1)
    const again = find('slow.internal')
    await until(() => asked.length === 2)
    asked[1]?.end()
    assert.deepEqual(await again, [HERE])
  })
})

test('a bounded number of names is asked of DNS at once, and the others in their turn', async () => {
  const opened = Promise.withResolvers<readonly string[]>()
  const zone: Zone = (_name, type) => (type === 'A' ? opened.promise : [])
  await withLookup({ zone }, async ({ find, names }) => {
    const answers = Array.from({ length: 100 }, (_, at) => find(`shop-${at}.example`))
    await until(() => names() >= 64)
    assert.equal(names(), 64)
    opened.resolve(['1.2.3.4'])
    await Promise.all(answers)
    assert.equal(names(), 100)
  })
})

test('the system is asked one name at a time, however long it takes; the others are given up', async () => {
  const { system, asked, hosts } = createSlowSystem()
  await withLookup({ system, timeoutMs: IMPATIENT_MS }, async ({ find }) => {
    const silent = ['a.local', 'b.lan', 'c.internal', 'd']
    await Promise.all(silent.map((host) => assert.rejects(find(host), { code: 'EAI_AGAIN' }, host)))
    assert.deepEqual(hosts(), ['a.local'])
    asked[0]?.end()
    const next = find('localhost')
    await until(() => asked.length === 2)
    asked[1]?.end()
    assert.deepEqual(await next, [HERE])
    assert.deepEqual(hosts(), ['a.local', 'localhost'])
  })
})

test('of names with a public form the system is asked what the hosts file lists alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hosts-'))
  try {
    const hostsFile = join(folder, 'hosts')
    await writeFile(hostsFile, '# shop.example\n10.0.0.7\tHooks.example api.example # till.example\n')
    const system: LookupAll = (_host, _options, callback) => callback(null, [HERE])
    await withLookup({ system, hostsFile }, async ({ find, asked }) => {
      for (const host of ['hooks.example', 'api.example', 'api.example.']) {
        assert.deepEqual(await find(host), [HERE], host)
      }
      assert.deepEqual(asked, [])
      for (const host of ['shop.example', 'till.example', 'ooks.example']) {
        await assert.rejects(find(host), { code: 'ENOTFOUND' }, host)
      }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
})
