// Words of the page that sets a new password.
import type { Texts } from '../../texts/language.tsx'

type ResetTexts = {
  title: string
  about: string
  submit: string
  doneTitle: string
  doneText: string
  noLinkTitle: string
  noLinkText: string
  askAgain: string
}

export const resetTexts: Texts<ResetTexts> = {
  en: {
    title: 'Choose a new password',
    about: 'Every device that is signed in to your account is signed out by this.',
    submit: 'Save the password',
    doneTitle: 'Your password is changed',
    doneText: 'Sign in with it now. All other devices have been signed out.',
    noLinkTitle: 'This link is not complete',
    noLinkText: 'Open it from the mail again as a whole, or ask for a new one.',
    askAgain: 'Ask for a new link',
  },
  sw: {
    title: 'Chagua nenosiri jipya',
    about: 'Vifaa vyote vilivyoingia kwenye akaunti yako vitaondolewa.',
    submit: 'Hifadhi nenosiri',
    doneTitle: 'Nenosiri lako limebadilishwa',
    doneText: 'Ingia nalo sasa. Vifaa vingine vyote vimeondolewa.',
    noLinkTitle: 'Kiungo hiki hakijakamilika',
    noLinkText: 'Kifungue tena kizima kutoka kwenye barua pepe, au omba kingine.',
    askAgain: 'Omba kiungo kipya',
  },
}
