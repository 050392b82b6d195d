// `POST /v1/payments/{id}/ask`: asks M-Pesa about one payment at once.
import type { FastifyInstance } from 'fastify'
import { prefixedId } from '../../ids.ts'
import { type AskResult, NOT_ASKED_REASONS, type NotAskedReason } from '../../payments/ask-now.ts'
import { paymentResource } from '../../payments/payment-resource.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { answer, nullable, oneOf, reference, time } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { EXAMPLE_IDS, idParameter } from './list-schema.ts'
import { found, pathId } from './path-id.ts'
import { PAYMENT_EXAMPLE } from './payment-schema-example.ts'
import { bodyProblems } from './problem-schema.ts'
import { readOptionalBody } from './settings-request.ts'
import type { V1Deps } from './v1-deps.ts'

const REASON_TEXTS: Record<NotAskedReason, string> = {
  settled: 'It is settled: M-Pesa has said how it ended.',
  not_sent: 'It was not sent to M-Pesa yet, so M-Pesa knows nothing of it.',
  no_request_id: 'M-Pesa’s answer to the push is not known, so there is no id to ask by.',
  too_early: 'The prompt has only just been sent: M-Pesa would say that it is in process.',
  asked_lately: 'M-Pesa was asked about it a moment ago.',
  being_asked: 'M-Pesa is being asked about it right now.',
  budget: 'M-Pesa has been asked as often as it allows for now; questions are shared by all payments.',
  no_credentials: 'The credentials of its shortcode cannot be used here.',
}

const question = Type.Object({
  object: Type.Literal('payment_question'),
  asked: Type.Boolean(),
  answer: nullable(
    Type.Object(
      {
        at: time('When M-Pesa answered.'),
        kind: Type.String({ description: '`verdict`, or why the answer was none.' }),
        code: nullable(Type.String({ description: 'M-Pesa’s ResultCode, or Daraja’s errorCode.' })),
        detail: Type.String(),
      },
      { description: 'What M-Pesa said; null when it was not asked.' },
    ),
  ),
  reason: nullable(oneOf(NOT_ASKED_REASONS, { description: 'Why it was not asked.' })),
  detail: Type.String({ description: 'For a person.' }),
  ask_again_at: nullable(time('From when on it makes sense to ask again; null: it does not.')),
  payment: reference('Payment'),
})

const askPaymentSchema = {
  operationId: 'askPayment',
  tags: ['Payments'],
  summary: 'Ask M-Pesa about a payment now',
  description:
    'One question by STK query, due or not, out of the budget that all questions share. Answers 200 also ' +
    'when it cannot be asked now, with the reason. Needs the scope `payments:read`.',
  params: idParameter(EXAMPLE_IDS.pay, 'The payment’s id.'),
  response: {
    200: answer('What M-Pesa said, or why it was not asked.', question, {
      examples: {
        settled: {
          object: 'payment_question',
          asked: false,
          answer: null,
          reason: 'settled',
          detail: REASON_TEXTS.settled,
          ask_again_at: null,
          payment: PAYMENT_EXAMPLE,
        },
      },
    }),
    ...bodyProblems('not_found'),
  },
}

/** Adds the route. */
export function paymentAskRoutes(app: FastifyInstance, deps: Pick<V1Deps, 'payments' | 'audit'>): void {
  app.post('/payments/:id/ask', { schema: askPaymentSchema }, async (request) => {
    const principal = principalWith(request, 'payments:read')
    const id = pathId(request, 'pay')
    readOptionalBody(request).checkAll()
    const result = found(await deps.payments.ask(principal, id), 'pay')
    if (result.answer !== null) {
      await deps.audit.record({
        ...auditOrigin(request, principal),
        action: 'payment.asked',
        target: { id: prefixedId('pay', id), name: result.payment.reference },
        detail: { kind: result.answer.kind, code: result.answer.code },
      })
    }
    return questionResource(result)
  })
}

function questionResource({ payment, answer, reason, againAt }: AskResult) {
  return {
    object: 'payment_question' as const,
    asked: answer !== null,
    answer: answer && { at: answer.at, kind: answer.kind, code: answer.code, detail: answer.detail },
    reason,
    detail: reason === null ? (answer?.detail ?? '') : REASON_TEXTS[reason],
    ask_again_at: againAt === null ? null : againAt.toISOString(),
    payment: paymentResource(payment),
  }
}
