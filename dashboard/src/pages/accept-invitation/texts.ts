// Words of the page behind an invitation's link.
import type { Role } from '../../api/session.ts'
import type { Texts } from '../../texts/language.tsx'

type InvitationTexts = {
  loading: string
  title(merchant: string): string
  by(name: string): string
  asRole: Record<Role, string>
  forAddress(email: string): string
  accept: string
  signIn: string
  signInText: string
  signUpText: string
  otherTitle: string
  otherText(invited: string, current: string): string
  signOut: string
  goneTitle: string
  goneText: string
}

export const invitationTexts: Texts<InvitationTexts> = {
  en: {
    loading: 'Your invitation',
    title: (merchant) => `Join ${merchant}`,
    by: (name) => `${name} invites you.`,
    asRole: {
      owner: 'As an owner you may do everything: payments, keys, the team and the settings.',
      developer: 'As a developer you work with payments, keys, webhooks and shortcodes.',
      support: 'As support you look up payments and tell customers what became of them.',
    },
    forAddress: (email) => `The invitation is for ${email}.`,
    accept: 'Join',
    signIn: 'Sign in to join',
    signInText: 'This address has an account here. Sign in with it, and you come back to this page.',
    signUpText: 'Make your account, and you are in.',
    otherTitle: 'This invitation is for somebody else',
    otherText: (invited, current) => `It is for ${invited}, and you are signed in as ${current}.`,
    signOut: 'Sign out and go on',
    goneTitle: 'This invitation does not count any more',
    goneText: 'It was used or cancelled, or is too old. Ask the one who invited you for another.',
  },
  sw: {
    loading: 'Mwaliko wako',
    title: (merchant) => `Jiunge na ${merchant}`,
    by: (name) => `${name} anakualika.`,
    asRole: {
      owner: 'Kama mmiliki unaweza kufanya yote: malipo, funguo, timu na mipangilio.',
      developer: 'Kama msanidi unashughulikia malipo, funguo, webhooks na paybill au till.',
      support: 'Kama huduma kwa wateja unatafuta malipo na kuwaeleza wateja yaliyotokea.',
    },
    forAddress: (email) => `Mwaliko ni wa ${email}.`,
    accept: 'Jiunge',
    signIn: 'Ingia ili ujiunge',
    signInText: 'Barua pepe hii ina akaunti hapa. Ingia nayo, kisha utarudi kwenye ukurasa huu.',
    signUpText: 'Fungua akaunti yako, na utakuwa ndani.',
    otherTitle: 'Mwaliko huu ni wa mtu mwingine',
    otherText: (invited, current) => `Ni wa ${invited}, nawe umeingia kama ${current}.`,
    signOut: 'Ondoka uendelee',
    goneTitle: 'Mwaliko huu hautumiki tena',
    goneText: 'Umeshatumika au umefutwa, au umepitwa na wakati. Mwombe aliyekualika akutumie mwingine.',
  },
}
