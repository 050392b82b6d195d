// Words of the sign-up.
import type { Texts } from '../../texts/language.tsx'

type SignUpTexts = {
  title: string
  firstTitle: string
  firstAbout: string
  openAbout: string
  invitationTitle: string
  invitationText: string
  merchantName: string
  merchantHint: string
  merchantMissing: string
  choosePassword: string
  submit: string
  haveAccount: string
  signIn: string
}

export const signUpTexts: Texts<SignUpTexts> = {
  en: {
    title: 'Make an account',
    firstTitle: 'Make the first account',
    firstAbout: 'It owns the first merchant, and invites everybody else.',
    openAbout: 'It comes with a merchant of its own, which you own.',
    invitationTitle: 'Accounts are made by invitation here',
    invitationText: 'Ask an owner of your business to invite you. The invitation is a link that opens here.',
    merchantName: 'Name of the business',
    merchantHint: 'As your team knows it. It can be changed later.',
    merchantMissing: 'Write the name of the business',
    choosePassword: 'Choose a password',
    submit: 'Make the account',
    haveAccount: 'You have an account?',
    signIn: 'Sign in',
  },
  sw: {
    title: 'Fungua akaunti',
    firstTitle: 'Fungua akaunti ya kwanza',
    firstAbout: 'Ndiyo inayomiliki biashara ya kwanza, na inawaalika wengine wote.',
    openAbout: 'Utapata biashara yako mwenyewe, na wewe ndiye mmiliki wake.',
    invitationTitle: 'Hapa akaunti hufunguliwa kwa mwaliko',
    invitationText: 'Mwombe mmiliki wa biashara yako akualike. Mwaliko ni kiungo kinachofunguka hapa.',
    merchantName: 'Jina la biashara',
    merchantHint: 'Jinsi timu yako inavyoijua. Unaweza kulibadilisha baadaye.',
    merchantMissing: 'Andika jina la biashara',
    choosePassword: 'Chagua nenosiri',
    submit: 'Fungua akaunti',
    haveAccount: 'Una akaunti tayari?',
    signIn: 'Ingia',
  },
}
