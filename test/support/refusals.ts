// Bad input and what must come of it: a clear 4xx in the surface's own shape, on every route there is.
import assert from 'node:assert/strict'
import { buildOpenApiDocument } from '../../src/http/openapi-document.ts'
import { type AnswerChecker, createAnswerChecker } from '../../src/http/testing/answer-checker.ts'
import { prefixedId, type Uuid } from '../../src/ids.ts'
import { type Answer, objectIn, type TestGateway } from './gateway.ts'

/** A route as the OpenAPI document has it, with ids of the test merchant in its address. */
export type Route = {
  method: string
  /** Such as `/v1/payments/{id}`. */
  form: string
  path: string
  query: string[]
  /** The fields of its JSON body; null: it takes no body. */
  fields: string[] | null
  isBodyRequired: boolean
  takesForms: boolean
}

/** What is sent. */
export type BadRequest = Parameters<TestGateway['send']>[2]

/** A gateway that bad requests are sent to. */
export type RefusalBench = {
  bed: TestGateway
  routes: Route[]
  /** Sends a request and fails unless it is refused, with one of `statuses` and in the surface's shape. */
  refused(method: string, path: string, init: BadRequest, statuses: number[], what?: string): Promise<Answer>
  /** Sends a request and fails unless it is refused or done; both as documented, and no 5xx. */
  bearable(route: Route, path: string, init: BadRequest, what: string): Promise<Answer>
  /** How many payments were ever made. */
  paymentCount(): Promise<number>
}

/** Inner parts that no answer may show. */
const INTERNALS = /node_modules|\.ts:\d|pg_|insert into|select .* from|\bat [A-Z]\w+\./

/** A bench over `bed`. */
export async function createRefusalBench(bed: TestGateway): Promise<RefusalBench> {
  const check = await createAnswerChecker()
  const routes = await findRoutes(bed)
  return {
    bed,
    routes,
    async refused(method, path, init, statuses, what = '') {
      const answer = await bed.send(method, path, init)
      const said = tell(method, path, what, answer)
      assert.ok(statuses.includes(answer.status), `expected ${statuses.join(' or ')}: ${said}`)
      if (method !== 'HEAD') assertShape(path, answer, said)
      return answer
    },
    async bearable(route, path, init, what) {
      const answer = await bed.send(route.method, path, init)
      const said = tell(route.method, path, what, answer)
      assert.ok(answer.status >= 200 && answer.status < 500, said)
      if (answer.status >= 400) assertShape(path, answer, said)
      assert.equal(documented(check, route, answer), null, said)
      return answer
    },
    async paymentCount() {
      const { rows } = await bed.db.pool.query<{ count: number }>(
        'select count(*)::integer as count from payments',
      )
      return rows[0]?.count ?? 0
    },
  }
}

function tell(method: string, path: string, what: string, { status, text }: Answer): string {
  return `${method} ${path.slice(0, 80)} ${what}: ${status} ${text.slice(0, 300)}`
}

function documented(check: AnswerChecker, route: Route, answer: Answer): string | null {
  const contentType = answer.headers.get('content-type') ?? undefined
  const { method, path } = route
  return check({ method, path, status: answer.status, contentType, text: answer.text })
}

/** Fails unless an error is in the shape of the surface that `path` belongs to. */
export function assertShape(path: string, answer: Answer, said: string): void {
  assert.doesNotMatch(answer.text, INTERNALS, said)
  const contentType = answer.headers.get('content-type') ?? ''
  const { body } = answer
  if (path.startsWith('/v1')) {
    assert.match(contentType, /^application\/problem\+json/, said)
    const { type, title, status, detail, code, errors, request_id, ...more } = body
    assert.deepEqual(more, {}, said)
    for (const text of [type, title, detail, code, request_id]) assertText(text, said)
    assert.ok(String(type).endsWith(`/docs/errors/${code}`), said)
    assert.equal(status, answer.status, said)
    assertErrors(errors, said)
  } else if (path.startsWith('/hooks')) {
    assert.match(contentType, /^application\/json/, said)
    assert.deepEqual(Object.keys(body), ['ResultCode', 'ResultDesc'], said)
    assert.equal(body.ResultCode, 1, said)
    assertText(body.ResultDesc, said)
  } else {
    assert.match(contentType, /^application\/json/, said)
    const { success, message, errors, ...more } = body
    assert.deepEqual([success, more], [false, {}], said)
    assertText(message, said)
    assertErrors(errors, said)
  }
}

function assertText(value: unknown, said: string): void {
  assert.ok(typeof value === 'string' && value !== '' && value.isWellFormed(), said)
}

function assertErrors(errors: unknown, said: string): void {
  if (errors === undefined) return
  assert.ok(typeof errors === 'object' && errors !== null, said)
  const entries = Object.entries(errors)
  assert.ok(entries.length > 0, said)
  for (const [, texts] of entries) {
    assert.ok(Array.isArray(texts) && texts.length > 0, said)
    for (const text of texts) assertText(text, said)
  }
}

type Json = Record<string, unknown>
type Operation = {
  parameters?: { in: string; name: string }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: Json }> }
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

async function findRoutes(bed: TestGateway): Promise<Route[]> {
  const document = (await buildOpenApiDocument()) as Document
  const ids = await createIds(bed)
  return Object.entries(document.paths).flatMap(([form, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      form,
      path: form
        .replace('{trackingId}', ids.tracking ?? '')
        .replace('{token}', 'token')
        .replace('{id}', ids[form.split('/')[2] ?? ''] ?? 'id'),
      query: (operation.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name),
      fields: fieldsOf(document, operation),
      isBodyRequired: operation.requestBody?.required === true,
      takesForms: operation.requestBody?.content['application/x-www-form-urlencoded'] !== undefined,
    })),
  )
}

function fieldsOf(document: Document, operation: Operation): string[] | null {
  const schema = operation.requestBody?.content['application/json']?.schema
  if (schema === undefined) return null
  const name = typeof schema.$ref === 'string' ? (schema.$ref.split('/').at(-1) ?? '') : null
  const found = name === null ? schema : document.components.schemas[name]
  return Object.keys(Object(found?.properties))
}

/** Something of every kind that an address can name. */
async function createIds(bed: TestGateway): Promise<Record<string, string>> {
  const made = async (path: string, body: unknown) => {
    const answer = await bed.post(path, body)
    assert.equal(answer.status, 201, answer.text)
    return String(answer.body.id)
  }
  const payment = await bed.post('/v1/payments', {
    amount: 1,
    phone: '254700000000',
    reference: 'A',
    wait: 20,
  })
  assert.equal(payment.status, 201, payment.text)
  const endpoint = await made('/v1/webhook_endpoints', { url: 'https://example.com/' })
  const test = await bed.post(`/v1/webhook_endpoints/${endpoint}/test`, {})
  assert.equal(test.status, 202, test.text)
  return {
    tracking: String(objectIn({ payment: payment.body }, 'payment').tracking_id),
    payments: String(payment.body.id),
    webhook_endpoints: endpoint,
    webhook_deliveries: String(test.body.id),
    shortcodes: prefixedId('sc', bed.merchant.shortcodeId satisfies Uuid),
    api_keys: await made('/v1/api_keys', { name: 'other' }),
  }
}
