// Words of the page that sends a payment.
import type { Texts } from '../../texts/language.tsx'

type NewPaymentTexts = {
  title: string
  about: string
  phone: string
  phoneHint: string
  phoneRead: (phone: string) => string
  phoneWrong: string
  amount: string
  amountHint: string
  amountWrong: string
  reference: string
  referenceHint: string
  referenceWrong: string
  description: string
  descriptionHint: string
  shortcode: string
  oldest: string
  send: string
  sendLive: string
  failed: string
  unsureTitle: string
  unsureText: string
  confirmTitle: string
  confirmText: (amount: string, phone: string) => string
  confirmReference: string
  confirmAct: (amount: string) => string
  noShortcode: string
  noShortcodeText: string
  addShortcode: string
  another: string
  open: string
  watching: string
  phoneTitle: string
  phoneAbout: string
  phoneOpen: string
  phoneClose: string
  phoneOther: string
  tests: string
  testsAbout: string
  testNumbers: Record<string, string>
}

/** The page that sends a payment. */
export const newPaymentTexts: Texts<NewPaymentTexts> = {
  en: {
    title: 'New payment',
    about: 'Asks a customer’s phone for the M-Pesa PIN.',
    phone: 'Customer’s phone',
    phoneHint: 'In any form: 0712 345 678, +254 712…',
    phoneRead: (phone) => `The prompt goes to ${phone}`,
    phoneWrong: 'Write a Kenyan mobile number, such as 0712 345 678.',
    amount: 'Amount',
    amountHint: 'Whole shillings, at most 250,000',
    amountWrong: 'Write whole shillings from 1 to 250,000.',
    reference: 'Reference',
    referenceHint: 'The customer sees it: an invoice or account, at most 12 characters',
    referenceWrong: 'Write 1 to 12 characters.',
    description: 'Description (if you like)',
    descriptionHint: 'Goes to M-Pesa, at most 13 characters',
    shortcode: 'Paybill or till',
    oldest: 'Your first one',
    send: 'Send the prompt',
    sendLive: 'Send to the customer',
    failed: 'The prompt was not sent',
    unsureTitle: 'It is not known whether the prompt was sent',
    unsureText: 'Press the button again: it is the same payment, and the phone is prompted once at most.',
    confirmTitle: 'Real money',
    confirmText: (amount, phone) => `A real customer is asked now for ${amount} of real money, on ${phone}.`,
    confirmReference: 'Reference',
    confirmAct: (amount) => `Ask for ${amount}`,
    noShortcode: 'There is no paybill or till to be paid yet',
    noShortcodeText: 'Add yours first. Its keys are tried at once.',
    addShortcode: 'Add a paybill or till',
    another: 'Another payment',
    open: 'Everything about this payment',
    watching: 'It is followed here by itself.',
    phoneTitle: 'The customer’s phone',
    phoneAbout: 'A phone that is played here. Its PIN is 1234.',
    phoneOpen: 'Open the customer’s phone',
    phoneClose: 'Close the phone',
    phoneOther: 'This number answers by itself, so no phone is needed.',
    tests: 'Numbers that answer by themselves',
    testsAbout: 'Choose one to see how it ends:',
    testNumbers: {
      '0700000000': 'pays',
      '0700001032': 'cancels',
      '0700000001': 'has too little money',
      '0700002001': 'enters a wrong PIN',
      '0700090000': 'does not answer',
      '0700010000': 'pays, and the callback is lost',
    },
  },
  sw: {
    title: 'Malipo mapya',
    about: 'Huomba PIN ya M-Pesa kwenye simu ya mteja.',
    phone: 'Simu ya mteja',
    phoneHint: 'Kwa namna yoyote: 0712 345 678, +254 712…',
    phoneRead: (phone) => `Ombi litaenda kwa ${phone}`,
    phoneWrong: 'Andika namba ya simu ya Kenya, kama 0712 345 678.',
    amount: 'Kiasi',
    amountHint: 'Shilingi kamili, zisizozidi 250,000',
    amountWrong: 'Andika shilingi kamili kuanzia 1 hadi 250,000.',
    reference: 'Rejea',
    referenceHint: 'Mteja ataiona: namba ya ankara au akaunti, isizidi herufi 12',
    referenceWrong: 'Andika herufi 1 hadi 12.',
    description: 'Maelezo (ukipenda)',
    descriptionHint: 'Yanaenda kwa M-Pesa, yasizidi herufi 13',
    shortcode: 'Paybill au till',
    oldest: 'Ya kwanza',
    send: 'Tuma ombi',
    sendLive: 'Tuma kwa mteja',
    failed: 'Ombi halikutumwa',
    unsureTitle: 'Haijulikani kama ombi limetumwa',
    unsureText: 'Bonyeza kitufe tena: ni malipo yale yale, na simu itaombwa mara moja tu.',
    confirmTitle: 'Pesa halisi',
    confirmText: (amount, phone) => `Mteja halisi ataombwa sasa ${amount} za kweli, kwenye ${phone}.`,
    confirmReference: 'Rejea',
    confirmAct: (amount) => `Omba ${amount}`,
    noShortcode: 'Bado hakuna paybill au till ya kulipwa',
    noShortcodeText: 'Ongeza yako kwanza. Funguo zake zitajaribiwa papo hapo.',
    addShortcode: 'Ongeza paybill au till',
    another: 'Malipo mengine',
    open: 'Yote kuhusu malipo haya',
    watching: 'Yanafuatiliwa hapa yenyewe.',
    phoneTitle: 'Simu ya mteja',
    phoneAbout: 'Simu ya kuigiza. PIN yake ni 1234.',
    phoneOpen: 'Fungua simu ya mteja',
    phoneClose: 'Funga simu',
    phoneOther: 'Namba hii hujibu yenyewe, kwa hiyo simu haihitajiki.',
    tests: 'Namba zinazojibu zenyewe',
    testsAbout: 'Chagua moja uone inavyoisha:',
    testNumbers: {
      '0700000000': 'inalipa',
      '0700001032': 'inaghairi',
      '0700000001': 'haina pesa za kutosha',
      '0700002001': 'inakosea PIN',
      '0700090000': 'haijibu',
      '0700010000': 'inalipa, na taarifa inapotea',
    },
  },
}
