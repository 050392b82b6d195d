// POST /pulltransactions/v1/register: a shortcode is entered for Pull Transactions, once and for all
// (Daraja, Pull Transactions).
import { readToken } from './access.ts'
import { parseJsonObject, textField } from './json-body.ts'
import { isCallbackUrl } from './push-request.ts'
import { invalidField, jsonReply, REFUSALS, type Reply, refusalReply } from './reply.ts'
import type { SimulatorRequest } from './route.ts'
import type { Simulation } from './simulation.ts'

/** Safaricom's own sample is written the way people dial. */
const NOMINATED_FORM = /^(254|0)[17]\d{8}$/

/** Registers a shortcode of the app that asks; the second time it says so and nothing else. */
export function answerPullRegistration(simulation: Simulation, request: SimulatorRequest): Reply {
  const { ids, faults, pull, pullShortcodes } = simulation
  const access = readToken(simulation, request.headers)
  if (!access.ok) return refusalReply(simulation, access.refusal)
  const body = parseJsonObject(request.body)
  if (body === null) return refusalReply(simulation, invalidField('Request Body'))
  const text = (field: string): string => textField(body, field)
  const shortcode = text('ShortCode')
  const rules: [field: string, holds: boolean][] = [
    ['ShortCode', /^\d{5,7}$/.test(shortcode)],
    ['RequestType', text('RequestType') === 'Pull'],
    ['NominatedNumber', NOMINATED_FORM.test(text('NominatedNumber'))],
    ['CallBackURL', isCallbackUrl(text('CallBackURL'))],
  ]
  const broken = rules.find(([, holds]) => !holds)
  if (broken) return refusalReply(simulation, invalidField(broken[0]))
  if (typeof simulation.credentials.find(access.consumerKey, shortcode) === 'string') {
    return refusalReply(simulation, REFUSALS.unknownMerchant)
  }
  const isNew = !pullShortcodes.has(shortcode)
  pullShortcodes.add(shortcode)
  const status = isNew ? '1000' : '1001'
  const description = isNew ? 'Shortcode Registered Successfully' : 'Shortcode already Registered'
  const ResponseRefID = ids.request(faults.idForm)
  return jsonReply(
    200,
    pull.registerKeys === 'joined'
      ? { ResponseRefID, ResponseStatus: status, ShortCode: shortcode, ResponseDescription: description }
      : {
          ResponseRefID,
          'Response Status': status,
          ShortCode: shortcode,
          'Response Description': description,
        },
  )
}
