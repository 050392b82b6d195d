// The words on and around the virtual phone.
import type { Texts } from '../texts/languages.ts'

type PhoneTexts = {
  title: string
  about: string
  connectionLost: string
  connecting: string
  phoneOf(number: string): string
  power(isOn: boolean): string
  off: string
  balance: string
  noLimit: string
  messages: string
  noMessages: string
  sender: string
  prompt(text: string, asked: { amountKes: number; payee: string; reference: string | null }): string
  enterPin: string
  pad: string
  pinEntered(count: number): string
  send: string
  cancel: string
  erase: string
  waits(seconds: number): string
  away: string
  putAway: string
  pickUp: string
  noPrompt: string
  lockedNote: string
  unlock: string
  pin: string
  changePin: string
  pinForm: string
  setBalance: string
  save: string
  addNumber: string
  add: string
  remove(number: string): string
  phones: string
  numberForm: string
  testNumber: string
  tooMany: string
  noAnswer: string
  gone: string
  language: string
  theme: string
  auto: string
  light: string
  dark: string
  wrongAddress(number: string): string
}

export const phoneTexts: Texts<PhoneTexts> = {
  en: {
    title: 'Virtual phone',
    about: 'A Safaricom handset for tests. No money moves.',
    connectionLost: 'The simulator does not answer. Trying again…',
    connecting: 'Switching on…',
    phoneOf: (number) => `Phone ${number}`,
    power: (isOn) => (isOn ? 'Switch the phone off' : 'Switch the phone on'),
    off: 'This phone is switched off. The power button switches it on.',
    balance: 'M-PESA balance',
    noLimit: 'never runs out',
    messages: 'Messages',
    noMessages: 'No messages yet. Send a payment to this number and its prompt appears here.',
    sender: 'MPESA',
    prompt: (text) => text,
    enterPin: 'Enter M-PESA PIN:',
    pad: 'Keys of the phone',
    pinEntered: (count) => `${count} of 4 digits entered`,
    send: 'Send',
    cancel: 'Cancel',
    erase: 'Erase the last digit',
    waits: (seconds) => `M-PESA waits ${seconds} s more`,
    away: 'The phone was put away, and nobody answers. Its prompt is still up.',
    putAway: 'Ignore it',
    pickUp: 'Look again',
    noPrompt: 'No prompt is up.',
    lockedNote: 'The PIN is locked: three wrong ones in a row.',
    unlock: 'Unlock the PIN',
    pin: 'PIN',
    changePin: 'PIN of this phone',
    pinForm: 'Four digits',
    setBalance: 'Balance in KES',
    save: 'Save',
    addNumber: 'Another number',
    add: 'Add',
    remove: (number) => `Remove ${number}`,
    phones: 'Phones on this page',
    numberForm: 'A Kenyan mobile number, such as 0712 345 678.',
    testNumber: 'Test numbers (2547000…) answer by themselves and have no phone.',
    tooMany: 'One page shows eight phones at most.',
    noAnswer: 'The simulator does not answer.',
    gone: 'This prompt is no longer up.',
    language: 'Language',
    theme: 'Theme',
    auto: 'Auto',
    light: 'Light',
    dark: 'Dark',
    wrongAddress: (number) => `${number} cannot be a virtual phone.`,
  },
  sw: {
    title: 'Simu ya majaribio',
    about: 'Simu ya Safaricom ya kujaribia. Hakuna pesa inayotumwa.',
    connectionLost: 'Simulator haijibu. Inajaribu tena…',
    connecting: 'Inawashwa…',
    phoneOf: (number) => `Simu ${number}`,
    power: (isOn) => (isOn ? 'Zima simu' : 'Washa simu'),
    off: 'Simu hii imezimwa. Bonyeza kitufe cha kuwasha.',
    balance: 'Salio la M-PESA',
    noLimit: 'haliishi',
    messages: 'Ujumbe',
    noMessages: 'Hakuna ujumbe bado. Tuma ombi la malipo kwa nambari hii, nalo litaonekana hapa.',
    sender: 'MPESA',
    prompt: (_text, { amountKes, payee, reference }) =>
      `Je, ungependa kulipa Kshs. ${amountKes} kwa ${payee}` +
      `${reference === null ? '' : ` nambari ya akaunti ${reference}`}?`,
    enterPin: 'Weka PIN ya M-PESA:',
    pad: 'Vitufe vya simu',
    pinEntered: (count) => `Tarakimu ${count} kati ya 4 zimewekwa`,
    send: 'Tuma',
    cancel: 'Ghairi',
    erase: 'Futa tarakimu ya mwisho',
    waits: (seconds) => `M-PESA inasubiri sekunde ${seconds} zaidi`,
    away: 'Simu imewekwa kando na hakuna anayejibu. Ombi bado lipo.',
    putAway: 'Puuza',
    pickUp: 'Angalia tena',
    noPrompt: 'Hakuna ombi kwa sasa.',
    lockedNote: 'PIN imefungwa: imekosewa mara tatu mfululizo.',
    unlock: 'Fungua PIN',
    pin: 'PIN',
    changePin: 'PIN ya simu hii',
    pinForm: 'Tarakimu nne',
    setBalance: 'Salio kwa KES',
    save: 'Hifadhi',
    addNumber: 'Nambari nyingine',
    add: 'Ongeza',
    remove: (number) => `Ondoa ${number}`,
    phones: 'Simu kwenye ukurasa huu',
    numberForm: 'Nambari ya simu ya Kenya, kama 0712 345 678.',
    testNumber: 'Nambari za majaribio (2547000…) hujijibu zenyewe na hazina simu.',
    tooMany: 'Ukurasa mmoja huonyesha simu nane tu.',
    noAnswer: 'Simulator haijibu.',
    gone: 'Ombi hili halipo tena.',
    language: 'Lugha',
    theme: 'Mwonekano',
    auto: 'Kiotomatiki',
    light: 'Mwangaza',
    dark: 'Giza',
    wrongAddress: (number) => `${number} haiwezi kuwa simu ya majaribio.`,
  },
}
