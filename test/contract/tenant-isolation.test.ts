// Every route of the OpenAPI document, asked for one merchant's things with keys and sessions that have no
// right to them: 404 and 401, lists without them, and not a row changed. A route that is not covered fails.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buildOpenApiDocument } from '../../src/http/openapi-document.ts'
import { type Answer, startTestGateway, type TestGateway } from '../support/gateway.ts'
import { WITH_ACCOUNTS } from '../support/people.ts'
import {
  type Intruder,
  makeIntruders,
  makeThings,
  rowsOfMerchant,
  type Things,
} from '../support/tenant-things.ts'

type Operation = { security?: unknown[]; parameters?: { in: string; name: string }[] }
type Route = { name: string; method: string; form: string; operation: Operation }

let bed: TestGateway
let things: Things
let intruders: Intruder[]
let routes: Route[]
before(async () => {
  bed = await startTestGateway({ env: { ...WITH_ACCOUNTS, SUKUMA_SIGN_UP: 'open' } })
  things = await makeThings(bed)
  intruders = await makeIntruders(bed)
  const document = (await buildOpenApiDocument()) as { paths: Record<string, Record<string, Operation>> }
  routes = Object.entries(document.paths).flatMap(([form, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${form}`
      return { name, method: method.toUpperCase(), form, operation }
    }),
  )
})
after(() => bed[Symbol.asyncDispose]())

/** Anybody may ask these, and nothing secret is behind them. */
const PUBLIC = new Set([
  'GET /healthz',
  'GET /readyz',
  'POST /hooks/stk-push',
  'POST /hooks/stk-push/{token}',
  'GET /.well-known/webhook-keys/{merchant}/{endpoint}',
])

/** Bodies that would do something, were the thing the key's own. */
const OWN_BODIES: Record<string, unknown> = {
  'PATCH /v1/webhook_endpoints/{id}': { status: 'disabled' },
  'POST /v1/webhook_endpoints/{id}/replay': { since: '2026-01-01T00:00:00Z' },
  'PATCH /v1/shortcodes/{id}': { status: 'disabled' },
}

/** What is made names nothing that exists. */
const NAME_NOTHING = new Set([
  'POST /api/mpesa/stkPush',
  'POST /api/stk-push',
  'POST /v1/webhook_endpoints',
  'POST /v1/shortcodes',
  'PATCH /v1/settings',
])

/** What names a thing in its body: what the answer must be. */
const BODIES_THAT_NAME: Record<string, (of: Things) => { body: unknown; statuses: number[] }> = {
  'POST /api/mpesa/check-status': ({ checkoutRequestId }) => ({
    body: { checkoutRequestId },
    statuses: [404],
  }),
  'POST /v1/payments': ({ ids }) => ({
    body: { amount: 1, phone: '254700000001', reference: 'X', shortcode: ids.shortcodes },
    statuses: [422],
  }),
  'POST /v1/phone_numbers/forget': () => ({ body: { phone: '254700000000' }, statuses: [200, 403] }),
  'POST /v1/api_keys': ({ ids }) => ({
    body: { name: 'x', shortcode: ids.shortcodes },
    statuses: [400, 403],
  }),
}

function pathTo({ name, form }: Route): string {
  const resource = form.split('/')[2] ?? ''
  return form.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const id = parameter === 'id' ? things.ids[resource] : things.ids[parameter]
    assert.ok(id !== undefined, `${name}: this test knows no {${parameter}} of it`)
    return id
  })
}

type Headers = Record<string, string>

async function ask(route: Route, path: string, headers: Headers, body?: unknown): Promise<Answer> {
  const json = { 'content-type': 'application/json' }
  return bed.send(route.method, path, {
    headers: { ...headers, ...(body === undefined ? {} : json) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

function assertShowsNothing(answer: Answer, said: string): void {
  // What was asked for may be said again, nothing else of it.
  for (const mark of things.marks) assert.ok(!answer.text.includes(mark), `${said} shows ${mark}`)
}

const isKeyed = ({ name }: Route) => !PUBLIC.has(name)
/** Never ends; `v1-live.test.ts` holds it to showing nobody what is another’s. */
const isEndless = ({ name }: Route) => name === 'GET /v1/payments/stream'
const namesInPath = ({ form }: Route) => form.includes('{')

/**
 * Webhooks, settings and the audit log are of every shortcode: a key of one has no business with them. Two
 * surfaces take no sessions, and a session is of no use with a merchant that is none of theirs.
 */
function statusesFor(route: Route, intruder: Intruder, usual: number[]): number[] {
  const isOfAll = /^\/v1\/(webhook|audit_log|settings)/.test(route.form)
  if (intruder.as === 'bound' && isOfAll) return [403]
  const isSession = intruder.as === 'session' || intruder.as === 'outsider'
  if (isSession && !route.form.startsWith('/v1/')) return [401]
  return intruder.as === 'outsider' ? [404] : usual
}

test('every route is public on purpose, or needs a key', async () => {
  for (const route of routes) {
    const isOpen = route.operation.security?.length === 0
    assert.equal(isOpen, PUBLIC.has(route.name), `${route.name}: public or not?`)
  }
  for (const route of routes.filter(isKeyed)) {
    for (const key of ['', 'sk_test_no', things.ids.api_keys ?? '']) {
      const answer = await ask(
        route,
        pathTo(route),
        { 'x-api-key': key },
        route.method === 'GET' ? undefined : {},
      )
      assert.equal(answer.status, 401, `${route.name}: ${answer.text}`)
    }
  }
})

test('a thing that an address names is found with its owner’s key alone, and stays as it was', async () => {
  const rows = await rowsOfMerchant(bed)
  for (const route of routes.filter(isKeyed).filter(namesInPath)) {
    for (const intruder of intruders) {
      const body = OWN_BODIES[route.name] ?? (route.method === 'POST' ? {} : undefined)
      const answer = await ask(route, pathTo(route), intruder.headers, body)
      const said = `${route.name}, asked by ${intruder.who}: ${answer.status} ${answer.text}`
      assert.ok(statusesFor(route, intruder, [404]).includes(answer.status), said)
      assertShowsNothing(answer, said)
    }
  }
  assert.deepEqual(await rowsOfMerchant(bed), rows)
})

/** What the owner's other keys do to their own side stands in the owner's audit log. */
async function rowsBesidesTheRecord(): Promise<Record<string, string>> {
  const { audit_entries, audit_heads, ...rows } = await rowsOfMerchant(bed)
  assert.ok(audit_entries !== undefined && audit_heads !== undefined)
  return rows
}

test('what a body names is not found either, and what names nothing is known to', async () => {
  const rows = await rowsBesidesTheRecord()
  const makers = routes.filter((route) => isKeyed(route) && !namesInPath(route) && route.method !== 'GET')
  for (const route of makers) {
    if (NAME_NOTHING.has(route.name)) continue
    const named = BODIES_THAT_NAME[route.name]?.(things)
    assert.ok(named !== undefined, `${route.name} is not covered: say what of another's its body can name`)
    for (const intruder of intruders) {
      const answer = await ask(route, pathTo(route), intruder.headers, named.body)
      const said = `${route.name}, asked by ${intruder.who}: ${answer.status} ${answer.text}`
      assert.ok(statusesFor(route, intruder, named.statuses).includes(answer.status), said)
    }
  }
  assert.deepEqual(await rowsBesidesTheRecord(), rows)
})

test('no list shows another’s, whatever it is narrowed by', async () => {
  const values: Record<string, string | undefined> = {
    endpoint: things.ids.webhook_endpoints,
    payment: things.ids.payments,
    phone: '254700000000',
    reference: 'ISOLATED',
    search: 'ISOLATED',
    amount_min: '1',
    shortcode: things.ids.shortcodes,
    receipt: things.marks.find((mark) => /^[A-Z0-9]{10}$/.test(mark)),
    cursor: things.cursor,
  }
  const reads = routes.filter((route) => route.method === 'GET' && !isEndless(route))
  const lists = reads.filter((route) => isKeyed(route) && !namesInPath(route))
  for (const route of lists) {
    const names = (route.operation.parameters ?? []).filter((each) => each.in === 'query')
    const queries = names.flatMap(({ name }) => (values[name] ? [`?${name}=${values[name]}`] : []))
    for (const query of ['', ...queries]) {
      for (const intruder of intruders) {
        const answer = await ask(route, `${pathTo(route)}${query}`, intruder.headers)
        const said = `${route.name}${query}, asked by ${intruder.who}: ${answer.status} ${answer.text}`
        const usual = query === '' ? [200] : [200, 400, 404, 422]
        assert.ok(statusesFor(route, intruder, usual).includes(answer.status), said)
        assertShowsNothing(answer, said)
      }
    }
  }
})

test('the owner’s own key reaches all of it', async () => {
  const reads = routes.filter((each) => each.method === 'GET' && isKeyed(each) && !isEndless(each))
  for (const route of reads) {
    const answer = await ask(route, pathTo(route), { 'x-api-key': bed.merchant.key })
    assert.ok([200, 204].includes(answer.status), `${route.name}: ${answer.status} ${answer.text}`)
  }
})
