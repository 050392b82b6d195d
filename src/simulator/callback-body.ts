// The body of an STK callback, written as Daraja writes it (Daraja, the callback).
import { eatStamp } from './eat-time.ts'
import type { Faults } from './faults.ts'
import type { LedgerEntry } from './ledger.ts'
import { callbackText } from './result-texts.ts'

const WHOLE_NUMBER = /^\d+$/

/**
 * The callback's JSON text for a payment that has ended. It is put together by hand because JSON.stringify
 * would write Daraja's `1.00` as `1`.
 */
export function callbackBody(entry: LedgerEntry, faults: Faults): string {
  const resultCode = entry.resultCode ?? ''
  // SFC_IC0003 is the one code that is no number.
  const code = WHOLE_NUMBER.test(resultCode) ? resultCode : JSON.stringify(resultCode)
  const metadata =
    resultCode === '0' ? `,"CallbackMetadata":{"Item":[${items(entry, faults).join(',')}]}` : ''
  return (
    `{"Body":{"stkCallback":{"MerchantRequestID":${JSON.stringify(entry.merchantRequestId)},` +
    `"CheckoutRequestID":${JSON.stringify(entry.checkoutRequestId)},"ResultCode":${code},` +
    `"ResultDesc":${JSON.stringify(callbackText(resultCode, faults.oldResultDesc))}${metadata}}}}`
  )
}

function items(entry: LedgerEntry, faults: Faults): string[] {
  const list = [
    `{"Name":"Amount","Value":${entry.amountKes}.00}`,
    `{"Name":"MpesaReceiptNumber","Value":"${entry.receipt}"}`,
  ]
  if (faults.balance === 'empty') list.push('{"Name":"Balance"}')
  list.push(`{"Name":"TransactionDate","Value":${eatStamp(entry.endedAtMs ?? entry.pushedAtMs)}}`)
  if (faults.callbackPhone === 'full') list.push(`{"Name":"PhoneNumber","Value":${entry.phone}}`)
  if (faults.callbackPhone === 'masked') {
    list.push(`{"Name":"PhoneNumber","Value":"${entry.phone.slice(0, 5)}****${entry.phone.slice(-3)}"}`)
  }
  return list
}
