// The control routes under /simulator: the ledger, the switches, the credentials, the prompts and the phones.
import { parseTestPhone } from './behaviours.ts'
import { parseCredential } from './credentials.ts'
import { parseFaults } from './faults.ts'
import { type JsonObject, parseJsonObject, textField } from './json-body.ts'
import type { LedgerFilter } from './ledger.ts'
import type { Prompt } from './prompts.ts'
import { parsePullSwitches } from './pull-switches.ts'
import { jsonReply, type Reply } from './reply.ts'
import type { Routes, SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const LEDGER_LIMIT_DEFAULT = 100
/** About 5 MB of JSON: a drill reads on with `before`. */
const LEDGER_LIMIT_MAX = 10_000
const PROMPTS_MAX = 1000
const PHONE_FORM = /^254[17]\d{8}$/
const PIN_FORM = /^\d{4}$/
const WRONG_PIN_CODE = '2001'

/** What each answer of a customer comes to; null: the phone is put away. */
const ACTION_CODES: ReadonlyMap<string, string | null> = new Map([
  ['pay', '0'],
  ['cancel', '1032'],
  ['wrong_pin', WRONG_PIN_CODE],
  ['insufficient', '1'],
  ['ignore', null],
])

/** Every control route. None asks who is calling: the simulator listens on loopback and holds no money. */
export const CONTROL_ROUTES: Routes = {
  '/': { GET: index },
  '/simulator/ledger': { GET: readLedger },
  '/simulator/faults': { GET: ({ faults }) => jsonReply(200, faults), PUT: putFaults },
  '/simulator/pull': { GET: ({ pull }) => jsonReply(200, pull), PUT: putPull },
  '/simulator/credentials': {
    GET: ({ credentials }) => jsonReply(200, { credentials: credentials.list() }),
    PUT: putCredential,
  },
  '/simulator/prompts': { GET: listPrompts },
  '/simulator/prompts/{}/answer': { POST: answerPrompt },
  '/simulator/phones': {
    GET: ({ prompts }) => jsonReply(200, { phones: prompts.phoneNumbers() }),
    POST: openPhone,
  },
  '/simulator/phones/{}': { DELETE: closePhone },
}

function index(): Reply {
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
  return jsonReply(200, parsed.faults)
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

function listPrompts({ prompts }: Simulation, { query }: SimulatorRequest): Reply {
  const open = prompts.list(query.get('phone'), PROMPTS_MAX)
  return jsonReply(200, { prompts: open.map(describePrompt) })
}

function answerPrompt({ prompts }: Simulation, request: SimulatorRequest): Reply {
  const prompt = prompts.find(request.param)
  if (prompt === null) return jsonReply(404, { errors: ['no prompt with this id is open'] })
  const body = parseJsonObject(request.body)
  const action = body === null ? '' : textField(body, 'action')
  const resultCode = ACTION_CODES.get(action)
  if (body === null || resultCode === undefined) {
    return mistakes([`action: must be one of ${[...ACTION_CODES.keys()].join(', ')}`])
  }
  const pin = readPin(body)
  if (pin === 'invalid') return mistakes(['pin: must be a string of four digits'])
  if (resultCode === null) {
    prompt.ignore()
    return jsonReply(200, { id: request.param, resultCode: null })
  }
  const expected = prompts.phone(prompt.entry.phone)?.pin ?? null
  const wrongPin = action === 'pay' && expected !== null && pin !== expected
  prompt.end(wrongPin ? WRONG_PIN_CODE : resultCode)
  return jsonReply(200, { id: request.param, resultCode: prompt.entry.resultCode })
}

function openPhone({ prompts }: Simulation, request: SimulatorRequest): Reply {
  const body = parseJsonObject(request.body)
  const number = body === null ? '' : textField(body, 'number')
  if (body === null || !PHONE_FORM.test(number)) return mistakes(['number: must be like 254712345678'])
  if (parseTestPhone(number)) return mistakes(['number: a test number (2547000…) answers by itself'])
  const pin = readPin(body)
  if (pin === 'invalid') return mistakes(['pin: must be a string of four digits'])
  if (!prompts.openPhone(number, pin)) return mistakes(['there is no room for another phone'])
  return jsonReply(201, { number })
}

function closePhone({ prompts }: Simulation, request: SimulatorRequest): Reply {
  const closed = prompts.closePhone(request.param)
  return closed
    ? jsonReply(200, { number: request.param })
    : jsonReply(404, { errors: ['no such phone is open'] })
}

function describePrompt({ entry, shownAtMs, endsAtMs }: Prompt): object {
  const { checkoutRequestId, phone, amountKes, reference, shortcode, partyB } = entry
  return { id: checkoutRequestId, phone, amountKes, reference, shortcode, partyB, shownAtMs, endsAtMs }
}

/** The four digits, null when there are none, or `invalid`. */
function readPin(body: JsonObject): string | null {
  if (!Object.hasOwn(body, 'pin')) return null
  return typeof body.pin === 'string' && PIN_FORM.test(body.pin) ? body.pin : 'invalid'
}

function readCount(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}

function mistakes(errors: string[]): Reply {
  return jsonReply(400, { errors })
}
