// Sends a payment so that a filled form prompts once, however often its button is pressed.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { keepPayment } from '../../api/live-payments.tsx'
import type { Payment } from '../../api/payments.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useApi } from '../../api/side.tsx'

/** What `POST /v1/payments` takes, as far as the form asks for it. */
export type PaymentOrder = {
  phone: string
  amount: number
  reference: string
  description?: string
  shortcode?: string
}

const KEY_BYTES = 16
/**
 * What the gateway answers when it has sent nothing. Any other answer may be a proxy's, that knows nothing of
 * what the gateway did, or tell of an earlier try.
 */
const NOTHING_SENT = new Set([
  'unauthenticated',
  'forbidden',
  'not_found',
  'malformed_body',
  'unsupported_media_type',
  'body_too_large',
  'invalid',
  'bad_idempotency_key',
  'idempotency_conflict',
  'no_shortcode',
  'rate_limited',
  'unavailable',
  'mpesa_unavailable',
])

/** An order as it was tried. `isUnsure`: one of the tries may have prompted. */
type Tried = { key: string; isUnsure: boolean }

/**
 * `send` makes the payment. The same order is sent under the same Idempotency-Key until it has been made, so
 * that a double click or a second try after a lost answer is the same payment, whatever was tried between
 * them. `isUnsure`: the order that failed may have prompted all the same.
 */
export function useSendPayment() {
  const api = useApi()
  const queries = useQueryClient()
  const tried = useRef(new Map<string, Tried>())
  const [isUnsure, setUnsure] = useState(false)
  const isUnderWay = useRef(false)
  const triedOf = (order: PaymentOrder) => {
    const text = JSON.stringify(order)
    const of = tried.current.get(text) ?? newTry()
    tried.current.set(text, of)
    return of
  }
  const mutation = useMutation({
    mutationFn: (order: PaymentOrder) => {
      const { key } = triedOf(order)
      return api.post<Payment>('/v1/payments', order, { headers: { 'idempotency-key': key } })
    },
    onError: (error, order) => {
      const of = triedOf(order)
      of.isUnsure ||= !(error instanceof ApiProblem && NOTHING_SENT.has(error.code))
      setUnsure(of.isUnsure)
    },
    onSuccess: (payment) => keepPayment(queries, api, payment),
    onSettled: () => {
      isUnderWay.current = false
    },
  })
  return {
    ...mutation,
    isUnsure,
    send(order: PaymentOrder) {
      if (isUnderWay.current) return
      isUnderWay.current = true
      mutation.mutate(order)
    },
    /** The next payment is another one, even if it is filled in alike. */
    startAnother() {
      tried.current.delete(JSON.stringify(mutation.variables))
      mutation.reset()
    },
  }
}

/** What `useSendPayment` gives. */
export type Sending = ReturnType<typeof useSendPayment>

/** Random, also on pages without HTTPS, where `crypto.randomUUID` is missing. */
function newTry(): Tried {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { key: `dashboard-${text}`, isUnsure: false }
}
