// Words of the part of the settings that is about oneself.
import type { Texts } from '../../texts/language.tsx'

type AccountSettingsTexts = {
  saved: string
  save: string
  profile: string
  profileAbout: string
  emailHint: string
  looks: string
  looksAbout: string
  password: string
  passwordAbout: string
  currentPassword: string
  endOthers: string
  changePassword: string
  passwordChanged: string
  noPassword: string
  sendLink: string
  linkSent(email: string): string
  linkPrinted: string
  devices: string
  devicesAbout: string
  unknownDevice: string
  thisDevice: string
  lastUsed: string
  signedIn: string
  from(ip: string): string
  end: string
  endOf(device: string): string
  ended: string
  endAllOthers: string
  endEverywhere: string
  everywhereTitle: string
  everywhereText: string
  merchants: string
  merchantsAbout: string
  leave: string
  leaveOf(merchant: string): string
  leaveTitle(merchant: string): string
  leaveText: string
  left(merchant: string): string
  newMerchant: string
  merchantName: string
  merchantMissing: string
  merchantMade(name: string): string
}

export const accountSettingsTexts: Texts<AccountSettingsTexts> = {
  en: {
    saved: 'Saved',
    save: 'Save',
    profile: 'Profile',
    profileAbout: 'How your team sees you.',
    emailHint: 'You sign in with it. It cannot be changed: for another address, be invited under that one.',
    looks: 'Language and theme',
    looksAbout: 'On this device.',
    password: 'Password',
    passwordAbout: 'Change it when somebody else may know it.',
    currentPassword: 'Current password',
    endOthers: 'Sign out all my other devices',
    changePassword: 'Change the password',
    passwordChanged: 'Your password is changed.',
    noPassword: 'You came by a link and have no password yet. With one you can come back any time.',
    sendLink: 'Get a link to set one',
    linkSent: (email) => `A link is on its way to ${email}.`,
    linkPrinted: 'The link stands in the log of the gateway now.',
    devices: 'Devices',
    devicesAbout:
      'Where your account is signed in. Sign out what you do not know, then change your password.',
    unknownDevice: 'Unknown device',
    thisDevice: 'this device',
    lastUsed: 'last used',
    signedIn: 'signed in',
    from: (ip) => `from ${ip}`,
    end: 'Sign out',
    endOf: (device) => `Sign out ${device}`,
    ended: 'The device is signed out.',
    endAllOthers: 'Sign out all others',
    endEverywhere: 'Sign out everywhere',
    everywhereTitle: 'Sign out everywhere?',
    everywhereText: 'On every device, this one as well. You sign in again afterwards.',
    merchants: 'Merchants',
    merchantsAbout: 'Those that you belong to.',
    leave: 'Leave',
    leaveOf: (merchant) => `Leave ${merchant}`,
    leaveTitle: (merchant) => `Leave ${merchant}?`,
    leaveText: 'You see nothing of this merchant any more, until an owner invites you again.',
    left: (merchant) => `You have left ${merchant}.`,
    newMerchant: 'Make another merchant',
    merchantName: 'Name of the new business',
    merchantMissing: 'Write its name',
    merchantMade: (name) => `${name} is made. Choose it at the top of the page.`,
  },
  sw: {
    saved: 'Imehifadhiwa',
    save: 'Hifadhi',
    profile: 'Wasifu',
    profileAbout: 'Jinsi timu yako inavyokuona.',
    emailHint: 'Unaingia nayo. Haibadiliki: ukitaka nyingine, omba ualikwe kwa barua pepe hiyo.',
    looks: 'Lugha na mwonekano',
    looksAbout: 'Kwenye kifaa hiki.',
    password: 'Nenosiri',
    passwordAbout: 'Libadilishe ikiwa huenda mtu mwingine analijua.',
    currentPassword: 'Nenosiri la sasa',
    endOthers: 'Ondoa vifaa vyangu vingine vyote',
    changePassword: 'Badilisha nenosiri',
    passwordChanged: 'Nenosiri lako limebadilishwa.',
    noPassword: 'Uliingia kwa kiungo na bado huna nenosiri. Ukiwa nalo unaweza kurudi wakati wowote.',
    sendLink: 'Pata kiungo cha kuweka nenosiri',
    linkSent: (email) => `Kiungo kiko njiani kwenda ${email}.`,
    linkPrinted: 'Kiungo sasa kiko kwenye kumbukumbu za mfumo.',
    devices: 'Vifaa',
    devicesAbout: 'Mahali akaunti yako imeingia. Ondoa usichokijua, kisha badilisha nenosiri.',
    unknownDevice: 'Kifaa kisichojulikana',
    thisDevice: 'kifaa hiki',
    lastUsed: 'kilitumika mara ya mwisho',
    signedIn: 'kiliingia',
    from: (ip) => `kutoka ${ip}`,
    end: 'Ondoa',
    endOf: (device) => `Ondoa ${device}`,
    ended: 'Kifaa kimeondolewa.',
    endAllOthers: 'Ondoa vingine vyote',
    endEverywhere: 'Ondoka kila mahali',
    everywhereTitle: 'Uondoke kila mahali?',
    everywhereText: 'Kwenye vifaa vyote, pamoja na hiki. Kisha utaingia tena.',
    merchants: 'Biashara',
    merchantsAbout: 'Ambazo wewe ni mwanatimu wake.',
    leave: 'Toka',
    leaveOf: (merchant) => `Toka kwenye ${merchant}`,
    leaveTitle: (merchant) => `Utoke kwenye ${merchant}?`,
    leaveText: 'Hutaona tena chochote cha biashara hii, hadi mmiliki akualike tena.',
    left: (merchant) => `Umetoka kwenye ${merchant}.`,
    newMerchant: 'Fungua biashara nyingine',
    merchantName: 'Jina la biashara mpya',
    merchantMissing: 'Andika jina lake',
    merchantMade: (name) => `${name} imefunguliwa. Ichague juu ya ukurasa.`,
  },
}
