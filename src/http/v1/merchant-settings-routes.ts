// `/v1/settings`: what a merchant has set for itself.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { EMAIL_HINT, EMAIL_LENGTH_MAX, parseEmail } from '../../accounts/email-address.ts'
import { prefixedId } from '../../ids.ts'
import type { Principal } from '../../merchants/key-authenticator.ts'
import {
  ALERT_EMAILS_MAX,
  type KeptSettings,
  LANGUAGES,
  type MerchantSettings,
  SETTING_BOUNDS,
} from '../../merchants/merchant-settings.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { type FieldReader, readFields, type ValueReader } from '../field-reader.ts'
import { booleanOf, choiceOf, numberOf, textOf, textsOf } from '../field-values.ts'
import { HttpError } from '../http-error.ts'
import { changesBetween, type Shown } from './audited.ts'
import { readSettingsSchema, updateSettingsSchema } from './merchant-settings-schema.ts'
import { invalidFields } from './settings-request.ts'
import type { V1Deps } from './v1-deps.ts'

const PATH = '/settings'
/** What is right is for the core to say. */
const TEXT_LENGTH_MAX = 200

/** Adds the routes. */
export function merchantSettingsRoutes(
  app: FastifyInstance,
  { merchantSettings, audit }: Pick<V1Deps, 'merchantSettings' | 'audit'>,
): void {
  const { read, change, isSendingMail } = merchantSettings
  const show = (principal: Principal, kept: KeptSettings) => ({
    object: 'settings',
    merchant: prefixedId('mer', principal.merchantId),
    ...kept.settings,
    mail: isSendingMail,
    updated_at: kept.updatedAt?.toISOString() ?? null,
  })

  app.get(PATH, { schema: readSettingsSchema }, async (request) => {
    const principal = settingsPrincipal(request, 'merchant:read')
    readFields(request.query).checkAll()
    const kept = await read(principal.merchantId)
    if (kept === null) throw new Error('the merchant of a request is gone')
    return show(principal, kept)
  })

  app.patch(PATH, { schema: updateSettingsSchema }, async (request) => {
    const principal = settingsPrincipal(request, 'merchant:write')
    const wish = readChange(request)
    if (principal.actor.kind === 'key' && !principal.live) {
      throw new HttpError('forbidden', 'These settings are the live side’s too: use a live key.')
    }
    const result = await change(principal.merchantId, wish)
    if (result.code === 'invalid') throw invalidFields(result.errors)
    if (result.code === 'not_found') throw new Error('the merchant of a request is gone')
    const changes = changesBetween(shown(result.before), shown(result.after.settings))
    if (Object.keys(changes).length > 0) {
      const origin = { ...auditOrigin(request, principal), live: null }
      const target = { id: prefixedId('mer', principal.merchantId), name: result.after.settings.name }
      await audit.record({ ...origin, action: 'settings.updated', target, changes })
    }
    return show(principal, result.after)
  })
}

/** Settings are the whole merchant's: not for a key of one shortcode. */
function settingsPrincipal(request: FastifyRequest, scope: 'merchant:read' | 'merchant:write'): Principal {
  const principal = principalWith(request, scope)
  if (principal.shortcodeId !== null) {
    throw new HttpError('forbidden', 'This key is bound to one shortcode; the settings are for all of them.')
  }
  return principal
}

function shown({ ...settings }: MerchantSettings): Shown {
  return settings
}

function readChange(request: FastifyRequest): Partial<MerchantSettings> {
  const fields = readFields(request.body)
  const text = textOf({ max: TEXT_LENGTH_MAX })
  const change: Partial<MerchantSettings> = {
    ...given(fields, 'name', text),
    ...given(fields, 'time_zone', text),
    ...given(fields, 'language', choiceOf(LANGUAGES)),
    ...given(fields, 'alert_emails', emailsOf),
    ...given(fields, 'alert_failures', booleanOf),
    ...given(fields, 'alert_failures_percent', boundedOf('alert_failures_percent')),
    ...given(fields, 'alert_failures_minutes', boundedOf('alert_failures_minutes')),
    ...given(fields, 'alert_failures_payments_min', boundedOf('alert_failures_payments_min')),
    ...given(fields, 'alert_endpoint_disabled', booleanOf),
    ...given(fields, 'alert_contradiction', booleanOf),
    ...given(fields, 'alert_credentials', booleanOf),
    ...given(fields, 'alert_test_side', booleanOf),
  }
  const retention = fields.optional('phone_retention_days', boundedOf('phone_retention_days'))
  const hasRetention = fields.has('phone_retention_days')
  fields.checkAll()
  return { ...change, ...(hasRetention && { phone_retention_days: retention }) }
}

/** The field when it is there, be it wrongly; only one of them may be null. */
function given<K extends keyof MerchantSettings>(
  fields: FieldReader,
  name: K,
  read: ValueReader<MerchantSettings[K]>,
): { [P in K]?: MerchantSettings[K] } {
  const pair: { [P in K]?: MerchantSettings[K] } = {}
  if (!fields.has(name)) return pair
  const value = fields.required(name, read)
  if (value !== null) pair[name] = value
  return pair
}

function boundedOf(name: keyof typeof SETTING_BOUNDS): ValueReader<number> {
  return numberOf({ ...SETTING_BOUNDS[name], whole: true })
}

const textsOfEmails = textsOf({ max: ALERT_EMAILS_MAX, length: EMAIL_LENGTH_MAX })
const emailsOf: ValueReader<readonly string[]> = (value) => {
  const texts = textsOfEmails(value)
  if (!texts.ok) return texts
  const emails = texts.value.map(parseEmail).filter((email) => email !== null)
  if (emails.length < texts.value.length) {
    return { ok: false, problem: `must hold addresses alone, each of which ${EMAIL_HINT}` }
  }
  return { ok: true, value: emails }
}
