// Words that the pages about accounts share.
import type { Texts } from '../texts/language.tsx'

type AccountTexts = {
  tagline: string
  email: string
  emailWrong: string
  password: string
  newPassword: string
  passwordHint(min: number): string
  passwordShort(min: number): string
  passwordLong(max: number): string
  passwordMissing: string
  name: string
  nameMissing: string
  showPassword: string
  code: string
  codeHint: string
  codeWrong: string
  recoveryCode: string
  toSignIn: string
}

export const accountTexts: Texts<AccountTexts> = {
  en: {
    tagline: 'M-Pesa payments, on a machine of your own',
    email: 'E-mail',
    emailWrong: 'Write an e-mail address such as amina@example.com',
    password: 'Password',
    newPassword: 'New password',
    passwordHint: (min) =>
      `At least ${min} characters. A few words in a row are easy to remember and hard to guess.`,
    passwordShort: (min) => `At least ${min} characters are needed`,
    passwordLong: (max) => `At most ${max} characters are possible`,
    passwordMissing: 'Write your password',
    name: 'Your name',
    nameMissing: 'Write your name, as the team knows you',
    showPassword: 'Show or hide the password',
    code: 'Code from your app',
    codeHint: 'Six digits, a new one every 30 seconds',
    codeWrong: 'The code has six digits',
    recoveryCode: 'Recovery code',
    toSignIn: 'To the sign-in',
  },
  sw: {
    tagline: 'Malipo ya M-Pesa, kwenye mashine yako mwenyewe',
    email: 'Barua pepe',
    emailWrong: 'Andika barua pepe kama amina@example.com',
    password: 'Nenosiri',
    newPassword: 'Nenosiri jipya',
    passwordHint: (min) =>
      `Herufi ${min} au zaidi. Maneno machache yakifuatana ni rahisi kukumbuka na magumu kubahatisha.`,
    passwordShort: (min) => `Lazima liwe na herufi ${min} au zaidi`,
    passwordLong: (max) => `Lisizidi herufi ${max}`,
    passwordMissing: 'Andika nenosiri lako',
    name: 'Jina lako',
    nameMissing: 'Andika jina lako, jinsi timu inavyokujua',
    showPassword: 'Onyesha au ficha nenosiri',
    code: 'Nambari kutoka kwenye programu yako',
    codeHint: 'Tarakimu sita, hubadilika kila sekunde 30',
    codeWrong: 'Nambari ina tarakimu sita',
    recoveryCode: 'Nambari ya dharura',
    toSignIn: 'Nenda kuingia',
  },
}
