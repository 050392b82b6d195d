// What every code of M-Pesa and Daraja means to a person: a label, what to tell the customer in English
// and Swahili, whether another try makes sense, and whether an STK query that says it settles a payment.
import { isSubscriberLocked, isWrongCredentials } from './daraja-error.ts'

/** When the customer may try again. */
export type RetryAdvice = 'no' | 'now' | 'later'

/** A code, explained. Messages say what happened and what to do next. */
export type ResultDescription = {
  code: string
  label: string
  message: { en: string; sw: string }
  retryable: boolean
  retry: RetryAdvice
}

type Entry = { label: string; retry: RetryAdvice; en: string; sw: string }
type Table = { readonly [code: string]: Entry }

const PROMPT_NOT_SENT: Entry = {
  label: 'Prompt Not Sent',
  retry: 'now',
  en: 'The payment request could not be sent to the phone. Try again.',
  sw: 'Ombi la malipo halikuweza kutumwa kwenye simu. Jaribu tena.',
}

const MERCHANT_SET_UP: Entry = {
  label: 'Merchant Set-up Error',
  retry: 'no',
  en: "The business's M-Pesa set-up does not allow this payment. Tell the business; a new try will not help.",
  sw: 'Mpangilio wa M-Pesa wa biashara hauruhusu malipo haya. Ijulishe biashara; kujaribu tena hakutasaidia.',
}

const CUSTOMER_BUSY: Entry = {
  label: 'Customer Busy',
  retry: 'later',
  en: 'Another M-Pesa transaction is open on this phone. Finish it, wait three minutes, then try again.',
  sw: 'Kuna muamala mwingine wa M-Pesa kwenye simu hii. Umalize, subiri dakika tatu, kisha ujaribu tena.',
}

const FAILED: Entry = {
  label: 'Failed',
  retry: 'now',
  en: 'The payment did not go through and no money was taken. Try again or pay another way.',
  sw: 'Malipo hayakukamilika na hakuna pesa zilizokatwa. Jaribu tena au lipa kwa njia nyingine.',
}

const NO_ACCESS: Entry = {
  label: 'Rejected',
  retry: 'later',
  en: 'The business could not sign in to M-Pesa and no prompt was sent. Try again in a few minutes.',
  sw: 'Biashara haikuweza kuingia kwenye M-Pesa na ombi halikutumwa. Jaribu tena baada ya dakika chache.',
}

const REFUSED_SET_UP: Entry = { ...MERCHANT_SET_UP, label: 'Rejected' }

const REFUSED_WISH: Entry = {
  label: 'Rejected',
  retry: 'no',
  en: 'The payment request was not valid and no prompt was sent. Check the phone number and the amount.',
  sw: 'Ombi la malipo si sahihi na halikutumwa kwenye simu. Kagua nambari ya simu na kiasi.',
}

const REFUSED_BUSY: Entry = {
  label: 'Rejected',
  retry: 'later',
  en: 'M-Pesa is busy and no prompt was sent. Try again in a few minutes.',
  sw: 'M-Pesa ina shughuli nyingi na ombi halikutumwa. Jaribu tena baada ya dakika chache.',
}

const REFUSED_CUSTOMER_BUSY: Entry = { ...CUSTOMER_BUSY, label: 'Rejected' }

const REJECTED: Entry = {
  label: 'Rejected',
  retry: 'later',
  en: 'M-Pesa did not accept the payment request and no prompt was sent. Try again later or pay another way.',
  sw: 'M-Pesa haikukubali ombi la malipo. Jaribu tena baadaye au lipa kwa njia nyingine.',
}

/** The ResultCodes of an STK payment that are final (Daraja, ResultCodes). */
const FINAL_RESULTS: Table = {
  '0': { label: 'Success', retry: 'no', en: 'Paid. Thank you.', sw: 'Malipo yamepokelewa. Asante.' },
  '1': {
    label: 'Insufficient Balance',
    retry: 'later',
    en: 'There is not enough money in the M-Pesa account. Top up, then try again.',
    sw: 'Salio la M-Pesa halitoshi. Ongeza pesa kisha ujaribu tena.',
  },
  '2': {
    label: 'Amount Too Small',
    retry: 'no',
    en: 'The amount is below the smallest that M-Pesa accepts. Pay a larger amount.',
    sw: 'Kiasi hiki ni kidogo kuliko kiwango cha chini cha M-Pesa. Lipa kiasi kikubwa zaidi.',
  },
  '3': {
    label: 'Amount Too Large',
    retry: 'no',
    en: 'The amount is above the most that M-Pesa allows in one payment. Pay a smaller amount.',
    sw: 'Kiasi hiki kinazidi kiwango cha juu cha M-Pesa kwa malipo moja. Lipa kiasi kidogo zaidi.',
  },
  '4': {
    label: 'Daily Limit Reached',
    retry: 'later',
    en: 'This payment would go over the daily M-Pesa limit. Try again tomorrow, or pay another way.',
    sw: 'Malipo haya yanazidi kikomo chako cha M-Pesa cha siku. Jaribu kesho, au lipa kwa njia nyingine.',
  },
  '8': {
    label: 'Receiver Limit Reached',
    retry: 'no',
    en: 'The business cannot receive this amount: its M-Pesa account is full. Ask it for another way to pay.',
    sw: 'Biashara haiwezi kupokea kiasi hiki: akaunti yake ya M-Pesa imejaa. Uliza njia nyingine ya kulipa.',
  },
  '17': {
    label: 'Repeated Too Soon',
    retry: 'later',
    en: 'M-Pesa stops equal payments within two minutes of each other. Wait two minutes, then try again.',
    sw: 'M-Pesa huzuia malipo ya kiasi sawa ndani ya dakika mbili. Subiri dakika mbili, kisha ujaribu tena.',
  },
  '26': {
    label: 'System Busy',
    retry: 'later',
    en: 'M-Pesa is busy. No money was taken. Try again in a few minutes.',
    sw: 'M-Pesa ina shughuli nyingi kwa sasa. Hakuna pesa zilizokatwa. Jaribu tena baada ya dakika chache.',
  },
  '1001': CUSTOMER_BUSY,
  '1019': {
    label: 'Transaction Expired',
    retry: 'now',
    en: 'The payment request expired before it was answered. Try again, and enter the PIN when asked.',
    sw: 'Muda wa ombi la malipo uliisha kabla ya kujibiwa. Jaribu tena, na uweke PIN unapoombwa.',
  },
  '1025': PROMPT_NOT_SENT,
  '9999': PROMPT_NOT_SENT,
  '1032': {
    label: 'Cancelled by User',
    retry: 'now',
    en: 'The payment was cancelled on the phone, or the request timed out there. Try again when ready.',
    sw: 'Malipo yalighairiwa kwenye simu, au muda wa ombi uliisha. Jaribu tena ukiwa tayari.',
  },
  '1036': {
    label: 'Phone Not Reached',
    retry: 'now',
    en: 'The phone did not confirm the request. Check that it is on and has signal, then try again.',
    sw: 'Simu haikuthibitisha kupokea ombi. Hakikisha imewashwa na ina mtandao, kisha ujaribu tena.',
  },
  '1037': {
    label: 'Timed Out',
    retry: 'now',
    en: 'The phone did not answer. Check that it is on and has signal, then try again and enter the PIN.',
    sw: 'Simu haikujibu. Hakikisha imewashwa na ina mtandao, kisha ujaribu tena na uweke PIN.',
  },
  '2001': {
    label: 'Wrong PIN',
    retry: 'now',
    en: 'The M-Pesa PIN was wrong. Try again with the right PIN.',
    sw: 'PIN ya M-Pesa si sahihi. Jaribu tena kwa PIN sahihi.',
  },
  '2028': MERCHANT_SET_UP,
  SFC_IC0003: MERCHANT_SET_UP,
  '8006': {
    label: 'PIN Locked',
    retry: 'no',
    en: 'The M-Pesa PIN is locked. Ask Safaricom customer care to unlock it, or pay another way.',
    sw: 'PIN ya M-Pesa imefungwa. Wasiliana na huduma kwa wateja ya Safaricom, au lipa kwa njia nyingine.',
  },
  '11': FAILED,
  '15': FAILED,
  '20': FAILED,
  '21': FAILED,
  '1031': FAILED,
  '1101': FAILED,
  '1102': FAILED,
  '2008': FAILED,
  '2026': FAILED,
}

/** Codes that end no payment, or that only a push is answered with (Daraja, STK push). */
const OTHER_CODES: Table = {
  '4999': {
    label: 'Processing',
    retry: 'no',
    en: 'The payment is still being processed. Wait for the result; do not pay again.',
    sw: 'Malipo bado yanashughulikiwa. Subiri matokeo; usilipe tena.',
  },
  '400.002.02': REFUSED_SET_UP,
  '401.003.01': NO_ACCESS,
  '404.001.03': NO_ACCESS,
  '404.001.01': REFUSED_SET_UP,
  '405.001': REFUSED_SET_UP,
  '500.001.1001': REJECTED,
  '500.003.02': REFUSED_BUSY,
  '500.003.03': REFUSED_BUSY,
  'policies.ratelimit.SpikeArrestViolation': REFUSED_BUSY,
  'policies.ratelimit.QuotaViolation': REFUSED_BUSY,
  '500.003.1001': {
    label: 'Unknown',
    retry: 'no',
    en: 'M-Pesa had an error, and the phone may still get the request. Wait; do not pay again.',
    sw: 'M-Pesa ilipata hitilafu, na ombi bado linaweza kufika kwenye simu. Subiri; usilipe tena.',
  },
  push_rejected: REJECTED,
  customer_busy: CUSTOMER_BUSY,
  not_on_statement: {
    label: 'Not Paid',
    retry: 'now',
    en: 'M-Pesa’s statement shows that this payment was not made. No money was taken. Try again.',
    sw: 'Taarifa ya M-Pesa inaonyesha kuwa malipo haya hayakufanyika. Hakuna pesa zilizokatwa. Jaribu tena.',
  },
  not_sent: {
    label: 'Rejected',
    retry: 'now',
    en: 'The payment request could not be sent in time. No prompt reached the phone. Try again.',
    sw: 'Ombi la malipo halikutumwa kwa wakati. Halikufika kwenye simu. Jaribu tena.',
  },
}

/** What to say about a code that is on no list: nothing is promised about the money. */
const UNLISTED: Entry = {
  label: 'Failed',
  retry: 'no',
  en: 'The payment did not go through. Check your M-Pesa messages before you pay again.',
  sw: 'Malipo hayakukamilika. Angalia ujumbe wako wa M-Pesa kabla ya kulipa tena.',
}

/** 500.001.1001 is three refusals; only their texts tell them apart. */
const AMBIGUOUS_CODE = '500.001.1001'
/** 400.002.02 names the field at fault: these are the customer's, all others the merchant's set-up. */
const INVALID_FIELD_CODE = '400.002.02'
const CUSTOMERS_FIELD = /Amount|Phone ?Number|PartyA/i

/** Whether a code says that another prompt was up on the customer's phone; 500.001.1001 by its text. */
export function meansCustomerBusy(code: string, description = ''): boolean {
  const entry = find(code, description)
  return entry === CUSTOMER_BUSY || entry === REFUSED_CUSTOMER_BUSY
}

/**
 * Explains a ResultCode, an errorCode of a refused push, or a code of our own such as `not_sent`.
 * `description` is Daraja's own text, which tells the meanings of 500.001.1001 and 400.002.02 apart. A code
 * on no list gets a generic text.
 */
export function describeResult(code: string, description = ''): ResultDescription {
  const { label, retry, en, sw } = find(code, description)
  return { code, label, message: { en, sw }, retryable: retry !== 'no', retry }
}

/**
 * Whether a query that answers this ResultCode settles the payment. An allowlist: `4999` and every unknown
 * code keep it open.
 */
export function isFinalByQuery(resultCode: string): boolean {
  return Object.hasOwn(FINAL_RESULTS, resultCode)
}

function find(code: string, description: string): Entry {
  if (code === AMBIGUOUS_CODE && isSubscriberLocked(description)) return REFUSED_CUSTOMER_BUSY
  if (code === AMBIGUOUS_CODE && isWrongCredentials(description)) return REFUSED_SET_UP
  if (code === INVALID_FIELD_CODE && CUSTOMERS_FIELD.test(description)) return REFUSED_WISH
  if (Object.hasOwn(FINAL_RESULTS, code)) return FINAL_RESULTS[code] ?? UNLISTED
  if (Object.hasOwn(OTHER_CODES, code)) return OTHER_CODES[code] ?? UNLISTED
  return UNLISTED
}
