// The control routes under /simulator: the ledger, the switches, the credentials, the prompts and the phones.
import { TEST_NUMBERS } from './behaviours.ts'
import { parseCredential } from './credentials.ts'
import { DEFAULT_FAULTS, FAULT_RULES, parseFaults } from './faults.ts'
import { parseJsonObject } from './json-body.ts'
import type { LedgerFilter } from './ledger.ts'
import { PHONE_ROUTES } from './phone-routes.ts'
import { parsePullSwitches } from './pull-switches.ts'
import { jsonReply, mistakes, type Reply } from './reply.ts'
import type { Routes, SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'
import { watch } from './watch-stream.ts'

const LEDGER_LIMIT_DEFAULT = 100
/** About 5 MB of JSON: a drill reads on with `before`. */
const LEDGER_LIMIT_MAX = 10_000
/** Faster than this, a prompt is gone before anybody sees it; slower, a day passes in a test. */
const SPEED_MIN = 0.01
const SPEED_MAX = 1000

/** Every control route. None asks who is calling: control-access.ts keeps other origins' pages out. */
export const CONTROL_ROUTES: Routes = {
  '/simulator': { GET: listRoutes },
  '/simulator/ledger': { GET: readLedger },
  '/simulator/faults': { GET: ({ faults }) => jsonReply(200, faults), PUT: putFaults },
  '/simulator/switches': { GET: () => jsonReply(200, { rules: FAULT_RULES, defaults: DEFAULT_FAULTS }) },
  '/simulator/speed': {
    GET: ({ timers }) => jsonReply(200, { speed: timers.speed() }),
    PUT: putSpeed,
  },
  '/simulator/pull': { GET: ({ pull }) => jsonReply(200, pull), PUT: putPull },
  '/simulator/credentials': {
    GET: ({ credentials }) => jsonReply(200, { credentials: credentials.list() }),
    PUT: putCredential,
  },
  '/simulator/test-numbers': { GET: () => jsonReply(200, { numbers: TEST_NUMBERS }) },
  '/simulator/watch': { GET: watch },
  ...PHONE_ROUTES,
}

/** The one read that also does something: it holds phones. */
export const STREAM_PATH = '/simulator/watch'

/** What the simulator can be asked, for whoever looks at it without a browser. */
export function listRoutes(): Reply {
  return jsonReply(200, {
    name: 'Daraja simulator',
    routes: Object.entries(CONTROL_ROUTES).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace('{}', '{id}')}`),
    ),
  })
}

function readLedger({ ledger }: Simulation, { query }: SimulatorRequest): Reply {
  const limit = readCount(query.get('limit'), LEDGER_LIMIT_DEFAULT)
  const before = readCount(query.get('before'), ledger.count() + 1)
  if (limit === null || limit > LEDGER_LIMIT_MAX) {
    return mistakes([`limit: must be a whole number from 1 to ${LEDGER_LIMIT_MAX}`])
  }
  if (before === null) return mistakes(['before: must be a sequence number'])
  const filter: LedgerFilter = { before }
  const [checkout, phone, reference] = [query.get('checkout'), query.get('phone'), query.get('reference')]
  if (checkout !== null) filter.checkoutRequestId = checkout
  if (phone !== null) filter.phone = phone
  if (reference !== null) filter.reference = reference
  const entries = ledger.list(filter, limit)
  const last = entries.length === limit ? entries.at(-1) : undefined
  return jsonReply(200, { entries, count: ledger.count(), nextBefore: last?.sequence ?? null })
}

function putFaults(simulation: Simulation, request: SimulatorRequest): Reply {
  const parsed = parseFaults(parseJsonObject(request.body))
  if (!parsed.ok) return mistakes(parsed.errors)
  simulation.faults = parsed.faults
  simulation.changes.settings()
  return jsonReply(200, parsed.faults)
}

function putSpeed({ timers, changes }: Simulation, request: SimulatorRequest): Reply {
  const speed = parseJsonObject(request.body)?.speed
  if (typeof speed !== 'number' || !(speed >= SPEED_MIN && speed <= SPEED_MAX)) {
    return mistakes([`speed: must be a number from ${SPEED_MIN} to ${SPEED_MAX}`])
  }
  timers.setSpeed(speed)
  changes.settings()
  return jsonReply(200, { speed })
}

function putPull(simulation: Simulation, request: SimulatorRequest): Reply {
  const parsed = parsePullSwitches(parseJsonObject(request.body))
  if (!parsed.ok) return mistakes(parsed.errors)
  simulation.pull = parsed.switches
  return jsonReply(200, parsed.switches)
}

function putCredential({ credentials }: Simulation, request: SimulatorRequest): Reply {
  const parsed = parseCredential(parseJsonObject(request.body))
  if (!parsed.ok) return mistakes(parsed.errors)
  if (!credentials.register(parsed.credential)) return mistakes(['there is no room for another credential'])
  const { consumerKey, shortcode, kinds, tillNumber } = parsed.credential
  return jsonReply(200, { consumerKey, shortcode, kinds, tillNumber: tillNumber ?? null })
}

function readCount(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
