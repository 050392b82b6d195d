// The control routes of phones and prompts: opening and closing phones, what they are set to, and answers.
import { parseTestPhone } from './behaviours.ts'
import { type JsonObject, parseJsonObject, textField } from './json-body.ts'
import { describePhone, describePrompt } from './phone-view.ts'
import type { PhoneSettings } from './phones.ts'
import { ANSWERS, type Answer, answerPrompt } from './prompt-answer.ts'
import { jsonReply, mistakes, type Reply } from './reply.ts'
import type { Routes, SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

const PROMPTS_MAX = 1000
const PHONE_FORM = /^254[17]\d{8}$/
const PIN_FORM = /^\d{4}$/
/** The most that a customer's account holds (Daraja, STK push). */
const BALANCE_MAX_KES = 500_000
const NOT_OPEN = jsonReply(404, { errors: ['no phone with this number is open'] })

/** Every control route about phones. */
export const PHONE_ROUTES: Routes = {
  '/simulator/prompts': { GET: listPrompts },
  '/simulator/prompts/{}/answer': { POST: postAnswer },
  '/simulator/phones': {
    GET: ({ phones }) => jsonReply(200, { phones: phones.numbers() }),
    POST: openPhone,
  },
  '/simulator/phones/{}': { GET: readPhone, PATCH: changePhone, DELETE: closePhone },
}

/** A number that a phone may have, or why not. Test numbers answer by themselves. */
export function phoneNumberError(number: string): string | null {
  if (!PHONE_FORM.test(number)) return 'number: must be like 254712345678'
  return parseTestPhone(number) ? 'number: a test number (2547000…) answers by itself' : null
}

function listPrompts({ prompts, clock }: Simulation, { query }: SimulatorRequest): Reply {
  const phone = query.get('phone')
  const one = phone === null ? null : prompts.on(phone)
  const open = phone === null ? prompts.list(PROMPTS_MAX) : one === null ? [] : [one]
  return jsonReply(200, { prompts: open.map((prompt) => describePrompt(prompt, clock.now())) })
}

function postAnswer({ prompts, phones, clock }: Simulation, request: SimulatorRequest): Reply {
  const prompt = prompts.find(request.param)
  if (prompt === null) return jsonReply(404, { errors: ['no prompt with this id is open'] })
  const body = parseJsonObject(request.body)
  const answer = body === null ? null : readAnswer(textField(body, 'action'))
  if (body === null || answer === null) return mistakes([`action: must be one of ${ANSWERS.join(', ')}`])
  const pin = readPin(body)
  if (pin === 'invalid') return mistakes(['pin: must be a string of four digits'])
  const phone = phones.answered(prompt.entry.phone)
  answerPrompt({ prompt, phone, nowMs: clock.now() }, answer, pin)
  return jsonReply(200, { id: request.param, resultCode: prompt.entry.resultCode })
}

function openPhone({ phones }: Simulation, request: SimulatorRequest): Reply {
  const body = parseJsonObject(request.body)
  const number = body === null ? '' : textField(body, 'number')
  const wrongNumber = phoneNumberError(number)
  if (body === null || wrongNumber !== null) return mistakes([wrongNumber ?? 'the body must be JSON'])
  const parsed = readSettings(body)
  if (!parsed.ok) return mistakes(parsed.errors)
  const opened = phones.open(number, { pin: null, balanceKes: null, ...parsed.settings })
  return opened ? jsonReply(201, { number }) : mistakes(['there is no room for another phone'])
}

function readPhone(simulation: Simulation, { param }: SimulatorRequest): Reply {
  const phone = simulation.phones.answered(param)
  return phone === null ? NOT_OPEN : jsonReply(200, describePhone(simulation, phone))
}

/** Sets what is named and leaves the rest; `{"unlock":true}` forgets the wrong PINs. */
function changePhone(simulation: Simulation, request: SimulatorRequest): Reply {
  const { phones, prompts, changes } = simulation
  const phone = phones.answered(request.param)
  if (phone === null) return NOT_OPEN
  const body = parseJsonObject(request.body)
  const parsed = body === null ? null : readSettings(body)
  if (body === null || parsed === null) return mistakes(['the body must be a JSON object'])
  if (!parsed.ok) return mistakes(parsed.errors)
  Object.assign(phone, parsed.settings)
  if (body.unlock === true) phone.wrongPins = 0
  if (!phone.isOn) prompts.hide(phone.number)
  changes.phone(phone.number)
  return jsonReply(200, describePhone(simulation, phone))
}

function closePhone({ phones }: Simulation, { param }: SimulatorRequest): Reply {
  return phones.close(param) ? jsonReply(200, { number: param }) : NOT_OPEN
}

function readAnswer(text: string): Answer | null {
  return ANSWERS.find((each) => each === text) ?? null
}

function readSettings(
  body: JsonObject,
): { ok: true; settings: PhoneSettings } | { ok: false; errors: string[] } {
  const errors: string[] = []
  const settings: PhoneSettings = {}
  const pin = readPin(body)
  if (pin === 'invalid') errors.push('pin: must be a string of four digits')
  else if (pin !== null) settings.pin = pin
  if (Object.hasOwn(body, 'balanceKes')) {
    const balanceKes = body.balanceKes
    if (isBalance(balanceKes)) settings.balanceKes = balanceKes
    else errors.push(`balanceKes: must be a whole number from 0 to ${BALANCE_MAX_KES}`)
  }
  if (Object.hasOwn(body, 'isOn')) {
    if (typeof body.isOn === 'boolean') settings.isOn = body.isOn
    else errors.push('isOn: must be true or false')
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, settings }
}

function isBalance(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= BALANCE_MAX_KES
}

/** The four digits, null when there are none, or `invalid`. */
function readPin(body: JsonObject): string | null {
  if (!Object.hasOwn(body, 'pin')) return null
  return typeof body.pin === 'string' && PIN_FORM.test(body.pin) ? body.pin : 'invalid'
}
