// The words of the simulator's console.
import type { Texts } from '../../texts/languages.ts'
import type { Answer } from '../simulator.ts'

type ConsoleTexts = {
  console: string
  ledger: string
  faults: string
  testNumbers: string
  testNumbersAbout: string
  whatHappens: string
  noPushes: string
  noPushesText: string
  openPrompts: string
  noPrompts: string
  onThisPage: string
  elsewhere: string
  byItself: string
  acts: Record<Answer, string>
  gone: string
  whatHappened: string
  shown(shown: number, count: number): string
  time: string
  phone: string
  amount: string
  result: string
  told: string
  callbacks: string
  callbackCount(answered: number, attempted: number): string
  queryCount(queries: number): string
  waiting: string
  notBegun: string
  paid: string
  speed: string
  speedAbout: string
  reset: string
  allOff: string
  changed(count: number): string
  noAnswer: string
  milliseconds: string
}

export const consoleTexts: Texts<ConsoleTexts> = {
  en: {
    console: "The simulator's console",
    ledger: 'Pushes',
    faults: 'Faults',
    testNumbers: 'Test numbers',
    testNumbersAbout: 'These numbers answer by themselves, always in the same way. Every other number pays.',
    whatHappens: 'What happens',
    noPushes: 'No pushes yet',
    noPushesText: 'Every STK push that reaches the simulator is listed here, with what really became of it.',
    openPrompts: 'Prompts that are up',
    noPrompts: 'No phone shows a prompt now.',
    onThisPage: 'on a phone of this page',
    elsewhere: 'on another phone',
    byItself: 'a test number, which answers by itself',
    acts: {
      pay: 'Pay',
      right_pin: 'Pay',
      wrong_pin: 'Wrong PIN',
      insufficient: 'Too little money',
      cancel: 'Cancel',
      ignore: 'Ignore',
    },
    gone: 'This prompt is no longer up.',
    whatHappened: 'What really happened',
    shown: (shown, count) => (shown < count ? `the latest ${shown} of ${count}` : `${count} in all`),
    time: 'Time',
    phone: 'Phone',
    amount: 'Amount',
    result: 'Result',
    told: 'The caller was told',
    callbacks: 'Callbacks',
    callbackCount: (answered, attempted) =>
      attempted === 0 ? 'none' : `${answered} of ${attempted} answered`,
    queryCount: (queries) => (queries === 1 ? '1 query' : `${queries} queries`),
    waiting: 'Waiting',
    notBegun: 'Not begun',
    paid: 'Paid',
    speed: 'Speed',
    speedAbout: 'Divides every delay that begins from now on.',
    reset: 'Put every switch back',
    allOff: 'Every switch is at its default: nothing goes wrong.',
    changed: (count) => (count === 1 ? '1 switch is set.' : `${count} switches are set.`),
    noAnswer: 'The simulator does not answer.',
    milliseconds: 'ms',
  },
  sw: {
    console: 'Dashibodi ya simulator',
    ledger: 'Maombi',
    faults: 'Hitilafu',
    testNumbers: 'Nambari za majaribio',
    testNumbersAbout: 'Nambari hizi hujijibu zenyewe, kila mara vilevile. Nambari nyingine zote hulipa.',
    whatHappens: 'Kinachotokea',
    noPushes: 'Hakuna maombi bado',
    noPushesText:
      'Kila ombi la STK linalofika kwenye simulator linaonyeshwa hapa, pamoja na matokeo yake halisi.',
    openPrompts: 'Maombi yanayosubiri',
    noPrompts: 'Hakuna simu yenye ombi kwa sasa.',
    onThisPage: 'kwenye simu ya ukurasa huu',
    elsewhere: 'kwenye simu nyingine',
    byItself: 'nambari ya majaribio, inayojijibu',
    acts: {
      pay: 'Lipa',
      right_pin: 'Lipa',
      wrong_pin: 'PIN si sahihi',
      insufficient: 'Salio halitoshi',
      cancel: 'Ghairi',
      ignore: 'Puuza',
    },
    gone: 'Ombi hili halipo tena.',
    whatHappened: 'Kilichotokea kweli',
    shown: (shown, count) => (shown < count ? `${shown} za mwisho kati ya ${count}` : `jumla ${count}`),
    time: 'Saa',
    phone: 'Simu',
    amount: 'Kiasi',
    result: 'Matokeo',
    told: 'Mtumaji alijibiwa',
    callbacks: 'Callback',
    callbackCount: (answered, attempted) =>
      attempted === 0 ? 'hakuna' : `${answered} kati ya ${attempted} zimejibiwa`,
    queryCount: (queries) => `maswali ${queries}`,
    waiting: 'Inasubiri',
    notBegun: 'Halikuanza',
    paid: 'Imelipwa',
    speed: 'Kasi',
    speedAbout: 'Hugawanya kila muda wa kusubiri unaoanza kuanzia sasa.',
    reset: 'Rudisha swichi zote',
    allOff: 'Swichi zote ziko kawaida: hakuna kinachoharibika.',
    changed: (count) => `Swichi ${count} zimewekwa.`,
    noAnswer: 'Simulator haijibu.',
    milliseconds: 'ms',
  },
}
