// What an outcome says about Daraja: a payment's own values must never look like an outage.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NotProcessedReason, RefusalCause } from '../daraja/push-outcome.ts'
import { signalOf } from './push-signal.ts'

test('a refusal of the payment itself is an answer, whatever was refused', () => {
  const causes: RefusalCause[] = [
    ...(['invalid', 'credentials', 'subscriber_locked', 'endpoint', 'response_code'] as const),
  ]
  for (const cause of causes) {
    const refused = { kind: 'refused', errorCode: 'x', errorMessage: 'x', httpStatus: 500, cause } as const
    assert.equal(signalOf(refused), 'answered', cause)
  }
})

test('no answer and no connection are failures, rate limits are not', () => {
  assert.equal(signalOf({ kind: 'unknown', detail: 'HTTP 503' }), 'failed')
  const expected: Record<NotProcessedReason, string> = {
    not_connected: 'failed',
    rate_limited: 'busy',
    busy: 'busy',
    token: 'blocked',
    credentials: 'blocked',
    expired: 'none',
  }
  for (const [reason, signal] of Object.entries(expected)) {
    const outcome = { kind: 'not_processed', reason, retryAfterMs: null, detail: '' }
    assert.equal(signalOf(outcome as Parameters<typeof signalOf>[0]), signal, reason)
  }
})
