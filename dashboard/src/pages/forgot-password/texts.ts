// Words of the page for a forgotten password.
import type { Texts } from '../../texts/language.tsx'

type ForgotTexts = {
  title: string
  about: string
  aboutNoMail: string
  submit: string
  sentTitle: string
  sentText(email: string): string
  sentNoMail(email: string): string
  other: string
}

export const forgotTexts: Texts<ForgotTexts> = {
  en: {
    title: 'Forgot your password?',
    about: 'We send a link to your address, with which you choose a new one.',
    aboutNoMail:
      'This gateway sends no mail: the link is printed to its log, where whoever runs the machine finds it.',
    submit: 'Send the link',
    sentTitle: 'Look into your mail',
    sentText: (email) =>
      `If ${email} has an account here, a link is on its way. It works once, within the hour. Look ` +
      'among the spam as well.',
    sentNoMail: (email) =>
      `If ${email} has an account here, a link stands in the gateway's log now. It works once, within ` +
      'the hour.',
    other: 'Use another address',
  },
  sw: {
    title: 'Umesahau nenosiri?',
    about: 'Tutatuma kiungo kwa barua pepe yako ili uchague nenosiri jipya.',
    aboutNoMail:
      'Mfumo huu hautumi barua pepe: kiungo kitaandikwa kwenye kumbukumbu za mfumo, anapokiona ' +
      'anayeusimamia.',
    submit: 'Tuma kiungo',
    sentTitle: 'Angalia barua pepe yako',
    sentText: (email) =>
      `Ikiwa ${email} ina akaunti hapa, kiungo kiko njiani. Kinatumika mara moja, ndani ya saa moja. ` +
      'Angalia pia kwenye spam.',
    sentNoMail: (email) =>
      `Ikiwa ${email} ina akaunti hapa, kiungo kiko kwenye kumbukumbu za mfumo sasa. Kinatumika mara ` +
      'moja, ndani ya saa moja.',
    other: 'Tumia anwani nyingine',
  },
}
