// `sukuma webhooks …`
import { endpointTarget, shownEndpoint } from '../http/v1/audited.ts'
import { prefixedId } from '../ids.ts'
import { ENDPOINT_FORMATS, SUBSCRIBABLE_EVENT_TYPES, type WebhookEndpoint } from '../webhooks/endpoint.ts'
import { listEndpoints } from '../webhooks/endpoint-store.ts'
import { createEndpoint, type EndpointDeps, type FieldErrors } from '../webhooks/endpoints.ts'
import { privateReachOf } from '../webhooks/private-reach.ts'
import { SIGNATURE_SCHEMES } from '../webhooks/signature.ts'
import { type Command, CommandError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { newestFirst } from './list-limit.ts'
import { fieldErrors, printList, printOne, type Shown, shownTime } from './output.ts'
import { record } from './record.ts'
import { openSession, type Session } from './session.ts'

function showEndpoint(endpoint: WebhookEndpoint): Shown {
  return {
    id: prefixedId('we', endpoint.id),
    object: 'webhook_endpoint',
    live: endpoint.live,
    url: endpoint.url,
    format: endpoint.format,
    event_types: endpoint.eventTypes,
    description: endpoint.description,
    signature_schemes: endpoint.signatureSchemes,
    public_key: endpoint.publicKey,
    created_at: endpoint.createdAt.toISOString(),
    disabled_at: shownTime(endpoint.disabledAt),
    disabled_reason: endpoint.disabledReason,
  }
}

function endpointDeps(session: Session): EndpointDeps {
  // A running gateway reads the endpoints anew every few seconds by itself.
  const directory = { forget: () => {} }
  const { webhookAllowPrivate, simulatorPort } = session.config
  const privateReach = privateReachOf(webhookAllowPrivate, simulatorPort !== null)
  return { ...session, directory, privateReach }
}

const add: Command = {
  name: 'webhooks add',
  summary: 'Adds a webhook endpoint and prints its signing secret, which is shown this once.',
  options: {
    merchant: MERCHANT_OPTION,
    url: { value: 'URL', doc: 'Where events are sent.', required: true },
    format: {
      value: ENDPOINT_FORMATS.join('|'),
      doc: "event, the default, is Sukuma's own body; daraja is Daraja's callback body.",
    },
    live: { doc: 'For production payments; without it, for simulator and sandbox.' },
    events: {
      value: 'LIST',
      doc: `Between commas, any of ${SUBSCRIBABLE_EVENT_TYPES.join(', ')}; all by default.`,
    },
    description: { value: 'TEXT', doc: 'For people.' },
    signatures: {
      value: 'LIST',
      doc: 'Between commas: v1, the default, is HMAC by the secret; v1a is ed25519, with a public key.',
    },
  },
  async run(io, args) {
    const eventTypes = listIn(args.text('events'))
    const schemes = listIn(args.text('signatures'))
    const signatureSchemes = schemes?.flatMap((each) => SIGNATURE_SCHEMES.filter((known) => known === each))
    if (signatureSchemes?.length !== schemes?.length) {
      throw fieldErrors({
        signatures: [`must be any of ${SIGNATURE_SCHEMES.join(', ')}, separated by commas`],
      })
    }
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const wish = {
      url: args.required('url'),
      format: args.text('format') ?? 'event',
      eventTypes,
      description: args.text('description'),
      ...(signatureSchemes === undefined ? {} : { signatureSchemes }),
    }
    const made = await createEndpoint(endpointDeps(session), { merchantId, live: args.flag('live') }, wish)
    if (!made.ok) {
      if (made.code !== 'invalid') throw new CommandError('There are as many endpoints as there may be.')
      throw fieldErrors(namedAsOptions(made.errors))
    }
    const { live } = made.endpoint
    await record(session, io, {
      ...{ merchantId, live, action: 'webhook_endpoint.created' },
      target: endpointTarget(made.endpoint),
      detail: shownEndpoint(made.endpoint),
    })
    printOne(io, args, { ...showEndpoint(made.endpoint), secret: made.secret })
    if (!args.flag('json')) io.stderr.write('Keep the secret now: it cannot be shown again.\n')
    return 0
  },
}

function listIn(text: string | null): string[] | null {
  return text?.split(',').map((each) => each.trim()) ?? null
}

/** Faults by the names of the command's options. */
function namedAsOptions({
  event_types: events,
  signature_schemes: signatures,
  ...errors
}: FieldErrors): FieldErrors {
  return { ...errors, ...(events && { events }), ...(signatures && { signatures }) }
}

const list: Command = {
  name: 'webhooks list',
  summary: "Lists a merchant's webhook endpoints, newest first.",
  options: { merchant: MERCHANT_OPTION },
  async run(io, args) {
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const live = await listEndpoints(session, { merchantId, live: true })
    const test = await listEndpoints(session, { merchantId, live: false })
    const shown = newestFirst([...live, ...test]).map(showEndpoint)
    printList(io, args, shown, ['id', 'live', 'format', 'url', 'disabled_at'])
    return 0
  },
}

/** The commands of this group. */
export const webhookCommands: readonly Command[] = [add, list]
