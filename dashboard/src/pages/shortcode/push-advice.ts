// What the end of a test push tells of a shortcode's set-up.
import type { Payment } from '../../api/payments.ts'

/** `works`: M-Pesa took the set-up, and the phone ended it. The others name what to mend. */
export type PushAdvice = 'paid' | 'works' | 'keys' | 'passkey' | 'product' | 'busy' | 'invalid' | 'unknown'

/** Verdicts that only a phone with a prompt can bring about (Daraja, ResultCodes). */
const PHONE_CODES = new Set([
  '1',
  '1001',
  '1019',
  '1025',
  '1032',
  '1036',
  '1037',
  '2001',
  '8006',
  '9999',
  '17',
  '4',
])
const KEY_CODES = new Set(['401.003.01', '404.001.03', 'credentials_refused'])
const PRODUCT_CODES = new Set(['2028', 'SFC_IC0003', '404.001.01', '405.001'])
const BUSY_CODES = new Set(['26', '500.003.02', '500.003.03'])
/** One code for three refusals; their texts tell them apart (Daraja, STK push). */
const AMBIGUOUS_CODE = '500.001.1001'

/** The advice for a settled payment. */
export function adviceOf({ status, result }: Pick<Payment, 'status' | 'result'>): PushAdvice {
  if (status === 'succeeded') return 'paid'
  const code = result?.code ?? ''
  const said = `${result?.label ?? ''} ${result?.description ?? ''}`
  if (code === AMBIGUOUS_CODE) return /lock subscriber|in process/i.test(said) ? 'works' : 'passkey'
  if (PHONE_CODES.has(code)) return 'works'
  if (KEY_CODES.has(code) || /credential|consumer/i.test(said)) return 'keys'
  if (PRODUCT_CODES.has(code)) return 'product'
  if (BUSY_CODES.has(code) || code.startsWith('policies.')) return 'busy'
  return code.startsWith('400.') ? 'invalid' : 'unknown'
}
