// Bad requests on every route that the OpenAPI document lists: refused in the surface's own shape, or done.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { BROKEN_BODIES, ODD_VALUES } from '../support/odd-values.ts'
import { createRefusalBench, type RefusalBench, type Route } from '../support/refusals.ts'

let bed: TestGateway
let bench: RefusalBench
before(async () => {
  bed = await startTestGateway()
  bench = await createRefusalBench(bed)
})
after(() => bed[Symbol.asyncDispose]())

const JSON_HEADERS = { 'content-type': 'application/json' }
const isHook = ({ form }: Route) => form.startsWith('/hooks')
const isKeyed = ({ form }: Route) => /^\/(api|v1)\//.test(form)

/** The routes that take a JSON body; hooks read theirs with less care, as whatever is no callback is none. */
const bodied = () => bench.routes.filter(({ fields }) => fields !== null)

test('every route that needs a key refuses those without a good one, in one text', async () => {
  const keys = [
    '',
    'x',
    'sk_test_',
    'sk_live_0000000000',
    `sk_test_${'a'.repeat(5_000)}`,
    'null',
    '\u00ff',
    '%00',
  ]
  for (const { method, path } of bench.routes.filter(isKeyed)) {
    const texts = new Set<unknown>()
    for (const key of keys) {
      for (const headers of [{ 'x-api-key': key }, { 'x-api-key': '', authorization: `Bearer ${key}` }]) {
        const { body } = await bench.refused(method, path, { headers }, [401], key.slice(0, 30))
        texts.add(body.message ?? body.detail)
      }
    }
    const basic = { 'x-api-key': '', authorization: `Basic ${bed.merchant.key}` }
    await bench.refused(method, path, { headers: basic }, [401], 'Basic')
    assert.deepEqual([...texts], ['Unauthenticated.'])
  }
})

test('every route that takes a body refuses one that is broken', async () => {
  for (const route of bodied()) {
    for (const body of BROKEN_BODIES) {
      // Where a body may be left out, null is none, and so is a list of nothing.
      if ((body === 'null' || body === '[]') && !route.isBodyRequired) continue
      const init = { body, headers: JSON_HEADERS }
      await bench.refused(route.method, route.path, init, [400], body.toString('latin1').slice(0, 40))
    }
    if (route.isBodyRequired) await bench.refused(route.method, route.path, { headers: JSON_HEADERS }, [400])
  }
})

test('every route that takes a body refuses one of more than 64 KiB', async () => {
  for (const { method, path } of bodied()) {
    for (const length of [64 * 1024 + 1, 1024 * 1024]) {
      const body = `{"a":"${'x'.repeat(length - 8)}"}`
      await bench.refused(method, path, { body, headers: JSON_HEADERS }, [413], `${length} bytes`)
    }
  }
})

test('every route that takes a body refuses those of other content types', async () => {
  const types = [
    ...[
      'text/plain',
      'text/html',
      'application/xml',
      'application/octet-stream',
      'multipart/form-data; boundary=x',
    ],
    ...[
      'application/jsonx',
      'application/vnd.api+json',
      'json',
      ';',
      'application/json, text/plain',
      'a/b/c',
    ],
    ...['application/json/x', '*/*'],
  ]
  for (const route of bodied().filter((each) => !isHook(each))) {
    const more = route.takesForms ? [] : ['application/x-www-form-urlencoded']
    for (const type of [...types, ...more]) {
      const init = { body: Buffer.from('{}'), headers: { 'content-type': type } }
      await bench.refused(route.method, route.path, init, [415], type)
    }
    // Bytes without any content type.
    await bench.refused(route.method, route.path, { body: Buffer.from('{}') }, [415], 'none')
  }
})

let nextPhone = 254_712_000_000

/** A body that is good but for the field under test, so that what lies behind the reading is reached too. */
function goodBody(form: string): Record<string, unknown> {
  // One customer is asked for one payment at a time.
  nextPhone += 1
  const phone = String(nextPhone)
  const credentials = { consumer_key: 'k', consumer_secret: 's', passkey: 'p' }
  const bodies: Record<string, Record<string, unknown>> = {
    '/api/mpesa/stkPush': { amount: 1, phoneNumber: phone, accountId: 'A' },
    '/api/stk-push': { amount: 1, phone, reference: 'A' },
    '/v1/payments': { amount: 1, phone, reference: 'A' },
    '/v1/webhook_endpoints': { url: 'https://example.com/' },
    '/v1/shortcodes': { environment: 'simulator', number: '600999', ...credentials },
    '/v1/api_keys': { name: 'odd' },
  }
  return bodies[form] ?? {}
}

/** `base` with `field` given as the JSON text `value`. */
function withField(base: Record<string, unknown>, field: string, value: string): string {
  const others = Object.entries(base).filter(([name]) => name !== field)
  const texts = others.map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`)
  return `{${[...texts, `${JSON.stringify(field)}:${value}`].join(',')}}`
}

test('odd values in any field of any route are refused, or taken, but break nothing', async () => {
  for (const route of bodied()) {
    for (const field of [...(route.fields ?? []), 'unknown']) {
      for (const value of ODD_VALUES) {
        const init = { body: withField(goodBody(route.form), field, value), headers: JSON_HEADERS }
        const answer = await bench.bearable(route, route.path, init, `${field} = ${value.slice(0, 40)}`)
        // A merchant may have a few endpoints only.
        if (answer.status === 201 && route.form === '/v1/webhook_endpoints') {
          await bed.send('DELETE', `${route.path}/${answer.body.id}`, {})
        }
      }
    }
  }
})

const ODD_QUERY_VALUES = [
  ...[
    '',
    '%00',
    'a%00',
    '%',
    '%ZZ',
    '%ED%A0%80',
    '%F0%9F%98%80',
    '%20',
    '-1',
    '0',
    '1e400',
    'NaN',
    '1.5',
    '[]',
    '{}',
  ],
  ...[
    '__proto__',
    'null',
    '%27%20or%201=1--',
    '99999999999999999999',
    'x'.repeat(4_000),
    '%0d%0ax:1',
    '+',
    '&=&',
  ],
]

test('odd values in any query parameter are refused, or taken, but break nothing', async () => {
  for (const route of bench.routes.filter(({ method, query }) => method === 'GET' && query.length > 0)) {
    for (const name of [...route.query, `${route.query[0]}[]`, `${route.query[0]}[a]`]) {
      for (const value of ODD_QUERY_VALUES) {
        await bench.bearable(route, `${route.path}?${name}=${value}`, {}, '')
      }
    }
  }
})

test('a query parameter that is given twice, or holds NUL, is refused', async () => {
  for (const { method, form, path, query } of bench.routes) {
    for (const name of query) {
      const body = method === 'GET' ? {} : { body: JSON.stringify(goodBody(form)), headers: JSON_HEADERS }
      await bench.refused(method, `${path}?${name}=1&${name}=1`, body, [400, 422])
      await bench.refused(method, `${path}?${name}=%00`, body, [400, 422])
    }
  }
})

test('the native surface refuses query parameters that it does not know', async () => {
  for (const { method, path } of bench.routes.filter((each) => each.form.startsWith('/v1/'))) {
    if (method !== 'GET' || /\/(we|wd|sc|key)_\w+$/.test(path)) continue
    await bench.refused(method, `${path}?surprise=1`, {}, [400])
    await bench.refused(method, `${path}?__proto__=1`, {}, [400])
  }
})

test('addresses at which there is nothing are not found, in the shape of the surface below', async () => {
  const odd = ['%00', '%ZZ', '%', '%C0%80', '..%2f..%2fetc', ';x', 'x y', 'x'.repeat(300), 'y'.repeat(9_000)]
  const parents = ['/api/stk-push', '/v1/payments', '/v1/shortcodes', '/v1/api_keys', '/v1/webhook_endpoints']
  for (const parent of parents) {
    for (const each of odd) await bench.refused('GET', `${parent}/${each}`, {}, [404])
  }
  for (const each of odd) {
    await bench.refused('GET', `/api/mpesa/${each}`, {}, [404])
    await bench.refused('POST', `/v1/payments/${each}/nothing`, {}, [404])
    await bench.refused('POST', `/hooks/stk-push/${each}`, {}, [400, 404])
    await bench.refused('POST', `/hooks/${each}`, {}, [404])
  }
  for (const path of [
    '/api',
    '/api/mpesa',
    '/v1',
    '/v1/',
    '/hooks',
    '/hooks/a',
    '/api/mpesa/stkPush/a',
    '/v1/a/b/c',
  ]) {
    await bench.refused('GET', path, {}, [404])
  }
})

test('an id of another kind, or of another merchant, is not found', async () => {
  const other = await bed.addMerchant('other')
  const headers = { 'x-api-key': other.key }
  const wrongKind = `evt_${'0'.repeat(32)}`
  for (const { method, form, path } of bench.routes.filter((each) => /\{(id|trackingId)\}/.test(each.form))) {
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{"since":"2026-01-01T00:00:00Z"}' }
    const needsBody = form.endsWith('/replay')
    const init = needsBody ? { ...body, headers: { ...JSON_HEADERS, ...headers } } : { headers }
    if (method === 'PATCH') Object.assign(init, { body: '{}', headers: { ...JSON_HEADERS, ...headers } })
    await bench.refused(method, path, init, [404], 'foreign')
    const replaced = form.replace(/\{(id|trackingId)\}/, wrongKind)
    await bench.refused(
      method,
      replaced,
      { ...init, headers: { ...init.headers, 'x-api-key': bed.merchant.key } },
      [404],
    )
  }
})

test('methods that a route does not know are refused', async () => {
  const methods = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'HEAD', 'QUERY', 'LOCK']
  for (const path of ['/api/mpesa/stkPush', '/api/mpesa/check-status', '/api/stk-push']) {
    for (const method of ['GET', ...methods]) await bench.refused(method, path, {}, [404, 405, 400])
  }
  for (const method of methods.filter((each) => each !== 'HEAD')) {
    await bench.refused(method, '/v1/payments', {}, [404, 405, 400])
  }
})

test('after all that it works as before', async () => {
  const health = await bed.get('/readyz')
  assert.deepEqual(health.body, { status: 'ready' })
  const listed = await bed.get('/v1/payments?limit=1')
  assert.equal(listed.status, 200)
})
