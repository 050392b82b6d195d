// What to tell a customer who asks about a payment, whatever its state: a shop's words, in both languages.
import { describeResult } from '../daraja/result-catalogue.ts'
import type { Payment, PaymentState } from './payment.ts'

/** One text in English and in Swahili. */
export type BothLanguages = { en: string; sw: string }

/** While it is open, nobody may say more than this. */
const OPEN_WORDS: Record<Exclude<PaymentState, 'succeeded' | 'failed'>, BothLanguages> = {
  queued: {
    en: 'Your payment is waiting its turn. A request for your M-Pesa PIN will come to your phone soon.',
    sw: 'Malipo yako yanasubiri zamu. Ombi la PIN ya M-Pesa litakuja kwenye simu yako hivi karibuni.',
  },
  sending: {
    en: 'The request is on its way to your phone. Keep it on, and enter your M-Pesa PIN when it asks.',
    sw: 'Ombi linaelekea kwenye simu yako. Iache ikiwa imewashwa, na uweke PIN ya M-Pesa ikiulizwa.',
  },
  pending: {
    en: 'The request is on your phone. Enter your M-Pesa PIN there to pay.',
    sw: 'Ombi liko kwenye simu yako. Weka PIN yako ya M-Pesa hapo ili ulipe.',
  },
  uncertain: {
    en:
      'M-Pesa has not told us yet how this ended. If money has left your account, do not pay again: keep ' +
      'the message from M-Pesa, and we will find out.',
    sw:
      'M-Pesa bado haijatuambia matokeo. Kama pesa zimekatwa, usilipe tena: tunza ujumbe wa M-Pesa, nasi ' +
      'tutafuatilia.',
  },
}

/** The words for `payment` as it is now. */
export function customerWords(payment: Payment): BothLanguages {
  const { state, resultCode, resultDesc, receipt } = payment
  if (state !== 'succeeded' && state !== 'failed') return OPEN_WORDS[state]
  const { message } = describeResult(resultCode ?? '', resultDesc ?? '')
  if (state !== 'succeeded' || receipt === null) return message
  return {
    en: `${message.en} M-Pesa receipt ${receipt}.`,
    sw: `${message.sw} Risiti ya M-Pesa ni ${receipt}.`,
  }
}
