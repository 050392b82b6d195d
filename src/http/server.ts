// The HTTP server: limits, keys, and the three surfaces under their addresses.
import { randomUUID } from 'node:crypto'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { SessionAuthenticator } from '../accounts/session-authenticator.ts'
import type { Clock } from '../clock.ts'
import type { PaymentService } from '../payments/payment-service.ts'
import { PUBLIC_KEYS_PATH } from '../webhooks/endpoint-resource.ts'
import { createAddressList } from './address-list.ts'
import { auth } from './auth/auth.ts'
import { type Authenticate, type AuthenticateSession, type Check, createKeyCheck } from './authentication.ts'
import { CONNECTION_LIMITS, guardConnections, isInnerAddress } from './connection-guard.ts'
import { type DashboardDeps, dashboard } from './dashboard/dashboard.ts'
import { decodableUrl } from './decodable-url.ts'
import { createGuessLimit } from './guess-limit.ts'
import { type HookDeps, hooks } from './hooks/hooks.ts'
import { mpesaApi } from './mpesa-api/mpesa-api.ts'
import { registerOpenApi } from './openapi.ts'
import { type OperationsDeps, registerOperations } from './operations.ts'
import { type PagesDeps, registerNoPages, registerPages } from './pages.ts'
import { type OwnPlace, requireSameOrigin } from './same-origin.ts'
import { liveHeader, merchantHeader, principalOfSession } from './session-principal.ts'
import { stkPushApi } from './stk-push-api/stk-push-api.ts'
import { createUnreadableRequests } from './unreadable-request.ts'
import { type V1Deps, v1 } from './v1/v1.ts'
import { webhookKeyRoutes } from './v1/webhook-key-routes.ts'

/** What the server works with. */
export type ServerDeps = {
  clock: Clock
  /** How many processes serve the same clients, this one included; 1 unless told. */
  processes?: number
  log: FastifyBaseLogger
  authenticate: Authenticate
  payments: PaymentService
  hooks: HookDeps
  v1: V1Deps
  operations: OperationsDeps
  /** People's accounts, where there are such. */
  accounts?: Omit<DashboardDeps, 'place'>
  /** The dashboard, where it is served. */
  pages?: PagesDeps
}

/** How the server behaves. */
export type ServerOptions = {
  /** CIDR networks whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[]
  /** False leaves only the health routes: a process that is a worker and nothing else. */
  api: boolean
  /** `/api/stk-push` pushes before it answers. */
  syncStkPush: boolean
  /** Asked at each use: with port 0 it is known only once the server listens. */
  publicUrl: () => string
  /** False: pages are opened at whatever local address. */
  isPublicUrlSet?: boolean
}

/** The largest body that any route takes. */
const BODY_MAX_BYTES = 64 * 1024
/** A body of 64 KiB takes no longer on the slowest phone line; slower is an attack or a dead peer. */
const REQUEST_TIMEOUT_MS = 20_000
/** Headers come in one packet or two. Node takes the larger of the two limits for the whole request. */
const HEADERS_TIMEOUT_MS = 10_000
/** An answer of which nothing is taken for so long is nobody's; callers wait 60 s for one at most. */
const ANSWER_TIMEOUT_MS = 90_000
/** How often Node looks for connections that are over their time; 30 s unless told. */
const TIMEOUT_CHECK_EVERY_MS = 2_000
/** Above the 60 s that load balancers keep idle connections, so that they, not we, close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000
/** As long as all headers may be in Node: an id that is too long is not found, like any that is none. */
const PARAMETER_LENGTH_MAX = 16 * 1024

/** Named at once, so that Fastify loads neither ajv nor its own serialiser; `ignoreSchemas` replaces both. */
const NO_COMPILERS = { buildValidator: neverBuilt, buildSerializer: neverBuilt }

/** A server, not yet listening. */
export async function createServer(deps: ServerDeps, options: ServerOptions): Promise<FastifyInstance> {
  const unreadable = createUnreadableRequests({ log: deps.log, publicUrl: options.publicUrl })
  const app: FastifyInstance = fastify({
    loggerInstance: deps.log,
    clientErrorHandler: unreadable.answer,
    // A payment's steps are logged where they happen, one wide line each.
    // A logger a request would cost more than its lines: those name the request themselves.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: ANSWER_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_EVERY_MS },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    genReqId: () => randomUUID(),
    rewriteUrl: (request) => decodableUrl(request.url ?? '/'),
    routerOptions: {
      maxParamLength: PARAMETER_LENGTH_MAX,
      ignoreTrailingSlash: true,
      // A client whose base address ends in a slash adds another.
      ignoreDuplicateSlashes: true,
    },
    schemaController: { compilersFactory: NO_COMPILERS },
  })
  unreadable.watch(app.server)
  const proxies = createAddressList(options.trustedProxies)
  const isShared = (address: string) => isInnerAddress(address) || proxies.includes(address)
  // What a process can hold stays; what one address may have is the same however many processes there are.
  const perAddress = Math.ceil(CONNECTION_LIMITS.perAddress / (deps.processes ?? 1))
  guardConnections(app.server, isShared, { ...CONNECTION_LIMITS, perAddress })
  ignoreSchemas(app)
  app.decorateRequest('principal', null)
  app.decorateRequest('reauthenticate', null)
  if (!options.api) {
    await registerOperations(app, deps.operations)
    return app
  }
  await registerOpenApi(app, { publicUrl: options.publicUrl })
  await registerOperations(app, deps.operations)
  if (deps.pages === undefined) registerNoPages(app, options.publicUrl)
  else registerPages(app, deps.pages)
  await app.register(async (scope) => hooks(scope, deps.hooks), { prefix: '/hooks' })
  const guessLimit = createGuessLimit(deps)
  const webhookKeys = async (scope: FastifyInstance) => webhookKeyRoutes(scope, { ...deps.v1, guessLimit })
  await app.register(webhookKeys, { prefix: PUBLIC_KEYS_PATH })
  await registerKeyed(app, deps, options)
  return app
}

function neverBuilt(): never {
  throw new Error('schemas are documentation')
}

/** The schemas of routes are documentation: surfaces read their own bodies, with their own texts. */
function ignoreSchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(() => () => true)
  // Answers go out as they are: a serialiser made of the schemas drops what they do not list, and takes 15 µs
  // for a payment where JSON.stringify takes 1 to 3.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** The surfaces that need a key. */
async function registerKeyed(app: FastifyInstance, deps: ServerDeps, options: ServerOptions): Promise<void> {
  const { requireKey, requireKeyOrSession } = createKeyCheck(deps)
  const checked = (check: Check, surface: (scope: FastifyInstance) => Promise<void>) => {
    return async (scope: FastifyInstance) => {
      scope.addHook('onRequest', check)
      await surface(scope)
    }
  }
  const { payments, accounts } = deps
  const place = { publicUrl: options.publicUrl, isPublicUrlSet: options.isPublicUrlSet ?? true }
  const mpesa = checked(requireKey, (scope) => mpesaApi(scope, { payments }))
  const stkPush = checked(requireKey, (scope) => stkPushApi(scope, { payments, sync: options.syncStkPush }))
  await app.register(mpesa, { prefix: '/api/mpesa' })
  await app.register(stkPush, { prefix: '/api' })
  const check =
    accounts === undefined ? requireKey : requireKeyOrSession(ofSession(accounts.accounts.sessions, place))
  await app.register(
    checked(check, (scope) => v1(scope, deps.v1)),
    { prefix: '/v1' },
  )
  if (accounts === undefined) return
  await app.register(async (scope) => auth(scope, { ...accounts, place }), { prefix: '/auth' })
  await app.register(async (scope) => dashboard(scope, { ...accounts, place }), { prefix: '/dashboard' })
}

/** Who has signed in, as the merchant and side that the request's headers name. */
function ofSession(sessions: SessionAuthenticator, place: OwnPlace): AuthenticateSession {
  return async (request) => {
    requireSameOrigin(request, place)
    return principalOfSession(sessions, request, () => ({
      merchantId: merchantHeader(request),
      live: liveHeader(request),
    }))
  }
}
