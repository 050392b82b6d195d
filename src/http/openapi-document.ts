// The OpenAPI document of a gateway that does not run, for `npm run build` and the tests.
import { systemClock } from '../clock.ts'
import { silentLogger } from '../log.ts'
import { createServer, type ServerDeps } from './server.ts'

/** Relative to where the document is served; a running gateway names its own address. */
const ANY_SERVER = '/'

/** The document, the same at every call. */
export async function buildOpenApiDocument(): Promise<object> {
  const app = await createServer(idleServerDeps(), {
    trustedProxies: [],
    api: true,
    syncStkPush: false,
    publicUrl: () => ANY_SERVER,
  })
  try {
    await app.ready()
    return app.swagger()
  } finally {
    await app.close()
  }
}

/** The document is made of routes; nothing that is behind them is ever called. */
function uncalled(): never {
  throw new Error('nothing is called to make the OpenAPI document')
}

function idlePayments(): ServerDeps['payments'] {
  return {
    create: uncalled,
    find: uncalled,
    findByCheckout: uncalled,
    list: uncalled,
    eventsOf: uncalled,
    feed: uncalled,
    ask: uncalled,
    waitFor: uncalled,
    subscribe: uncalled,
    receiveCallback: uncalled,
    shedUnread: uncalled,
    lookForOpenWork: uncalled,
    sweepQueued: uncalled,
    whenQueued: uncalled,
    sweepLapsed: uncalled,
    sweepQuestions: uncalled,
    backlog: uncalled,
    inFlight: uncalled,
    pushLanes: uncalled,
    idle: uncalled,
  }
}

/** Parts of a server that nobody may call. */
export function idleServerDeps(): ServerDeps {
  const payments = idlePayments()
  return {
    clock: systemClock,
    log: silentLogger,
    authenticate: uncalled,
    payments,
    hooks: {
      receiveCallback: uncalled,
      shedUnread: uncalled,
      readToken: uncalled,
      isAllowedAddress: uncalled,
    },
    operations: { ready: uncalled },
    v1: {
      publicUrl: uncalled,
      payments,
      webhooks: {
        createEndpoint: uncalled,
        findEndpoint: uncalled,
        listEndpoints: uncalled,
        updateEndpoint: uncalled,
        deleteEndpoint: uncalled,
        rotateSecret: uncalled,
        rotateSigningKey: uncalled,
        findPublicKeys: uncalled,
        replayGap: uncalled,
        sendTestEvent: uncalled,
        replayEndpoint: uncalled,
        findDelivery: uncalled,
        listDeliveries: uncalled,
        retryDelivery: uncalled,
        describeDeliveryRequest: uncalled,
        revealSecret: uncalled,
      },
      network: { windowMs: 0, read: uncalled, breakers: uncalled },
      readSending: uncalled,
      trails: { read: uncalled },
      insight: {
        overview: uncalled,
        search: uncalled,
        estimate: uncalled,
        watch: uncalled,
        forgetPhone: uncalled,
        timeZoneOf: uncalled,
        shortcodeOf: uncalled,
      },
      audit: { record: uncalled, list: uncalled },
      merchantSettings: { read: uncalled, change: uncalled, isSendingMail: false },
      shortcodes: { create: uncalled, find: uncalled, list: uncalled, update: uncalled, verify: uncalled },
      apiKeys: { create: uncalled, find: uncalled, list: uncalled, revoke: uncalled, rotate: uncalled },
    },
  }
}
