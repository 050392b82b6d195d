// A server over parts that a test gives, asked in process. Every answer is held to the OpenAPI document.
import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { systemClock } from '../../clock.ts'
import { createUuidSource } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import { DEFAULT_SETTINGS } from '../../merchants/merchant-settings.ts'
import { SCOPES } from '../../merchants/scopes.ts'
import { idleServerDeps } from '../openapi-document.ts'
import { createServer, type ServerDeps } from '../server.ts'
import type { V1Deps } from '../v1/v1.ts'
import { type AnswerChecker, createAnswerChecker } from './answer-checker.ts'

/** The key of the beds' one merchant. */
export const BED_KEY = 'sk_test_bed'
const PUBLIC_URL = 'https://pay.example.org'

/** An answer. */
export type BedAnswer = {
  status: number
  headers: OutgoingHttpHeaders
  text: string
  body: Record<string, unknown>
}

/** A server under test. */
export type ServerBed = AsyncDisposable & {
  app: FastifyInstance
  /** Asks with the bed's key unless `headers` name another; an object is sent as JSON. */
  ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, options?: BedRequest): Promise<BedAnswer>
}

/** What a request may carry. */
export type BedRequest = { body?: unknown; raw?: string | Buffer; headers?: Record<string, string> }

/** What a test puts in place of parts that nobody may call. */
export type BedParts = {
  principal?: Partial<Principal>
  /** Among how many processes limits are shared. */
  processes?: number
  /** What a look at a key waits for. */
  beforeKey?: () => Promise<void>
  /** Principals of other keys. */
  others?: Record<string, Principal>
  payments?: Partial<ServerDeps['payments']>
  webhooks?: Partial<V1Deps['webhooks']>
  shortcodes?: Partial<V1Deps['shortcodes']>
  apiKeys?: Partial<V1Deps['apiKeys']>
  merchantSettings?: Partial<V1Deps['merchantSettings']>
  audit?: Partial<V1Deps['audit']>
  insight?: Partial<V1Deps['insight']>
  ready?: ServerDeps['operations']['ready']
}

/** The one who asks, when the bed's key is presented. */
export function bedPrincipal(changes: Partial<Principal> = {}): Principal {
  const newUuid = createUuidSource(systemClock)
  return {
    merchantId: newUuid(),
    merchantName: 'Bed',
    actor: { kind: 'key', id: newUuid(), name: 'Bed' },
    live: false,
    shortcodeId: null,
    scopes: new Set(SCOPES),
    ...changes,
  }
}

/** A server over `parts`. */
export async function createServerBed(parts: BedParts = {}): Promise<ServerBed> {
  const idle = idleServerDeps()
  const payments = { ...idle.payments, ...parts.payments }
  const principal = bedPrincipal(parts.principal)
  const app = await createServer(
    {
      ...idle,
      ...(parts.processes !== undefined && { processes: parts.processes }),
      authenticate: async (key) => {
        await parts.beforeKey?.()
        return key === BED_KEY ? principal : (parts.others?.[key] ?? null)
      },
      payments,
      operations: { ready: parts.ready ?? (async () => ({ ok: true })) },
      v1: {
        publicUrl: () => PUBLIC_URL,
        payments,
        webhooks: { ...idle.v1.webhooks, ...parts.webhooks },
        shortcodes: { ...idle.v1.shortcodes, ...parts.shortcodes },
        apiKeys: { ...idle.v1.apiKeys, ...parts.apiKeys },
        network: idle.v1.network,
        readSending: idle.v1.readSending,
        trails: idle.v1.trails,
        insight: { ...idle.v1.insight, ...parts.insight },
        merchantSettings: {
          ...idle.v1.merchantSettings,
          read: async () => ({ settings: { ...DEFAULT_SETTINGS, name: 'Bed' }, updatedAt: null }),
          ...parts.merchantSettings,
        },
        audit: { record: async () => true, list: async () => [], ...parts.audit },
      },
    },
    { trustedProxies: [], api: true, syncStkPush: false, publicUrl: () => PUBLIC_URL },
  )
  const check = await createAnswerChecker()
  return {
    app,
    ask: (method, url, options = {}) => ask(app, check, method, url, options),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

async function ask(
  app: FastifyInstance,
  check: AnswerChecker,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { body, raw, headers }: BedRequest,
): Promise<BedAnswer> {
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const answer = await app.inject({
    method,
    url,
    headers: {
      'x-api-key': BED_KEY,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { payload }),
  })
  const type = answer.headers['content-type']
  const contentType = typeof type === 'string' ? type : undefined
  const path = url.split('?')[0] ?? url
  const { statusCode: status, body: text } = answer
  const fault = check({ method, path, status, contentType, text })
  assert.equal(fault, null, `${method} ${url} was answered ${status}: ${text}`)
  const isJson = contentType?.includes('json') === true && text !== ''
  return { status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : {} }
}
