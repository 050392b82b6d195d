// Words about two-factor sign-in.
import type { Texts } from '../../texts/language.tsx'

type TwoFactorTexts = {
  title: string
  about: string
  isOn: string
  isOff: string
  turnOn: string
  turnOff: string
  newCodes: string
  needsPassword: string
  passwordFor: string
  goOn: string
  scanTitle: string
  scanText: string
  qr: string
  manual: string
  manualKey: string
  confirm: string
  codesTitle: string
  codesText: string
  copyAll: string
  copied: string
  download: string
  fileName: string
  fileTitle: string
  kept: string
  turnedOn: string
  turnedOff: string
  offText: string
  newCodesText: string
}

export const twoFactorTexts: Texts<TwoFactorTexts> = {
  en: {
    title: 'Two-factor sign-in',
    about: 'A code from your phone besides the password: a stolen password alone is then worth nothing.',
    isOn: 'On',
    isOff: 'Off',
    turnOn: 'Turn it on',
    turnOff: 'Turn it off',
    newCodes: 'New recovery codes',
    needsPassword: 'Set a password first: it is asked for here.',
    passwordFor: 'Your password, so that nobody else does this',
    goOn: 'Continue',
    scanTitle: 'Scan this with your authenticator app',
    scanText: 'Google Authenticator, Aegis, 1Password or any other. Then write the code that it shows.',
    qr: 'QR code for an authenticator app',
    manual: 'The app cannot scan? Type this key into it:',
    manualKey: 'Key for the app',
    confirm: 'Confirm',
    codesTitle: 'Keep these recovery codes',
    codesText:
      'When your phone is lost, each of them signs you in once. They are shown only now: keep them ' +
      'where the phone is not.',
    copyAll: 'Copy all',
    copied: 'Copied',
    download: 'Download',
    fileName: 'sukuma-recovery-codes.txt',
    fileTitle: 'Recovery codes, each for one sign-in to',
    kept: 'I have kept them',
    turnedOn: 'Two-factor sign-in is on.',
    turnedOff: 'Two-factor sign-in is off.',
    offText: 'From then on your password alone is enough to sign in.',
    newCodesText: 'The ones you have now stop working.',
  },
  sw: {
    title: 'Uthibitisho wa hatua mbili',
    about: 'Nambari kutoka kwenye simu yako pamoja na nenosiri: nenosiri lililoibwa pekee halitoshi tena.',
    isOn: 'Umewashwa',
    isOff: 'Umezimwa',
    turnOn: 'Washa',
    turnOff: 'Zima',
    newCodes: 'Nambari mpya za dharura',
    needsPassword: 'Weka nenosiri kwanza: linahitajika hapa.',
    passwordFor: 'Nenosiri lako, ili mtu mwingine asifanye hivi',
    goOn: 'Endelea',
    scanTitle: 'Skani hii kwa programu yako ya uthibitisho',
    scanText: 'Google Authenticator, Aegis, 1Password au nyingine yoyote. Kisha andika nambari inayoonyesha.',
    qr: 'QR ya programu ya uthibitisho',
    manual: 'Programu haiwezi kuskani? Andika ufunguo huu ndani yake:',
    manualKey: 'Ufunguo wa programu',
    confirm: 'Thibitisha',
    codesTitle: 'Hifadhi nambari hizi za dharura',
    codesText:
      'Simu ikipotea, kila moja inakuingiza mara moja. Zinaonyeshwa sasa tu: zihifadhi mahali ' +
      'pengine, si kwenye simu.',
    copyAll: 'Nakili zote',
    copied: 'Zimenakiliwa',
    download: 'Pakua',
    fileName: 'sukuma-nambari-za-dharura.txt',
    fileTitle: 'Nambari za dharura, kila moja ya kuingia mara moja kwenye',
    kept: 'Nimezihifadhi',
    turnedOn: 'Uthibitisho wa hatua mbili umewashwa.',
    turnedOff: 'Uthibitisho wa hatua mbili umezimwa.',
    offText: 'Kuanzia hapo nenosiri lako pekee litatosha kuingia.',
    newCodesText: 'Zile ulizo nazo sasa zitaacha kufanya kazi.',
  },
}
