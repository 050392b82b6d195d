// Webhook endpoints as merchants manage them: create, change, delete, rotate the secret, send a test.
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Uuid, UuidSource } from '../ids.ts'
import type { Owner } from '../payments/payment-read-store.ts'
import {
  ENDPOINT_FORMATS,
  type EndpointFormat,
  SUBSCRIBABLE_EVENT_TYPES,
  type WebhookEndpoint,
  wantsEvent,
} from './endpoint.ts'
import { type EndpointDirectory, type SecretSealer, secretContext } from './endpoint-directory.ts'
import { newSealedKey } from './endpoint-keys.ts'
import {
  changeEndpoint,
  deleteEndpointRow,
  type EndpointChange,
  findEndpoint,
  insertEndpoint,
  readSealedEndpoints,
  replaceSecret,
} from './endpoint-store.ts'
import { checkEndpointUrl } from './endpoint-url.ts'
import type { PrivateReach } from './private-reach.ts'
import { FORMER_MAX, overlapEnd } from './rotation-overlap.ts'
import { newWebhookSecret, SIGNATURE_SCHEMES, type SignatureScheme } from './signature.ts'
import { insertTestEvent } from './test-event-store.ts'

/** Endpoints of one side of a merchant: every event costs a delivery for each. */
export const ENDPOINTS_MAX = 20
const DESCRIPTION_LENGTH_MAX = 200
/** PostgreSQL's texts take neither NUL nor half a surrogate pair; other controls have no place in a label. */
const UNPRINTABLE = /\p{Cc}/u

/** What the management of endpoints works with. */
export type EndpointDeps = {
  clock: Clock
  newUuid: UuidSource
  db: Database
  sealer: SecretSealer
  /** Told of changes, so that this process acts on them at once. */
  directory: Pick<EndpointDirectory, 'forget'>
  privateReach: PrivateReach
  /** Makes a worker of this process look for due deliveries now; absent where no worker runs. */
  wake?: () => void
}

/** Field → what is wrong with it. */
export type FieldErrors = Record<string, string[]>
/** Why nothing was done. */
export type EndpointProblem =
  | { ok: false; code: 'invalid'; errors: FieldErrors }
  | { ok: false; code: 'not_found' | 'too_many_endpoints' | 'too_many_rotations' | 'endpoint_disabled' }

/** A merchant's wish for an endpoint. */
export type EndpointWish = {
  url: string
  format: string
  eventTypes: string[] | null
  description: string | null
  /** By HMAC alone unless told otherwise: a signature by a key costs ten times the processor time. */
  signatureSchemes?: SignatureScheme[]
}

/** Creates an endpoint. The secret is shown this once only. */
export async function createEndpoint(
  deps: EndpointDeps,
  owner: Owner,
  wish: EndpointWish,
): Promise<{ ok: true; endpoint: WebhookEndpoint; secret: string } | EndpointProblem> {
  const format = ENDPOINT_FORMATS.find((each) => each === wish.format)
  const errors = findErrors(deps, owner, wish, format ?? 'event')
  if (format === undefined) errors.format = [`must be one of ${ENDPOINT_FORMATS.join(', ')}`]
  if (format === undefined || Object.keys(errors).length > 0) return { ok: false, code: 'invalid', errors }
  const id = deps.newUuid()
  const secret = newWebhookSecret()
  const signatureSchemes = wish.signatureSchemes ?? ['v1']
  const hasKey = signatureSchemes.includes('v1a')
  const endpoint = await insertEndpoint(
    deps,
    {
      ...owner,
      id,
      url: wish.url,
      format,
      eventTypes: wish.eventTypes,
      description: wish.description,
      signatureSchemes,
      key: hasKey ? newSealedKey(deps, owner.merchantId, id) : null,
      secretSealed: deps.sealer.seal(secret, secretContext(owner.merchantId, id)),
      createdAt: new Date(deps.clock.now()),
    },
    ENDPOINTS_MAX,
  )
  deps.directory.forget(owner.merchantId)
  return endpoint === null ? { ok: false, code: 'too_many_endpoints' } : { ok: true, endpoint, secret }
}

/** Changes an endpoint; what `change` leaves out stays. */
export async function updateEndpoint(
  deps: EndpointDeps,
  owner: Owner,
  id: Uuid,
  change: EndpointChange,
): Promise<{ ok: true; endpoint: WebhookEndpoint } | EndpointProblem> {
  const present = await findEndpoint(deps, owner, id)
  if (present === null) return { ok: false, code: 'not_found' }
  const errors = findErrors(deps, owner, change, present.format)
  if (Object.keys(errors).length > 0) return { ok: false, code: 'invalid', errors }
  const needsKey = present.publicKey === null && change.signatureSchemes?.includes('v1a')
  const key = needsKey ? newSealedKey(deps, owner.merchantId, id) : null
  const now = new Date(deps.clock.now())
  const endpoint = await changeEndpoint(deps, owner, id, { change, key, now })
  deps.directory.forget(owner.merchantId)
  return endpoint === null ? { ok: false, code: 'not_found' } : { ok: true, endpoint }
}

/** Deletes an endpoint; its pending deliveries are cancelled. */
export async function deleteEndpoint(
  deps: EndpointDeps,
  owner: Owner,
  id: Uuid,
): Promise<{ ok: true } | EndpointProblem> {
  const deleted = await deleteEndpointRow(deps, owner, id)
  deps.directory.forget(owner.merchantId)
  return deleted ? { ok: true } : { ok: false, code: 'not_found' }
}

/**
 * Gives an endpoint a new secret. The former one signs along for `overlapSeconds`, and those before it until
 * their own time; 0 ends them all.
 */
export async function rotateSecret(
  deps: EndpointDeps,
  owner: Owner,
  id: Uuid,
  overlapSeconds?: number,
): Promise<{ ok: true; endpoint: WebhookEndpoint; secret: string } | EndpointProblem> {
  const now = new Date(deps.clock.now())
  const overlap = overlapEnd(now, overlapSeconds)
  if (!overlap.ok) return { ok: false, code: 'invalid', errors: { overlap: [overlap.message] } }
  const secret = newWebhookSecret()
  const endpoint = await replaceSecret(deps, owner, id, {
    secretSealed: deps.sealer.seal(secret, secretContext(owner.merchantId, id)),
    previousUntil: overlap.until,
    formerMax: FORMER_MAX,
    now,
  })
  deps.directory.forget(owner.merchantId)
  if (endpoint !== null) return { ok: true, endpoint, secret }
  const present = await findEndpoint(deps, owner, id)
  return { ok: false, code: present === null ? 'not_found' : 'too_many_rotations' }
}

/**
 * The secret of the owner's oldest endpoint, for the demo merchant's own notes; null when there is none. To
 * be shown to nobody but whoever runs the gateway. Throws when it does not open.
 */
export async function findEndpointSecret(
  deps: Pick<EndpointDeps, 'db' | 'sealer'>,
  owner: Owner,
): Promise<string | null> {
  const rows = await readSealedEndpoints(deps, owner.merchantId)
  const ofSide = rows.filter((row) => row.endpoint.live === owner.live)
  const oldest = ofSide.toSorted((a, b) => (a.endpoint.id < b.endpoint.id ? -1 : 1))[0]
  if (oldest === undefined) return null
  return deps.sealer.open(oldest.secretSealed, secretContext(owner.merchantId, oldest.endpoint.id))
}

/** Sends the event `webhook.test`, which is about no payment, by the way of all others. */
export async function sendTestEvent(
  deps: EndpointDeps,
  owner: Owner,
  id: Uuid,
): Promise<{ ok: true; eventId: Uuid; deliveryId: Uuid } | EndpointProblem> {
  const endpoint = await findEndpoint(deps, owner, id)
  if (endpoint === null) return { ok: false, code: 'not_found' }
  if (endpoint.disabledAt !== null) return { ok: false, code: 'endpoint_disabled' }
  const made = { eventId: deps.newUuid(), deliveryId: deps.newUuid() }
  await insertTestEvent(deps, endpoint, { ...made, at: new Date(deps.clock.now()) })
  deps.wake?.()
  return { ok: true, ...made }
}

function findErrors(
  deps: EndpointDeps,
  owner: Owner,
  wish: Pick<EndpointChange, 'url' | 'eventTypes' | 'description' | 'signatureSchemes'>,
  format: EndpointFormat,
): FieldErrors {
  const errors: FieldErrors = {}
  if (wish.url !== undefined) {
    // The test side may be a simulator's, whose receiver is often on the same machine.
    const allowPrivate = deps.privateReach === 'all' || (deps.privateReach === 'simulator' && !owner.live)
    const checked = checkEndpointUrl(wish.url, { live: owner.live, allowPrivate })
    if (!checked.ok) errors.url = [checked.message]
  }
  const typesError = wish.eventTypes ? findTypesError(wish.eventTypes, format) : null
  if (typesError !== null) errors.event_types = [typesError]
  const { description, signatureSchemes: schemes } = wish
  if (schemes !== undefined && (schemes.length === 0 || new Set(schemes).size < schemes.length)) {
    errors.signature_schemes = [`must be a list, without repetitions, of ${SIGNATURE_SCHEMES.join(', ')}`]
  }
  if (description !== undefined && description !== null) {
    const tooLong = description.length > DESCRIPTION_LENGTH_MAX
    if (tooLong || UNPRINTABLE.test(description) || !description.isWellFormed()) {
      errors.description = [`must be at most ${DESCRIPTION_LENGTH_MAX} printable characters`]
    }
  }
  return errors
}

function findTypesError(types: string[], format: EndpointFormat): string | null {
  const known: ReadonlySet<string> = new Set(SUBSCRIBABLE_EVENT_TYPES)
  const sendable = [...known].filter((type) => wantsEvent({ format, eventTypes: null }, type))
  const isValid = types.length > 0 && types.every((type) => sendable.includes(type))
  if (isValid && new Set(types).size === types.length) return null
  return `must be a list, without repetitions, of ${sendable.join(', ')}; or null for all of them`
}
