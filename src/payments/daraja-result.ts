// How a settled payment ended, in no codes but Daraja's own: for clients and receivers that were written for
// Daraja.
import type { Payment } from './payment.ts'
import { isCustomerBusy } from './payment-resource.ts'
import { NOT_ON_STATEMENT_CODE } from './settle-by-statement.ts'

/** `code` is `0` for what was paid alone; else digits without a leading zero, or a text with a letter. */
export type DarajaResult = { code: string; description: string }

/**
 * Daraja's own code for "the prompt could not be sent" (Daraja, ResultCodes), for payments of which Daraja
 * would have sent no callback at all: refused, or never sent. Their merchants must be told all the same, by a
 * number that receivers know as a failure and that says that no money moved.
 */
const NO_PROMPT_CODE = '9999'
/** Daraja's own code for "another transaction is in process for the customer". */
const CUSTOMER_BUSY_CODE = '1001'

/** The result of a settled payment as Daraja would say it. */
export function darajaResult(
  payment: Pick<Payment, 'state' | 'outcome' | 'resultCode' | 'resultDesc'>,
): DarajaResult {
  const description = payment.resultDesc ?? ''
  if (payment.state === 'succeeded') {
    return { code: '0', description: description || 'The service request is processed successfully.' }
  }
  if (payment.outcome !== 'declined' && isCustomerBusy(payment)) {
    return { code: CUSTOMER_BUSY_CODE, description }
  }
  // The statement's word is no code of M-Pesa's: it is told in the text.
  const isOwnCode = payment.resultCode === NOT_ON_STATEMENT_CODE
  const code = payment.outcome === 'declined' && !isOwnCode ? (payment.resultCode ?? '') : ''
  // M-Pesa has codes such as SFC_IC0003. A text without letters could count as zero, a success, somewhere.
  if (/^[1-9]\d{0,8}$/.test(code) || /[A-Za-z]/.test(code)) return { code, description }
  const reason = [description, payment.resultCode && `(${payment.resultCode})`].filter(Boolean).join(' ')
  return { code: NO_PROMPT_CODE, description: reason || 'The prompt was not sent.' }
}
