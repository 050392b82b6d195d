// What the outcome of a push says about Daraja itself, whatever it says about the payment.
import type { PushResult } from '../daraja/push-outcome.ts'

/**
 * `answered`: Daraja is well, also where it refused the payment's own values. `busy`: it says that it was too
 * much. `failed`: it could not be reached, failed, or did not answer. `blocked`: this shortcode has no access
 * token. `none`: nothing was asked of it.
 */
export type PushSignal = 'answered' | 'busy' | 'failed' | 'blocked' | 'none'

/** Reads an outcome; a new reason does not compile until it says what it is a sign of. */
export function signalOf(outcome: PushResult): PushSignal {
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return 'answered'
    case 'unknown':
      return 'failed'
    case 'not_processed':
      return NOT_PROCESSED[outcome.reason]
  }
}

type Reason = (PushResult & { kind: 'not_processed' })['reason']

const NOT_PROCESSED: Record<Reason, PushSignal> = {
  not_connected: 'failed',
  rate_limited: 'busy',
  busy: 'busy',
  token: 'blocked',
  credentials: 'blocked',
  expired: 'none',
}
