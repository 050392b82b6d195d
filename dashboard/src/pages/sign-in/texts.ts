// Words of the sign-in.
import type { Texts } from '../../texts/language.tsx'

type SignInTexts = {
  title: string
  remember: string
  rememberHint: string
  submit: string
  forgot: string
  signUp: string
  noAccount: string
  first: string
  firstText: string
  firstAct: string
  demo: string
  linkBusy: string
  linkTitle: string
  linkFailed: string
  withPassword: string
  secondTitle: string
  secondAbout: string
  trust: string
  verify: string
  useRecovery: string
  recoveryAbout: string
  recoveryHint: string
  recoveryMissing: string
  useApp: string
  again: string
}

export const signInTexts: Texts<SignInTexts> = {
  en: {
    title: 'Sign in',
    remember: 'Keep me signed in',
    rememberHint: 'Leave this off on a device that others use.',
    submit: 'Sign in',
    forgot: 'Forgot your password?',
    noAccount: 'No account yet?',
    signUp: 'Make one',
    first: 'Nobody has an account here yet',
    firstText: 'Whoever makes the first one owns the first merchant.',
    firstAct: 'Make the first account',
    demo: 'Trying it out? Open the sign-in link that the gateway printed when it first started.',
    linkBusy: 'Signing you in…',
    linkTitle: 'One moment',
    linkFailed: 'The link does not work',
    withPassword: 'Sign in with a password',
    secondTitle: 'One more step',
    secondAbout: 'Your account asks for a code from your authenticator app.',
    trust: 'Do not ask on this device for 30 days',
    verify: 'Continue',
    useRecovery: 'I cannot use my app',
    recoveryAbout: 'Use one of the recovery codes that you kept. Each works once.',
    recoveryHint: 'Two groups of letters and digits, as you kept it',
    recoveryMissing: 'Write one of your recovery codes',
    useApp: 'Use a code from the app',
    again: 'Begin again',
  },
  sw: {
    title: 'Ingia',
    remember: 'Nikumbuke kwenye kifaa hiki',
    rememberHint: 'Usichague hili kwenye kifaa kinachotumiwa na wengine.',
    submit: 'Ingia',
    forgot: 'Umesahau nenosiri?',
    noAccount: 'Bado huna akaunti?',
    signUp: 'Fungua akaunti',
    first: 'Bado hakuna mwenye akaunti hapa',
    firstText: 'Anayefungua ya kwanza ndiye mmiliki wa biashara ya kwanza.',
    firstAct: 'Fungua akaunti ya kwanza',
    demo: 'Unajaribu tu? Fungua kiungo cha kuingia kilichoandikwa mfumo ulipoanza mara ya kwanza.',
    linkBusy: 'Unaingizwa…',
    linkTitle: 'Subiri kidogo',
    linkFailed: 'Kiungo hakifanyi kazi',
    withPassword: 'Ingia kwa nenosiri',
    secondTitle: 'Hatua moja zaidi',
    secondAbout: 'Akaunti yako inahitaji nambari kutoka kwenye programu yako ya uthibitisho.',
    trust: 'Usiniulize tena kwenye kifaa hiki kwa siku 30',
    verify: 'Endelea',
    useRecovery: 'Siwezi kutumia programu yangu',
    recoveryAbout: 'Tumia mojawapo ya nambari za dharura ulizohifadhi. Kila moja hutumika mara moja.',
    recoveryHint: 'Mafungu mawili ya herufi na tarakimu, kama ulivyohifadhi',
    recoveryMissing: 'Andika mojawapo ya nambari zako za dharura',
    useApp: 'Tumia nambari kutoka kwenye programu',
    again: 'Anza upya',
  },
}
