// Words of the steps of a payment's life.
import type { Texts } from '../../texts/language.tsx'

type TimelineTexts = {
  title: string
  about: string
  steps: Record<string, string>
  events: Record<string, string>
  callbacks: Record<string, string>
  sources: Record<string, string>
  evidence: {
    from: string
    proven: string
    confirmed: string
    token: string
    amount: string
    ids: string
    no: string
  }
  after: (duration: string) => string
  body: string
}

/** The steps of a payment's life. */
export const timelineTexts: Texts<TimelineTexts> = {
  en: {
    title: 'What happened',
    about: 'Every step, and what each rests on.',
    steps: {
      created: 'Taken and kept',
      sent: 'Sent to M-Pesa',
      prompted: 'M-Pesa sends the prompt to the phone',
      question: 'M-Pesa was asked',
      callback: 'A callback that changed nothing',
      statement: "M-Pesa's statement was looked at",
    },
    events: {
      'payment.succeeded': 'Paid',
      'payment.failed': 'Failed',
      'payment.uncertain': 'No answer from M-Pesa: uncertain',
      'payment.corrected': 'Corrected: paid after all',
      'payment.contradicted': 'M-Pesa contradicted itself',
      'payment.updated': 'The receipt came later',
    },
    callbacks: {
      duplicate: 'The same callback again',
      receipt: 'A late callback, with the receipt',
      contradicted: 'A callback that says something else',
      refused: 'A callback that was not believed',
      hint: 'A callback without proof: M-Pesa is asked',
      unmatched: 'A callback that fits no payment',
    },
    sources: {
      callback: 'by M-Pesa’s callback',
      query: 'by asking M-Pesa',
      statement: 'by M-Pesa’s statement',
      push: 'by M-Pesa’s answer to the request',
      gateway: 'by this gateway: it was never sent',
    },
    evidence: {
      from: 'from',
      proven: 'proven',
      confirmed: 'confirmed',
      token: 'secret address',
      amount: 'amount',
      ids: 'ids',
      no: 'does not match',
    },
    after: (duration) => `${duration} later`,
    body: 'What it said',
  },
  sw: {
    title: 'Yaliyotokea',
    about: 'Kila hatua, na ushahidi wake.',
    steps: {
      created: 'Imepokelewa na kuhifadhiwa',
      sent: 'Imetumwa kwa M-Pesa',
      prompted: 'M-Pesa inatuma ombi kwenye simu',
      question: 'M-Pesa iliulizwa',
      callback: 'Taarifa ambayo haikubadilisha chochote',
      statement: 'Taarifa ya akaunti ya M-Pesa iliangaliwa',
    },
    events: {
      'payment.succeeded': 'Imelipwa',
      'payment.failed': 'Imeshindikana',
      'payment.uncertain': 'M-Pesa haijajibu: haijathibitishwa',
      'payment.corrected': 'Imesahihishwa: kumbe ililipwa',
      'payment.contradicted': 'M-Pesa imejipinga',
      'payment.updated': 'Risiti ilikuja baadaye',
    },
    callbacks: {
      duplicate: 'Taarifa ile ile tena',
      receipt: 'Taarifa iliyochelewa, pamoja na risiti',
      contradicted: 'Taarifa inayosema jambo tofauti',
      refused: 'Taarifa ambayo haikuaminika',
      hint: 'Taarifa bila uthibitisho: M-Pesa inaulizwa',
      unmatched: 'Taarifa isiyolingana na malipo yoyote',
    },
    sources: {
      callback: 'kwa taarifa ya M-Pesa',
      query: 'kwa kuiuliza M-Pesa',
      statement: 'kwa taarifa ya akaunti ya M-Pesa',
      push: 'kwa jibu la M-Pesa kwa ombi',
      gateway: 'na mfumo huu: haikutumwa kamwe',
    },
    evidence: {
      from: 'kutoka',
      proven: 'imethibitishwa kikamilifu',
      confirmed: 'imethibitishwa',
      token: 'anwani ya siri',
      amount: 'kiasi',
      ids: 'vitambulisho',
      no: 'hailingani',
    },
    after: (duration) => `${duration} baadaye`,
    body: 'Ilichosema',
  },
}
