// `POST /v1/phone_numbers/forget`: one customer's number is forgotten now.
import type { FastifyInstance } from 'fastify'
import { maskPhone } from '../../log.ts'
import { auditOrigin } from '../audit-origin.ts'
import { principalWith } from '../authentication.ts'
import { readFields } from '../field-reader.ts'
import { HttpError } from '../http-error.ts'
import { answer } from '../schema-parts.ts'
import { Type } from '../schema-type.ts'
import { bodyProblems } from './problem-schema.ts'
import type { V1Deps } from './v1-deps.ts'

const forgotten = Type.Object({
  object: Type.Literal('forgotten_phone'),
  payments: Type.Integer({ minimum: 0, description: 'Payments that no longer have it.' }),
  open: Type.Integer({
    minimum: 0,
    description:
      'Payments that M-Pesa may still change: not settled, or in the last three days failed or settled ' +
      'without a receipt. Until then nothing of this number is forgotten.',
  }),
  has_more: Type.Boolean({ description: 'Ask again to go on.' }),
})

const forgetPhoneSchema = {
  operationId: 'forgetPhone',
  tags: ['Payments'],
  summary: 'Forget a phone number',
  description:
    'In all settled payments on the side of your key, in their events, callbacks and webhook attempts: ' +
    '`2547******78` stands in its place, and it cannot be searched for any more. There is no way back. ' +
    'Needs the scope `merchant:write`, which only owners have and give to keys.',
  body: Type.Object(
    { phone: Type.String({ description: 'In any form.' }) },
    { additionalProperties: false, examples: [{ phone: '0712345678' }] },
  ),
  response: {
    200: answer('What was forgotten.', forgotten, {
      examples: { done: { object: 'forgotten_phone', payments: 12, open: 0, has_more: false } },
    }),
    ...bodyProblems(),
  },
}

/** Adds the route. */
export function phoneNumberRoutes(app: FastifyInstance, deps: Pick<V1Deps, 'insight' | 'audit'>): void {
  app.post('/phone_numbers/forget', { schema: forgetPhoneSchema }, async (request) => {
    const principal = principalWith(request, 'merchant:write')
    if (principal.shortcodeId !== null) {
      throw new HttpError('forbidden', 'This key is bound to one shortcode; numbers are those of all.')
    }
    const fields = readFields(request.body)
    const phone = fields.phone('phone')
    fields.checkAll()
    if (phone === null) throw new HttpError('invalid', 'Invalid input: phone.')
    const { payments, open, hasMore } = await deps.insight.forgetPhone(principal, phone)
    await deps.audit.record({
      ...auditOrigin(request, principal),
      action: 'phones.erased',
      target: null,
      detail: { phone: maskPhone(phone), payments, open },
    })
    return { object: 'forgotten_phone', payments, open, has_more: hasMore }
  })
}
