// What the native surface needs of the core, and the core's own functions under it.
import type { AuditLog } from '../../audit/audit-log.ts'
import type { Uuid } from '../../ids.ts'
import { findApiKey, listApiKeys } from '../../merchants/api-key-store.ts'
import { createApiKey, revokeApiKey, rotateApiKey } from '../../merchants/api-keys.ts'
import type { changeMerchantSettings } from '../../merchants/change-settings.ts'
import type { readMerchantSettings } from '../../merchants/merchant-settings-store.ts'
import type { SettingsDeps } from '../../merchants/merchants.ts'
import type { Sealer } from '../../merchants/sealed.ts'
import { findShortcode, listShortcodes } from '../../merchants/shortcode-store.ts'
import { createShortcode, updateShortcode } from '../../merchants/shortcodes.ts'
import { verifyShortcode } from '../../merchants/verify-shortcode.ts'
import type { PaymentService } from '../../payments/payment-service.ts'
import { retryDelivery } from '../../webhooks/deliveries.ts'
import { describeDeliveryRequest } from '../../webhooks/delivery-request.ts'
import { findDelivery, listDeliveries } from '../../webhooks/delivery-store.ts'
import type { EndpointDirectory } from '../../webhooks/endpoint-directory.ts'
import { type FindPublicKeys, rotateSigningKey } from '../../webhooks/endpoint-keys.ts'
import { findEndpoint, listEndpoints } from '../../webhooks/endpoint-store.ts'
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointDeps,
  rotateSecret,
  sendTestEvent,
  updateEndpoint,
} from '../../webhooks/endpoints.ts'
import { replayEndpoint, replayGap } from '../../webhooks/replay.ts'
import { revealSecret } from '../../webhooks/reveal-secret.ts'

import type { NetworkReader } from './network-routes.ts'
import type { PaymentInsight } from './payment-insight.ts'
import type { PaymentTrails } from './payment-trails.ts'
import type { ReadSending } from './shortcode-sending-routes.ts'

/** `F` without its first parameter, the dependencies. */
type Bound<F> = F extends (deps: never, ...rest: infer A) => infer R ? (...rest: A) => R : never

/** Webhook endpoints and deliveries; see the functions of the same names in `webhooks/`. */
export type WebhookSettings = {
  createEndpoint: Bound<typeof createEndpoint>
  findEndpoint: Bound<typeof findEndpoint>
  listEndpoints: Bound<typeof listEndpoints>
  updateEndpoint: Bound<typeof updateEndpoint>
  deleteEndpoint: Bound<typeof deleteEndpoint>
  rotateSecret: Bound<typeof rotateSecret>
  rotateSigningKey: Bound<typeof rotateSigningKey>
  findPublicKeys: FindPublicKeys
  sendTestEvent: Bound<typeof sendTestEvent>
  replayEndpoint: Bound<typeof replayEndpoint>
  replayGap: Bound<typeof replayGap>
  findDelivery: Bound<typeof findDelivery>
  listDeliveries: Bound<typeof listDeliveries>
  retryDelivery: Bound<typeof retryDelivery>
  describeDeliveryRequest: Bound<typeof describeDeliveryRequest>
  revealSecret: Bound<typeof revealSecret>
}

/** Shortcodes; see the functions of the same names in `merchants/`. */
export type ShortcodeSettings = {
  create: Bound<typeof createShortcode>
  find(merchantId: Uuid, id: Uuid): ReturnType<typeof findShortcode>
  list: Bound<typeof listShortcodes>
  update: Bound<typeof updateShortcode>
  verify: Bound<typeof verifyShortcode>
}

/** API keys; see the functions of the same names in `merchants/`. */
export type ApiKeySettings = {
  create: Bound<typeof createApiKey>
  find: Bound<typeof findApiKey>
  list: Bound<typeof listApiKeys>
  revoke: Bound<typeof revokeApiKey>
  rotate: Bound<typeof rotateApiKey>
}

/** What a merchant has set for itself; see the functions of the same names in `merchants/`. */
export type MerchantSettingsAccess = {
  read: Bound<typeof readMerchantSettings>
  change: Bound<typeof changeMerchantSettings>
  /** False: mails are printed into the log. */
  isSendingMail: boolean
}

/** The part of the payment core that the native surface shows. */
export type V1Payments = Pick<
  PaymentService,
  'create' | 'find' | 'list' | 'eventsOf' | 'feed' | 'ask' | 'waitFor' | 'subscribe'
>

/** Everything that the native surface works with. */
export type V1Deps = {
  /** Where this gateway is seen from outside; asked at each use, as the port may not be known before. */
  publicUrl(): string
  payments: V1Payments
  webhooks: WebhookSettings
  shortcodes: ShortcodeSettings
  apiKeys: ApiKeySettings
  network: NetworkReader
  readSending: ReadSending
  trails: PaymentTrails
  insight: PaymentInsight
  audit: Pick<AuditLog, 'record' | 'list'>
  merchantSettings: MerchantSettingsAccess
}

/** The functions of `webhooks/` over `deps`. */
export function bindWebhookSettings(parts: {
  endpointDeps: EndpointDeps
  directory: Pick<EndpointDirectory, 'find'>
  findPublicKeys: FindPublicKeys
}): WebhookSettings {
  const deps = parts.endpointDeps
  return {
    createEndpoint: (owner, wish) => createEndpoint(deps, owner, wish),
    findEndpoint: (owner, id) => findEndpoint(deps, owner, id),
    listEndpoints: (owner) => listEndpoints(deps, owner),
    updateEndpoint: (owner, id, change) => updateEndpoint(deps, owner, id, change),
    deleteEndpoint: (owner, id) => deleteEndpoint(deps, owner, id),
    rotateSecret: (owner, id, overlapSeconds) => rotateSecret(deps, owner, id, overlapSeconds),
    rotateSigningKey: (owner, id, overlapSeconds) => rotateSigningKey(deps, owner, id, overlapSeconds),
    findPublicKeys: parts.findPublicKeys,
    sendTestEvent: (owner, id) => sendTestEvent(deps, owner, id),
    replayEndpoint: (owner, id, since) => replayEndpoint(deps, owner, id, since),
    replayGap: (endpoint) => replayGap(deps, endpoint),
    findDelivery: (owner, id) => findDelivery(deps, owner, id),
    listDeliveries: (owner, filter, page) => listDeliveries(deps, owner, filter, page),
    retryDelivery: (owner, id) => retryDelivery(deps, owner, id),
    describeDeliveryRequest: (owner, id) =>
      describeDeliveryRequest({ ...deps, directory: parts.directory }, owner, id),
    revealSecret: (owner, id) => revealSecret(deps, owner, id),
  }
}

/** The functions of `merchants/` on shortcodes over `deps`. */
export function bindShortcodeSettings(
  deps: SettingsDeps & { sealer: Sealer } & Parameters<typeof verifyShortcode>[0],
): ShortcodeSettings {
  return {
    create: (input) => createShortcode(deps, input),
    find: (merchantId, id) => findShortcode(deps, merchantId, id),
    list: (owner, page) => listShortcodes(deps, owner, page),
    update: (merchantId, id, change) => updateShortcode(deps, merchantId, id, change),
    verify: (merchantId, id) => verifyShortcode(deps, merchantId, id),
  }
}

/** The functions of `merchants/` on API keys over `deps`. */
export function bindApiKeySettings(deps: SettingsDeps): ApiKeySettings {
  return {
    create: (input) => createApiKey(deps, input),
    find: (owner, id) => findApiKey(deps, owner, id),
    list: (owner, page) => listApiKeys(deps, owner, page),
    revoke: (owner, id) => revokeApiKey(deps, owner, id),
    rotate: (owner, id, overlapSeconds) => rotateApiKey(deps, owner, id, overlapSeconds),
  }
}
