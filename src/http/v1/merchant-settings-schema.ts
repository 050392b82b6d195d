// What a merchant has set for itself, as the OpenAPI document shows it.
import { ALERT_EMAILS_MAX, LANGUAGES, SETTING_BOUNDS } from '../../merchants/merchant-settings.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS } from './list-schema.ts'
import { bodyProblems, problems } from './problem-schema.ts'

function bounded(name: keyof typeof SETTING_BOUNDS, description: string) {
  const { min, max } = SETTING_BOUNDS[name]
  return Type.Integer({ minimum: min, maximum: max, description })
}

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100, description: 'The merchant’s.' }),
  time_zone: Type.String({ description: 'IANA.', examples: ['Africa/Nairobi'] }),
  language: oneOf(LANGUAGES, { description: 'Of mails.' }),
  phone_retention_days: nullable(
    bounded(
      'phone_retention_days',
      'So many days after a payment was settled its phone number is erased for good. Null: it is kept.',
    ),
  ),
  alert_emails: Type.Array(Type.String({ format: 'email' }), {
    maxItems: ALERT_EMAILS_MAX,
    description: 'Who is told by mail. Nobody: no alert is sent.',
  }),
  alert_failures: Type.Boolean({
    description: 'Tell when too many payments fail for reasons that are not the customers’ own.',
  }),
  alert_failures_percent: bounded('alert_failures_percent', 'So large a share of them.'),
  alert_failures_minutes: bounded('alert_failures_minutes', 'Of the last so many minutes.'),
  alert_failures_payments_min: bounded('alert_failures_payments_min', 'When at least so many were tried.'),
  alert_endpoint_disabled: Type.Boolean({ description: 'Tell when a webhook endpoint was switched off.' }),
  alert_contradiction: Type.Boolean({ description: 'Tell when M-Pesa has said two things of a payment.' }),
  alert_credentials: Type.Boolean({
    description: 'Tell when Daraja refuses the credentials of a shortcode.',
  }),
  alert_test_side: Type.Boolean({ description: 'Tell of the test side as well as of the live one.' }),
}

/** The resource `settings`. */
export const settingsSchema = Type.Object(
  {
    object: Type.Literal('settings'),
    merchant: Type.String({ pattern: '^mer_[0-9a-f]{32}$' }),
    ...fields,
    mail: Type.Boolean({
      description: 'False: no mail server is set, and mails stand in the gateway’s log.',
    }),
    updated_at: nullable(time('When any of this was last set; null: never.')),
  },
  { $id: 'Settings', description: 'What a merchant has set, for its live and its test side alike.' },
)

const EXAMPLE = {
  object: 'settings',
  merchant: EXAMPLE_IDS.mer,
  name: 'Demo',
  time_zone: 'Africa/Nairobi',
  language: 'en',
  phone_retention_days: null,
  alert_emails: ['amina@example.org'],
  alert_failures: true,
  alert_failures_percent: 25,
  alert_failures_minutes: 15,
  alert_failures_payments_min: 10,
  alert_endpoint_disabled: true,
  alert_contradiction: true,
  alert_credentials: true,
  alert_test_side: false,
  mail: true,
  updated_at: '2026-03-21T11:30:55.000Z',
}
const TAG = 'Settings'
const examples = { settings: EXAMPLE }

/** `GET /v1/settings`. */
export const readSettingsSchema = {
  operationId: 'getSettings',
  tags: [TAG],
  summary: 'Read what the merchant has set',
  description: 'Needs the scope `merchant:read`, which only owners have and give to keys.',
  response: { 200: answer('The settings.', reference('Settings'), { examples }), ...problems() },
}

/** `PATCH /v1/settings`. */
export const updateSettingsSchema = {
  operationId: 'updateSettings',
  tags: [TAG],
  summary: 'Change what the merchant has set',
  description:
    'What is left out stays. They are the live side’s too, so a test key cannot change them. Needs the ' +
    'scope `merchant:write`, which only owners have and give to keys.',
  body: Type.Object(
    Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)])),
    { additionalProperties: false, examples: [{ time_zone: 'Africa/Nairobi', language: 'sw' }] },
  ),
  response: { 200: answer('As they are now.', reference('Settings'), { examples }), ...bodyProblems() },
}
