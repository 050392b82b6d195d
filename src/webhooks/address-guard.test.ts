import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { Agent, request } from 'undici'
import {
  type AddressClass,
  AddressRefusedError,
  classifyAddress,
  createGuardedConnector,
  isAddressAllowed,
  type LookupAll,
} from './address-guard.ts'

const CLASSES: Record<AddressClass, string[]> = {
  public: ['8.8.8.8', '196.201.214.200', '2606:4700::1111', '2a00:1450::200e', '64:ff9b::808:808'],
  private: [
    ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['100.64.0.1', '::1', 'fc00::1', 'fd12:3456::1', '64:ff9b::a00:1', '64:ff9b::7f00:1'],
  ],
  forbidden: [
    // This network, link-local, metadata of several clouds, multicast, broadcast, documentation, reserved.
    ...['0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '168.63.129.16', '100.100.100.200'],
    ...['224.0.0.1', '239.1.1.1', '255.255.255.255', '192.0.2.1', '198.51.100.1', '203.0.113.1'],
    ...['198.18.0.1', '240.0.0.1', '192.0.0.192', '192.88.99.1', '::', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
    ...['ff02::1', '2001:db8::1', '3fff::1', '100::1', '4000::1', 'fd00:ec2::254', 'fd20:ce::254'],
    // Wrapped: mapped, compatible, translated, NAT64 (also of local use), 6to4, Teredo.
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '::10.0.0.1'],
    ...['::ffff:0:10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1', '2002:7f00:1::', '2002:a9fe:a9fe::1'],
    ...['2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001::1', 'localhost', '', '1.2.3.4.5', '12345::'],
  ],
}

test('every address that leads inside is told from those that do not', () => {
  for (const [expected, addresses] of Object.entries(CLASSES)) {
    for (const address of addresses) assert.equal(classifyAddress(address), expected, address)
  }
})

test('forbidden addresses stay so where private ones are allowed', () => {
  assert.equal(isAddressAllowed('127.0.0.1', true), true)
  assert.equal(isAddressAllowed('127.0.0.1', false), false)
  assert.equal(isAddressAllowed('169.254.169.254', true), false)
  assert.equal(isAddressAllowed('fd00:ec2::254', true), false)
})

const byte = fc.integer({ min: 0, max: 255 })
const internalIpv4 = fc.oneof(
  fc.tuple(fc.constantFrom(10, 127, 0), byte, byte, byte),
  fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
  fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
)

test('no internal IPv4 address passes, plain or wrapped in any IPv6 form', () => {
  fc.assert(
    fc.property(internalIpv4, (octets) => {
      const dotted = octets.join('.')
      const hex = Buffer.from(octets).toString('hex')
      const groups = `${hex.slice(0, 4)}:${hex.slice(4)}`
      const inverted = Buffer.from(octets.map((octet) => octet ^ 0xff)).toString('hex')
      const teredo = `2001:0:808:808:0:0:${inverted.slice(0, 4)}:${inverted.slice(4)}`
      const wrapped = [`::ffff:${dotted}`, `::${groups}`, `64:ff9b::${groups}`, `2002:${groups}::1`, teredo]
      for (const form of [dotted, ...wrapped]) assert.equal(isAddressAllowed(form, false), false, form)
    }),
  )
})

test('no unique-local, link-local or multicast IPv6 address passes', () => {
  const group = fc.integer({ min: 0, max: 0xffff })
  const first = fc.oneof(
    fc.integer({ min: 0xfc00, max: 0xfdff }),
    fc.integer({ min: 0xfe80, max: 0xfeff }),
    fc.integer({ min: 0xff00, max: 0xffff }),
  )
  fc.assert(
    fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), (head, rest) => {
      const text = [head, ...rest].map((part) => part.toString(16)).join(':')
      assert.equal(isAddressAllowed(text, false), false, text)
    }),
  )
})

let port = 0
const hits: string[] = []
const server = createServer((incoming, reply) => {
  hits.push(incoming.headers.host ?? '')
  reply.end('ok')
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
after(() => server.close())

function answering(addresses: LookupAddress[]): LookupAll & { asked: string[] } {
  const asked: string[] = []
  const lookup: LookupAll = (host, _options, callback) => {
    asked.push(host)
    callback(null, addresses)
  }
  return Object.assign(lookup, { asked })
}

async function get(host: string, lookup: LookupAll, allowPrivate: boolean): Promise<number> {
  const connect = createGuardedConnector({ lookup }, { allowPrivate, connectTimeoutMs: 1_000 })
  const agent = new Agent({ connect, allowH2: false })
  try {
    const answer = await request(`http://${host}:${port}/`, { dispatcher: agent })
    await answer.body.dump()
    return answer.statusCode
  } finally {
    await agent.destroy()
  }
}

test('a name that resolves inside is not connected to', async () => {
  hits.length = 0
  const lookup = answering([{ address: '127.0.0.1', family: 4 }])
  await assert.rejects(get('innocent.example', lookup, false), AddressRefusedError)
  assert.deepEqual(hits, [])
})

test('what was looked up once is what is connected to, and the name stays in the request', async () => {
  hits.length = 0
  const lookup = answering([{ address: '127.0.0.1', family: 4 }])
  assert.equal(await get('shop.example', lookup, true), 200)
  assert.deepEqual(lookup.asked, ['shop.example'])
  assert.deepEqual(hits, [`shop.example:${port}`])
})

test('of several answers only the allowed ones are tried', async () => {
  hits.length = 0
  const mixed = answering([
    { address: '169.254.169.254', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ])
  assert.equal(await get('mixed.example', mixed, true), 200)
  assert.equal(hits.length, 1)
})

test('addresses written into the URL are checked in every notation', async () => {
  hits.length = 0
  const forms = ['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '[::1]', '[::ffff:7f00:1]']
  for (const host of forms) {
    const unused = answering([{ address: '8.8.8.8', family: 4 }])
    await assert.rejects(get(host, unused, false), AddressRefusedError, host)
  }
  assert.deepEqual(hits, [])
})

test('a failed look-up is reported as it is', async () => {
  const failing: LookupAll = (_host, _options, callback) =>
    callback(Object.assign(new Error('nothing there'), { code: 'ENOTFOUND' }), [])
  await assert.rejects(get('nowhere.example', failing, true), { code: 'ENOTFOUND' })
})
