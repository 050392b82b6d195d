// Words of the page of one payment.
import type { Texts } from '../../texts/language.tsx'

type PaymentTexts = {
  title: string
  back: string
  notFound: string
  notFoundText: string
  status: Record<string, string>
  statusText: Record<string, string>
  refresh: string
  amount: string
  phone: string
  reference: string
  receipt: string
  copyReceipt: string
  copied: string
  receiptText: (what: {
    amount: string
    to: string
    receipt: string
    phone: string
    at: string
    for: string
  }) => string
  lost: string
  lostText: string
  lostTextStatement: string
  late: string
  lateText: string
  contradicted: string
  contradictedText: string
  corrected: string
  correctedText: string
  uncertain: string
  uncertainText: string
  next: string
  nextWhat: Record<string, string>
  tell: string
  tellAbout: string
  english: string
  swahili: string
  details: string
  id: string
  trackingId: string
  shortcode: string
  description: string
  tag: string
  metadata: string
  created: string
  paid: string
  expires: string
  raw: string
  rawText: string
  rawNone: string
  show: string
  hide: string
}

/** The page of one payment. */
export const paymentTexts: Texts<PaymentTexts> = {
  en: {
    title: 'Payment',
    back: 'All payments',
    notFound: 'There is no such payment here',
    notFoundText:
      'The address may be mistyped, or the payment belongs to another merchant, or to the other mode.',
    status: {
      queued: 'Queued',
      sending: 'Being sent',
      pending: 'Waiting for the PIN',
      uncertain: 'Not known yet',
      succeeded: 'Paid',
      failed: 'Not paid',
    },
    statusText: {
      queued: 'It is kept, and goes to the phone as soon as there is room.',
      sending: 'The request is on its way to M-Pesa.',
      pending: 'The prompt is on the phone. The customer enters the PIN.',
      uncertain: 'M-Pesa has not said how it ended. Do not charge again.',
      succeeded: 'M-Pesa moved the money.',
      failed: 'It ended without a payment.',
    },
    refresh: 'Changes appear by themselves.',
    amount: 'Amount',
    phone: 'Phone',
    reference: 'Reference',
    receipt: 'M-Pesa receipt',
    copyReceipt: 'Copy receipt',
    copied: 'Copied',
    receiptText: ({ amount, to, receipt, phone, at, for: reference }) =>
      `${amount} paid to ${to}\nM-Pesa receipt: ${receipt}\nFrom: ${phone}\nFor: ${reference}\nOn: ${at}`,
    lost: 'The callback was lost; M-Pesa was asked',
    lostText:
      "M-Pesa's message about this payment never came. " +
      'The gateway asked M-Pesa itself, and this is the answer.',
    lostTextStatement:
      "M-Pesa's message about this payment never came, and it could not be asked. Its statement settled it.",
    late: 'The callback came late',
    lateText: 'The gateway had asked M-Pesa by then. The callback said the same, and brought the receipt.',
    contradicted: 'M-Pesa has said two things about this payment',
    contradictedText:
      'Nothing was changed by the second. Look at both below, and at your M-Pesa statement, ' +
      'before you give out goods or money.',
    corrected: 'Corrected: it was paid after all',
    correctedText: 'It had failed at first. Then M-Pesa proved that the money was moved.',
    uncertain: 'It is not known yet whether this was paid',
    uncertainText: 'Do not charge again. M-Pesa is asked again and again until it says how it ended.',
    next: 'What happens next',
    nextWhat: {
      send: 'It is sent as soon as there is room.',
      give_up: 'If it could not be sent by then, it never is.',
      lapse: 'If it was not heard of by then, it is looked into.',
      callback: "M-Pesa's callback settles it whenever it comes.",
      question: 'M-Pesa is asked again.',
      statement: "M-Pesa's statement is looked at.",
    },
    tell: 'What to tell the customer',
    tellAbout: 'To read out, or to copy into a message.',
    english: 'English',
    swahili: 'Swahili',
    details: 'Details',
    id: 'Payment id',
    trackingId: 'Tracking id',
    shortcode: 'Paybill or till',
    description: 'Description',
    tag: 'Tag',
    metadata: 'Metadata',
    created: 'Made',
    paid: 'Paid',
    expires: 'Not sent after',
    raw: 'Raw callback',
    rawText: "M-Pesa's message that settled it, byte for byte.",
    rawNone: 'No callback has settled this payment.',
    show: 'Show',
    hide: 'Hide',
  },
  sw: {
    title: 'Malipo',
    back: 'Malipo yote',
    notFound: 'Hakuna malipo kama hayo hapa',
    notFoundText: 'Huenda anwani imekosewa, au malipo ni ya biashara nyingine, au ya hali nyingine.',
    status: {
      queued: 'Kwenye foleni',
      sending: 'Inatumwa',
      pending: 'Inasubiri PIN',
      uncertain: 'Bado haijulikani',
      succeeded: 'Imelipwa',
      failed: 'Haijalipwa',
    },
    statusText: {
      queued: 'Imehifadhiwa, na itatumwa kwenye simu mara nafasi ikipatikana.',
      sending: 'Ombi liko njiani kwenda M-Pesa.',
      pending: 'Ombi liko kwenye simu. Mteja aweke PIN.',
      uncertain: 'M-Pesa haijasema ilivyoisha. Usimtoze mteja tena.',
      succeeded: 'M-Pesa imehamisha pesa.',
      failed: 'Iliisha bila malipo.',
    },
    refresh: 'Mabadiliko yanaonekana yenyewe.',
    amount: 'Kiasi',
    phone: 'Simu',
    reference: 'Rejea',
    receipt: 'Risiti ya M-Pesa',
    copyReceipt: 'Nakili risiti',
    copied: 'Imenakiliwa',
    receiptText: ({ amount, to, receipt, phone, at, for: reference }) =>
      `${amount} imelipwa kwa ${to}\nRisiti ya M-Pesa: ${receipt}\nKutoka: ${phone}\nKwa ajili ` +
      `ya: ${reference}\nTarehe: ${at}`,
    lost: 'Taarifa ya M-Pesa ilipotea; M-Pesa iliulizwa',
    lostText: 'Ujumbe wa M-Pesa kuhusu malipo haya haukufika. Mfumo uliiuliza M-Pesa, na hili ndilo jibu.',
    lostTextStatement:
      'Ujumbe wa M-Pesa kuhusu malipo haya haukufika, na M-Pesa haikuweza kuulizwa. Taarifa ya ' +
      'akaunti ndiyo iliyoamua.',
    late: 'Taarifa ya M-Pesa ilichelewa',
    lateText: 'Mfumo ulikuwa umeshaiuliza M-Pesa. Taarifa ilisema vivyo hivyo, na kuleta risiti.',
    contradicted: 'M-Pesa imesema mambo mawili kuhusu malipo haya',
    contradictedText:
      'La pili halikubadilisha chochote. Angalia yote mawili hapa chini, na taarifa yako ya ' +
      'M-Pesa, kabla ya kutoa bidhaa au pesa.',
    corrected: 'Imesahihishwa: kumbe ililipwa',
    correctedText: 'Mwanzoni ilishindikana. Baadaye M-Pesa ilithibitisha kuwa pesa zilihamishwa.',
    uncertain: 'Bado haijulikani kama imelipwa',
    uncertainText: 'Usimtoze mteja tena. M-Pesa inaulizwa tena na tena hadi iseme ilivyoisha.',
    next: 'Kinachofuata',
    nextWhat: {
      send: 'Itatumwa mara nafasi ikipatikana.',
      give_up: 'Isipotumwa kufikia hapo, haitatumwa kamwe.',
      lapse: 'Isiposikika kufikia hapo, itachunguzwa.',
      callback: 'Taarifa ya M-Pesa itaikamilisha wakati wowote itakapofika.',
      question: 'M-Pesa itaulizwa tena.',
      statement: 'Taarifa ya akaunti ya M-Pesa itaangaliwa.',
    },
    tell: 'Cha kumwambia mteja',
    tellAbout: 'Msomee, au nakili kwenye ujumbe.',
    english: 'Kiingereza',
    swahili: 'Kiswahili',
    details: 'Maelezo',
    id: 'Kitambulisho',
    trackingId: 'Kitambulisho cha kufuatilia',
    shortcode: 'Paybill au till',
    description: 'Maelezo',
    tag: 'Lebo',
    metadata: 'Data ya ziada',
    created: 'Ilifanywa',
    paid: 'Ililipwa',
    expires: 'Isitumwe baada ya',
    raw: 'Taarifa ghafi ya M-Pesa',
    rawText: 'Ujumbe wa M-Pesa ulioikamilisha, kama ulivyokuja.',
    rawNone: 'Hakuna taarifa ya M-Pesa iliyokamilisha malipo haya.',
    show: 'Onyesha',
    hide: 'Ficha',
  },
}
