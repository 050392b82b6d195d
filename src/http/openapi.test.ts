import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { CUSTOMER_BUSY, NOT_SENT_CODE } from '../payments/dispatch.ts'
import { PAYMENT_STATES } from '../payments/payment.ts'
import { NOT_ON_STATEMENT_CODE } from '../payments/settle-by-statement.ts'
import { buildOpenApiDocument } from './openapi-document.ts'
import { createServerBed } from './testing/server-bed.ts'
import { PROBLEM_TITLES } from './v1/problem.ts'

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  tags: string[]
  security?: unknown[]
  responses: Json
}

const REDOCLY = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url))

/** Runs the linter with its recommended rules; resolves to what it found. */
async function lint(
  document: object,
): Promise<{ totals: { errors: number; warnings: number }; problems: Json[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-'))
  try {
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document))
    const args = [REDOCLY, 'lint', 'openapi.json', '--extends=recommended', '--format=json']
    const env = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    const output = await new Promise<string>((resolve) => {
      // It ends with 1 when it finds faults, which are in its output.
      execFile(process.execPath, args, { cwd: folder, env }, (_error, stdout) => resolve(stdout))
    })
    return JSON.parse(output)
  } finally {
    await rm(folder, { recursive: true })
  }
}

let document: Json
let operations: Map<string, Operation>
before(async () => {
  document = (await buildOpenApiDocument()) as Json
  const paths = Object.entries(document.paths as Record<string, Record<string, Operation>>)
  operations = new Map(
    paths.flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  )
})

test('the document is valid by an independent linter, with nothing to warn of', async () => {
  const { totals, problems } = await lint(document)
  assert.deepEqual([totals.errors, totals.warnings], [0, 0], JSON.stringify(problems, null, 2))
})

test('the document is found wrong by that linter when it is', async () => {
  const broken = { ...document, info: {} }
  assert.ok((await lint(broken)).totals.errors > 0)
})

test('the document is the same at every build', async () => {
  assert.equal(JSON.stringify(await buildOpenApiDocument()), JSON.stringify(document))
})

test('the document shows all three surfaces, the hooks and the health routes', () => {
  const wanted = [
    'POST /api/mpesa/stkPush',
    'POST /api/mpesa/check-status',
    'POST /api/stk-push',
    'GET /api/stk-push/{trackingId}',
    'POST /hooks/stk-push',
    'POST /hooks/stk-push/{token}',
    'GET /healthz',
    'GET /readyz',
    'POST /v1/payments',
    'GET /v1/payments',
    'GET /v1/payments/{id}',
    'GET /v1/payments/{id}/events',
    'GET /v1/payments/{id}/stream',
    'GET /v1/payments/{id}/trail',
    'POST /v1/payments/{id}/ask',
    'GET /v1/payments/export',
    'GET /v1/payments/stream',
    'GET /v1/overview',
    'POST /v1/phone_numbers/forget',
    'GET /v1/events',
    'POST /v1/webhook_endpoints',
    'GET /v1/webhook_endpoints',
    'GET /v1/webhook_endpoints/{id}',
    'PATCH /v1/webhook_endpoints/{id}',
    'DELETE /v1/webhook_endpoints/{id}',
    'POST /v1/webhook_endpoints/{id}/rotate_secret',
    'POST /v1/webhook_endpoints/{id}/test',
    'POST /v1/webhook_endpoints/{id}/replay',
    'GET /v1/webhook_deliveries',
    'GET /v1/webhook_deliveries/{id}',
    'POST /v1/webhook_deliveries/{id}/retry',
    'GET /v1/webhook_deliveries/{id}/request',
    'POST /v1/webhook_endpoints/{id}/reveal_secret',
    'GET /v1/shortcodes/{id}/sending',
    'POST /v1/shortcodes',
    'GET /v1/shortcodes',
    'GET /v1/shortcodes/{id}',
    'PATCH /v1/shortcodes/{id}',
    'POST /v1/webhook_endpoints/{id}/rotate_key',
    'GET /.well-known/webhook-keys/{merchant}/{endpoint}',
    'POST /v1/shortcodes/{id}/verify',
    'GET /v1/settings',
    'PATCH /v1/settings',
    'POST /v1/api_keys',
    'GET /v1/api_keys',
    'GET /v1/api_keys/{id}',
    'GET /v1/audit_log',
    'DELETE /v1/api_keys/{id}',
    'POST /v1/api_keys/{id}/rotate',
    'GET /v1/network',
    'GET /v1/account',
  ]
  assert.deepEqual([...operations.keys()].sort(), wanted.sort())
})

test('the document has the bodies of webhooks in both formats', () => {
  assert.deepEqual(Object.keys(document.webhooks as Json), ['eventWebhook', 'darajaWebhook'])
})

test('the document names every operation once and gives it one known tag', () => {
  const ids = [...operations.values()].map(({ operationId }) => operationId)
  assert.equal(new Set(ids).size, ids.length)
  const tags = (document.tags as { name: string }[]).map(({ name }) => name)
  for (const [name, { summary, tags: own }] of operations) {
    assert.ok(summary.length > 0, name)
    assert.ok(own.length === 1 && tags.includes(own[0] ?? ''), name)
  }
})

test('the document needs a key everywhere but on the public routes', () => {
  for (const [name, { security, responses }] of operations) {
    const isPublic = /\/(hooks|healthz|readyz|\.well-known)/.test(name)
    assert.equal(Array.isArray(security) && security.length === 0, isPublic, name)
    assert.equal('401' in responses, !isPublic, name)
  }
})

test('the document lists every state of a payment and every code of a problem', () => {
  const { schemas } = document.components as {
    schemas: Record<string, { properties: Record<string, Json> }>
  }
  assert.deepEqual(schemas.Payment?.properties.status?.enum, [...PAYMENT_STATES])
  assert.deepEqual(schemas.Problem?.properties.code?.enum, Object.keys(PROBLEM_TITLES))
})

test('the document lists every code of ours that a result may have', () => {
  const { schemas } = document.components as { schemas: Record<string, { properties: Record<string, Json> }> }
  const result = JSON.stringify(schemas.Payment?.properties.result)
  for (const code of [NOT_SENT_CODE, CUSTOMER_BUSY.resultCode, NOT_ON_STATEMENT_CODE]) {
    assert.ok(result.includes(`\`${code}\``), code)
  }
})

test('the document says of no time that every payment has that it may be null', () => {
  const { schemas } = document.components as { schemas: Record<string, { properties: Record<string, Json> }> }
  const properties = schemas.Payment?.properties ?? {}
  const nullableTimes = Object.entries(properties)
    .filter(([, { anyOf }]) => JSON.stringify(anyOf)?.includes('date-time'))
    .map(([name]) => name)
  assert.deepEqual(nullableTimes, ['paid_at', 'sent_at', 'prompted_at', 'settled_at'])
})

test('the document has the headers of webhooks, and both schemes of their signatures', () => {
  for (const webhook of Object.values(document.webhooks as Record<string, { post: Json }>)) {
    const parameters = webhook.post.parameters as { name: string; required: boolean; description: string }[]
    assert.deepEqual(
      parameters.map(({ name, required }) => [name, required]),
      [
        ['webhook-id', true],
        ['webhook-timestamp', true],
        ['webhook-signature', true],
        ['sukuma-payment-id', false],
      ],
    )
    const signature = parameters[2]?.description ?? ''
    for (const word of ['`v1,`', '`v1a,`', '`whsec_`', '`whpk_`']) assert.ok(signature.includes(word), word)
  }
})

test('the document says of every answer that asks to come again when', () => {
  for (const [name, { responses }] of operations) {
    // Whoever looks at the health of the gateway has a rhythm of their own.
    if (name === 'GET /readyz') continue
    for (const status of ['429', '503']) {
      const answer = responses[status] as Json | undefined
      if (answer !== undefined) assert.ok('headers' in answer, `${status} of ${name}`)
    }
  }
})

test('the document is served with the address at which this gateway is seen', async () => {
  await using bed = await createServerBed()
  const answer = await bed.app.inject('/openapi.json')
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.json().openapi, '3.1.0')
  assert.deepEqual(answer.json().servers, [{ url: 'https://pay.example.org' }])
})
