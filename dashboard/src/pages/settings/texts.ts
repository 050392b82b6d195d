// Words of the settings page as a whole and of its parts about the merchant.
import type { Texts } from '../../texts/language.tsx'

type SettingsTexts = {
  title: string
  about: string
  account: string
  merchant: string
  alerts: string
  save: string
  saved: string
  merchantAbout: string
  name: string
  nameMissing: string
  timeZone: string
  timeZoneHint(now: string): string
  timeZoneNone: string
  language: string
  languageHint: string
  retention: string
  retentionAbout: string
  keep: string
  keepHint: string
  erase: string
  eraseHint: string
  days: string
  daysWrong: string
  forget: string
  forgetAbout: string
  phone: string
  phoneMissing: string
  forgetAct: string
  forgetTitle: string
  forgetText(phone: string): string
  forgotten(payments: number): string
  forgottenOpen(open: number): string
  alertsAbout: string
  noMail: string
  recipients: string
  recipientsHint: string
  recipientsNone: string
  recipientWrong(email: string): string
  failures: string
  failuresHint: string
  percent: string
  minutes: string
  payments: string
  thresholdWrong(min: number, max: number): string
  endpoint: string
  endpointHint: string
  contradiction: string
  contradictionHint: string
  credentials: string
  credentialsHint: string
  testSide: string
  testSideHint: string
}

export const settingsTexts: Texts<SettingsTexts> = {
  en: {
    title: 'Settings',
    about: 'Your account, and how this merchant works.',
    account: 'Your account',
    merchant: 'Merchant',
    alerts: 'Alerts',
    save: 'Save',
    saved: 'Saved',
    merchantAbout: 'For test and live alike.',
    name: 'Name of the business',
    nameMissing: 'Write the name of the business',
    timeZone: 'Time zone',
    timeZoneHint: (now) => `Days begin at its midnight, and times are shown in it. It is ${now} there.`,
    timeZoneNone: 'There is no such time zone',
    language: 'Language of mails',
    languageHint: 'Of the alerts that are sent.',
    retention: 'Phone numbers of customers',
    retentionAbout: 'Payments stay for ever; whose phone paid need not.',
    keep: 'Keep them',
    keepHint: 'A customer’s payments are found by their number at any time.',
    erase: 'Erase them after a while',
    eraseHint: 'Only 2547******78 is left. It cannot be brought back.',
    days: 'Days after the payment was settled',
    daysWrong: 'From 7 to 3650 days',
    forget: 'Forget one customer now',
    forgetAbout: 'When somebody asks you to. In the mode that is chosen at the top of the page.',
    phone: 'Phone number',
    phoneMissing: 'Write a phone number such as 0712 345 678',
    forgetAct: 'Erase the number',
    forgetTitle: 'Erase this number for ever?',
    forgetText: (phone) =>
      `Every payment of ${phone} keeps only the first and last digits. It cannot be found by the ` +
      'number again.',
    forgotten: (payments) =>
      payments === 0
        ? 'No payment had this number.'
        : `Erased from ${payments} ${payments === 1 ? 'payment' : 'payments'}.`,
    forgottenOpen: (open) =>
      `Nothing is erased yet: M-Pesa may still change ${open} ${open === 1 ? 'payment' : 'payments'}. ` +
      'One under way takes minutes, a failed one three days. Try again then.',
    alertsAbout: 'Mails about what somebody should look at.',
    noMail: 'This gateway sends no mail: alerts are printed to its log. Set SMTP_URL to have them sent.',
    recipients: 'Send them to',
    recipientsHint: 'Write an address and press Enter. Up to 20.',
    recipientsNone: 'Nobody gets an alert while this is empty.',
    recipientWrong: (email) => `${email} is not an e-mail address`,
    failures: 'Many payments fail',
    failuresHint: 'Not those that customers cancel or cannot pay: those that M-Pesa or this gateway fails.',
    percent: 'Percent that fail, at least',
    minutes: 'Within minutes',
    payments: 'Of payments, at least',
    thresholdWrong: (min, max) => `From ${min} to ${max}.`,
    endpoint: 'A webhook is switched off',
    endpointHint: 'It answered with nothing but failures for days.',
    contradiction: 'M-Pesa contradicts itself',
    contradictionHint: 'Two verdicts on one payment, which a person has to look at.',
    credentials: 'Credentials of a shortcode are refused',
    credentialsHint: 'M-Pesa takes no payment for it until they are mended.',
    testSide: 'Also for test mode',
    testSideHint: 'Else only what happens in live mode is told.',
  },
  sw: {
    title: 'Mipangilio',
    about: 'Akaunti yako, na jinsi biashara hii inavyofanya kazi.',
    account: 'Akaunti yako',
    merchant: 'Biashara',
    alerts: 'Tahadhari',
    save: 'Hifadhi',
    saved: 'Imehifadhiwa',
    merchantAbout: 'Kwa majaribio na halisi pia.',
    name: 'Jina la biashara',
    nameMissing: 'Andika jina la biashara',
    timeZone: 'Saa za eneo',
    timeZoneHint: (now) =>
      `Siku huanza saa sita usiku ya hapo, na saa huonyeshwa kwayo. Sasa ni ${now} huko.`,
    timeZoneNone: 'Hakuna eneo kama hilo',
    language: 'Lugha ya barua pepe',
    languageHint: 'Ya tahadhari zinazotumwa.',
    retention: 'Nambari za simu za wateja',
    retentionAbout: 'Malipo hubaki daima; simu iliyolipa si lazima ibaki.',
    keep: 'Zihifadhi',
    keepHint: 'Malipo ya mteja hupatikana kwa nambari yake wakati wowote.',
    erase: 'Zifute baada ya muda',
    eraseHint: 'Inabaki 2547******78 tu. Haiwezi kurudishwa.',
    days: 'Siku baada ya malipo kukamilika',
    daysWrong: 'Kuanzia siku 7 hadi 3650',
    forget: 'Msahau mteja mmoja sasa',
    forgetAbout: 'Mteja anapokuomba. Katika hali iliyochaguliwa juu ya ukurasa.',
    phone: 'Nambari ya simu',
    phoneMissing: 'Andika nambari ya simu kama 0712 345 678',
    forgetAct: 'Futa nambari',
    forgetTitle: 'Uifute nambari hii kabisa?',
    forgetText: (phone) =>
      `Kila malipo ya ${phone} yatabaki na tarakimu za mwanzo na mwisho tu. Hayatapatikana tena kwa ` +
      'nambari hiyo.',
    forgotten: (payments) =>
      payments === 0 ? 'Hakuna malipo yenye nambari hii.' : `Imefutwa kwenye malipo ${payments}.`,
    forgottenOpen: (open) =>
      `Bado haijafutwa: M-Pesa bado inaweza kubadilisha malipo ${open}. Yanayoendelea huchukua dakika ` +
      'chache, yaliyoshindikana siku tatu. Jaribu tena baadaye.',
    alertsAbout: 'Barua pepe kuhusu jambo ambalo mtu anafaa kuliangalia.',
    noMail:
      'Mfumo huu hautumi barua pepe: tahadhari huandikwa kwenye kumbukumbu zake. Weka SMTP_URL ili zitumwe.',
    recipients: 'Zitumwe kwa',
    recipientsHint: 'Andika barua pepe kisha ubonyeze Enter. Hadi 20.',
    recipientsNone: 'Hakuna anayepata tahadhari hapa pakiwa patupu.',
    recipientWrong: (email) => `${email} si barua pepe`,
    failures: 'Malipo mengi yanashindikana',
    failuresHint:
      'Si yale ambayo wateja wameghairi au hawana pesa: ni yale yanayokwama kwa M-Pesa au mfumo huu.',
    percent: 'Asilimia zinazoshindikana, angalau',
    minutes: 'Ndani ya dakika',
    payments: 'Kati ya malipo, angalau',
    thresholdWrong: (min, max) => `Kuanzia ${min} hadi ${max}.`,
    endpoint: 'Webhook imezimwa',
    endpointHint: 'Imekuwa ikishindwa kujibu kwa siku kadhaa.',
    contradiction: 'M-Pesa inajipinga',
    contradictionHint: 'Majibu mawili tofauti kwa malipo mamoja, ambayo mtu lazima ayaangalie.',
    credentials: 'Taarifa za siri za paybill au till zimekataliwa',
    credentialsHint: 'M-Pesa haipokei malipo yake hadi zirekebishwe.',
    testSide: 'Pia kwa hali ya majaribio',
    testSideHint: 'La sivyo, ni yanayotokea katika hali halisi tu yanayoelezwa.',
  },
}
