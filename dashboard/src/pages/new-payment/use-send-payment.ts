// Sends a payment so that a filled form prompts once, however often its button is pressed.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { keepPayment } from '../../api/live-payments.tsx'
import type { Payment } from '../../api/payments.ts'
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
 * `send` makes the payment. The same order is sent under the same Idempotency-Key until it has been made, so
 * that a double click or a second try after a lost answer is the same payment.
 */
export function useSendPayment() {
  const api = useApi()
  const queries = useQueryClient()
  const filled = useRef<{ order: string; key: string } | null>(null)
  const isUnderWay = useRef(false)
  const mutation = useMutation({
    mutationFn: (order: PaymentOrder) => {
      const text = JSON.stringify(order)
      const key = filled.current?.order === text ? filled.current.key : newKey()
      filled.current = { order: text, key }
      return api.post<Payment>('/v1/payments', order, { headers: { 'idempotency-key': key } })
    },
    onSuccess: (payment) => keepPayment(queries, api, payment),
    onSettled: () => {
      isUnderWay.current = false
    },
  })
  return {
    ...mutation,
    send(order: PaymentOrder) {
      if (isUnderWay.current) return
      isUnderWay.current = true
      mutation.mutate(order)
    },
    /** The next payment is another one, even if it is filled in alike. */
    startAnother() {
      filled.current = null
      mutation.reset()
    },
  }
}

/** What `useSendPayment` gives. */
export type Sending = ReturnType<typeof useSendPayment>

/** Random, also on pages without HTTPS, where `crypto.randomUUID` is missing. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return `dashboard-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
