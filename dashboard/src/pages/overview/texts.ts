// Words of the overview.
import type { Texts } from '../../texts/language.tsx'

type OverviewTexts = {
  title: string
  about: string
  newPayment: string
  none: string
  noneText: string
  toStart: string
  counting: string
  money: string
  moneyOf: (count: string) => string
  moreThan: (percent: string) => string
  lessThan: (percent: string) => string
  sameAs: string
  nothingYesterday: string
  success: string
  successOf: (paid: string, all: string) => string
  yesterdayWas: (value: string) => string
  noVerdicts: string
  speed: string
  speedOf: (slow: string) => string
  open: string
  openSure: string
  uncertain: (count: string) => string
  inProgress: (count: string) => string
  noOpen: string
  look: string
  chart: string
  chartAbout: string
  byHour: string
  byDay: string
  asChart: string
  asTable: string
  shownAs: string
  today: string
  yesterday: string
  hour: string
  day: string
  paid: string
  failed: string
  failures: string
  failuresAbout: string
  noFailures: string
  failuresLink: (label: string) => string
  ticker: string
  tickerAbout: string
  tickerNone: string
  tickerNews: (count: number) => string
  allPayments: string
  network: string
  networkAbout: (minutes: number) => string
  environments: Record<string, string>
  health: Record<'good' | 'slow' | 'down' | 'unknown', string>
  healthText: Record<'good' | 'slow' | 'down' | 'unknown', string>
  ratio: string
  answer: string
  verdict: string
}

/** The overview. */
export const overviewTexts: Texts<OverviewTexts> = {
  en: {
    title: 'Overview',
    about: 'Today, as it happens.',
    newPayment: 'New payment',
    none: 'Your first payment is a minute away',
    noneText: 'Get a key, send a test prompt, answer it on a phone in the browser, and see it arrive here.',
    toStart: 'Start',
    counting: 'Earlier payments are still being added up: figures may grow.',
    money: 'Money today',
    moneyOf: (count) => `${count} paid`,
    moreThan: (percent) => `${percent} more than yesterday by now`,
    lessThan: (percent) => `${percent} less than yesterday by now`,
    sameAs: 'As much as yesterday by now',
    nothingYesterday: 'Nothing yet by this time yesterday',
    success: 'Success',
    successOf: (paid, all) => `${paid} of ${all} were paid`,
    yesterdayWas: (value) => `Yesterday by now: ${value}`,
    noVerdicts: 'No verdicts yet today',
    speed: 'Time to verdict',
    speedOf: (slow) => `19 of 20 within ${slow}`,
    open: 'Not settled',
    openSure: 'All of it is being followed',
    uncertain: (count) => `${count} uncertain`,
    inProgress: (count) => `${count} on the way`,
    noOpen: 'Every payment has its verdict',
    look: 'Look at them',
    chart: 'Money received',
    chartAbout: 'By the time of the verdict, in shillings.',
    byHour: 'By hour',
    byDay: '30 days',
    asChart: 'Chart',
    asTable: 'Table',
    shownAs: 'Shown as',
    today: 'Today',
    yesterday: 'Yesterday',
    hour: 'Hour',
    day: 'Day',
    paid: 'Paid',
    failed: 'Failed',
    failures: 'Why payments failed today',
    failuresAbout: 'The reasons that M-Pesa gave.',
    noFailures: 'None failed today.',
    failuresLink: (label) => `Show today’s: ${label}`,
    ticker: 'Latest payments',
    tickerAbout: 'They appear as they happen.',
    tickerNone: 'None yet.',
    tickerNews: (count) => (count === 1 ? '1 payment changed' : `${count} payments changed`),
    allPayments: 'All payments',
    network: 'M-Pesa',
    networkAbout: (minutes) => `The last ${minutes} minutes, as seen from here.`,
    environments: { simulator: 'Simulator', sandbox: 'Sandbox', production: 'M-Pesa' },
    health: { good: 'Works', slow: 'Struggles', down: 'Down', unknown: 'Quiet' },
    healthText: {
      good: 'Prompts go out.',
      slow: 'M-Pesa is coming back: prompts go out slowly.',
      down: 'M-Pesa is down or too busy. Prompts wait, and none is lost.',
      unknown: 'Too few payments to tell.',
    },
    ratio: 'Success',
    answer: 'M-Pesa answers in',
    verdict: 'Customers answer in',
  },
  sw: {
    title: 'Muhtasari',
    about: 'Ya leo, papo hapo.',
    newPayment: 'Malipo mapya',
    none: 'Malipo yako ya kwanza ni dakika moja tu',
    noneText:
      'Pata ufunguo, tuma ombi la majaribio, lijibu kwenye simu ya kuigiza, na uone malipo yakifika hapa.',
    toStart: 'Anza',
    counting: 'Malipo ya awali bado yanajumlishwa: hesabu zinaweza kuongezeka.',
    money: 'Pesa za leo',
    moneyOf: (count) => `Yaliyolipwa: ${count}`,
    moreThan: (percent) => `Zaidi ya jana saa hizi kwa ${percent}`,
    lessThan: (percent) => `Pungufu ya jana saa hizi kwa ${percent}`,
    sameAs: 'Sawa na jana saa hizi',
    nothingYesterday: 'Jana saa hizi hakukuwa na kitu',
    success: 'Yaliyofaulu',
    successOf: (paid, all) => `${paid} kati ya ${all} yamelipwa`,
    yesterdayWas: (value) => `Jana saa hizi: ${value}`,
    noVerdicts: 'Bado hakuna matokeo leo',
    speed: 'Muda hadi matokeo',
    speedOf: (slow) => `19 kati ya 20 ndani ya ${slow}`,
    open: 'Hayajakamilika',
    openSure: 'Yote yanafuatiliwa',
    uncertain: (count) => `${count} hayajathibitishwa`,
    inProgress: (count) => `${count} yako njiani`,
    noOpen: 'Kila malipo yana matokeo yake',
    look: 'Yaangalie',
    chart: 'Pesa zilizopokelewa',
    chartAbout: 'Kwa wakati wa matokeo, kwa shilingi.',
    byHour: 'Kwa saa',
    byDay: 'Siku 30',
    asChart: 'Chati',
    asTable: 'Jedwali',
    shownAs: 'Onyesha kama',
    today: 'Leo',
    yesterday: 'Jana',
    hour: 'Saa',
    day: 'Siku',
    paid: 'Yaliyolipwa',
    failed: 'Yaliyoshindikana',
    failures: 'Kwa nini malipo yalishindikana leo',
    failuresAbout: 'Sababu zilizotolewa na M-Pesa.',
    noFailures: 'Hakuna yaliyoshindikana leo.',
    failuresLink: (label) => `Onyesha ya leo: ${label}`,
    ticker: 'Malipo ya hivi karibuni',
    tickerAbout: 'Yanaonekana yanapofanyika.',
    tickerNone: 'Bado hakuna.',
    tickerNews: (count) => `Malipo ${count} yamebadilika`,
    allPayments: 'Malipo yote',
    network: 'M-Pesa',
    networkAbout: (minutes) => `Dakika ${minutes} zilizopita, kama inavyoonekana hapa.`,
    environments: { simulator: 'Kiigaji', sandbox: 'Sandbox', production: 'M-Pesa' },
    health: { good: 'Inafanya kazi', slow: 'Inasuasua', down: 'Haipatikani', unknown: 'Kimya' },
    healthText: {
      good: 'Maombi yanatumwa.',
      slow: 'M-Pesa inarudi: maombi yanatumwa polepole.',
      down: 'M-Pesa haipatikani au ina shughuli nyingi. Maombi yanasubiri, na hakuna linalopotea.',
      unknown: 'Malipo ni machache mno kujua.',
    },
    ratio: 'Yaliyofaulu',
    answer: 'M-Pesa hujibu kwa',
    verdict: 'Wateja hujibu kwa',
  },
}
