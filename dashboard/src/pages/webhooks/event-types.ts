// The types of events that an endpoint can be told of, by format.

const DARAJA = ['payment.succeeded', 'payment.failed', 'payment.corrected', 'payment.updated']
const ALL = [
  'payment.succeeded',
  'payment.failed',
  'payment.uncertain',
  'payment.corrected',
  'payment.contradicted',
  'payment.updated',
  'webhook_endpoint.disabled',
  'shortcode.credentials_refused',
  'shortcode.credentials_accepted',
]

/** What `format` can say: Daraja's has words for the verdict of a payment only. */
export const eventTypesOf = (format: 'event' | 'daraja'): readonly string[] =>
  format === 'daraja' ? DARAJA : ALL
