// What the three surfaces share in making a payment: how a repeated request is answered, and its errors.
import type { FastifyReply } from 'fastify'
import type { Principal } from '../merchants/key-authenticator.ts'
import type { CreateResult, PaymentRequest } from '../payments/create.ts'
import type { Payment } from '../payments/payment.ts'
import type { PaymentService } from '../payments/payment-service.ts'
import { goneSignal } from './gone-signal.ts'
import { HttpError } from './http-error.ts'

/** A payment that could not be sent to the phone by then never is: the customer has left the counter. */
export const DEFAULT_EXPIRES_IN_MS = 120_000
/** A repeated synchronous request waits for the first one's answer about as long as Daraja may take. */
const FIRST_ANSWER_MAX_MS = 30_000

/** A new try is of no use before somebody has mended them. */
export const CREDENTIALS_REFUSED_ANSWER =
  'M-Pesa refuses the credentials of this shortcode: correct its consumer key and secret. Nothing was sent.'

/** Why a push was not even tried; a new reason does not compile until it is told. */
const NO_ROOM_TEXTS: Record<(CreateResult & { code: 'no_room' })['reason'], string> = {
  busy: 'M-Pesa is busy with other payments to this shortcode. Nothing was sent; a new try is safe.',
  breaker_open: 'M-Pesa cannot be reached. Nothing was sent; a new try is safe.',
  credentials_refused: CREDENTIALS_REFUSED_ANSWER,
}

/** What the two given surfaces ask for: a payment with no wishes beyond what their documents name. */
export function plainRequest(
  principal: Principal,
  wish: Pick<PaymentRequest, 'amountKes' | 'phone' | 'reference' | 'tag' | 'idempotencyKey'>,
): PaymentRequest {
  return {
    ...wish,
    merchantId: principal.merchantId,
    live: principal.live,
    shortcodeId: principal.shortcodeId,
    shortcodeNumber: null,
    description: null,
    metadata: null,
    expiresInMs: DEFAULT_EXPIRES_IN_MS,
  }
}

/**
 * The payment of a synchronous request. A replayed one waits until the first has its answer.
 * Throws the `HttpError` of every other result.
 */
export async function paymentOf(
  payments: Pick<PaymentService, 'waitFor'>,
  reply: FastifyReply,
  result: CreateResult,
): Promise<Payment> {
  if (result.code !== 'replayed' || !isBeingSent(result.payment)) return committedPayment(reply, result)
  const payment = await payments.waitFor(result.payment, (latest) => !isBeingSent(latest), {
    timeoutMs: FIRST_ANSWER_MAX_MS,
    signal: goneSignal(reply),
  })
  if (isBeingSent(payment)) {
    throw new HttpError(
      'idempotency_in_progress',
      'The first request with this Idempotency-Key is still being answered. Try again in a moment.',
      { retryAfterSeconds: 2 },
    )
  }
  return committedPayment(reply, { ...result, payment })
}

/** The committed payment, marked in the headers when it is an earlier one; throws for all else. */
export function committedPayment(reply: FastifyReply, result: CreateResult): Payment {
  switch (result.code) {
    case 'created':
      return result.payment
    case 'replayed':
      reply.header('idempotent-replayed', 'true')
      return result.payment
    case 'idempotency_conflict':
      throw new HttpError(
        'idempotency_conflict',
        'This Idempotency-Key was used with another request. Use a new key for a new payment.',
      )
    case 'no_shortcode':
      throw new HttpError(
        'no_shortcode',
        'There is no enabled shortcode for this key. Add a paybill or till, or name one of yours.',
      )
    case 'no_room':
      throw new HttpError('mpesa_unavailable', NO_ROOM_TEXTS[result.reason], {
        retryAfterSeconds: Math.max(1, Math.ceil(result.retryAfterMs / 1_000)),
      })
  }
}

function isBeingSent(payment: Payment): boolean {
  return payment.state === 'sending' || payment.state === 'queued'
}
