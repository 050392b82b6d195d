// Reading an STK push as Daraja would: every field's form, and the rules for callback addresses.
import { isStamp } from './eat-time.ts'
import { type JsonObject, textField } from './json-body.ts'
import { invalidField, type Refusal } from './reply.ts'

/** An STK push whose every field has the right form. */
export type PushRequest = {
  shortcode: string
  password: string
  timestamp: string
  transactionType: 'CustomerPayBillOnline' | 'CustomerBuyGoodsOnline'
  amountKes: number
  partyB: string
  phone: string
  callbackUrl: string
  reference: string
  /** Daraja takes longer texts than it can show, and then no prompt comes. */
  textsFit: boolean
}

const SHORTCODE_FORM = /^\d{5,7}$/
const PHONE_FORM = /^254[17]\d{8}$/
const AMOUNT_FORM = /^[1-9]\d{0,5}$/
const AMOUNT_MAX_KES = 250_000
const REFERENCE_LENGTH_MAX = 12
const DESCRIPTION_LENGTH_MAX = 13
const URL_LENGTH_MAX = 2048
/** Words that Daraja's firewall stops wherever they stand in a callback address. */
const BLOCKED_WORDS = /mpesa|safaricom|exe|exec|cmd|sql|query/i
/** Public tunnels, by the end of their host names. */
const TUNNEL_HOSTS =
  /(^|\.)(ngrok(-free)?\.(io|app|dev|com)|loca\.lt|trycloudflare\.com|serveo\.net|lhr\.life)$/i
const LOOPBACK_HOSTS = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i

/** Reads the form of each field in Daraja's order; the refusal names the first that is wrong. */
export function parsePushRequest(
  body: JsonObject,
): { ok: true; push: PushRequest } | { ok: false; refusal: Refusal } {
  const text = (field: string): string => textField(body, field)
  const transactionType = text('TransactionType')
  const amountKes = Number(text('Amount'))
  const rules: [field: string, holds: boolean][] = [
    ['BusinessShortCode', SHORTCODE_FORM.test(text('BusinessShortCode'))],
    ['Password', text('Password') !== ''],
    ['Timestamp', isStamp(text('Timestamp'))],
    ['TransactionType', isTransactionType(transactionType)],
    ['Amount', AMOUNT_FORM.test(text('Amount')) && amountKes <= AMOUNT_MAX_KES],
    ['PartyA', PHONE_FORM.test(text('PartyA'))],
    ['PartyB', SHORTCODE_FORM.test(text('PartyB'))],
    ['PhoneNumber', PHONE_FORM.test(text('PhoneNumber'))],
    ['CallBackURL', isCallbackUrl(text('CallBackURL'))],
    ['AccountReference', text('AccountReference') !== ''],
    ['TransactionDesc', text('TransactionDesc') !== ''],
  ]
  const broken = rules.find(([, holds]) => !holds)
  if (broken || !isTransactionType(transactionType)) {
    return { ok: false, refusal: invalidField(broken?.[0] ?? 'TransactionType') }
  }
  return {
    ok: true,
    push: {
      shortcode: text('BusinessShortCode'),
      password: text('Password'),
      timestamp: text('Timestamp'),
      transactionType,
      amountKes,
      partyB: text('PartyB'),
      phone: text('PhoneNumber'),
      callbackUrl: text('CallBackURL'),
      reference: text('AccountReference'),
      textsFit:
        text('AccountReference').length <= REFERENCE_LENGTH_MAX &&
        text('TransactionDesc').length <= DESCRIPTION_LENGTH_MAX,
    },
  }
}

/**
 * Whether Daraja would call this address back: HTTPS, no blocked word, no public tunnel. Plain HTTP is
 * taken on loopback, so that a gateway can be tried on one machine.
 */
export function isCallbackUrl(text: string): boolean {
  if (text.length > URL_LENGTH_MAX || BLOCKED_WORDS.test(text)) return false
  const url = URL.parse(text)
  if (url === null || TUNNEL_HOSTS.test(url.hostname)) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.test(url.hostname))
}

function isTransactionType(text: string): text is PushRequest['transactionType'] {
  return text === 'CustomerPayBillOnline' || text === 'CustomerBuyGoodsOnline'
}
