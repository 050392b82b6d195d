// Words of the frame around the pages.
import type { Texts } from '../texts/language.tsx'

type ShellTexts = {
  skip: string
  navigation: string
  openNavigation: string
  overview: string
  payments: string
  newPayment: string
  apiKeys: string
  webhooks: string
  shortcodes: string
  team: string
  auditLog: string
  settings: string
  start: string
  docs: string
  virtualPhone: string
  mode: string
  test: string
  live: string
  testBand: string
  liveBand: string
  streamLive: string
  streamLiveText: string
  streamAway: string
  streamAwayText: string
  merchant: string
  account: string
  signOut: string
  stillSignedIn: string
  language: string
  theme: string
  light: string
  dark: string
  auto: string
  noMerchant: string
  noMerchantText: string
  roles: Record<'owner' | 'developer' | 'support', string>
}

export const shellTexts: Texts<ShellTexts> = {
  en: {
    skip: 'Skip to the page',
    navigation: 'Pages',
    openNavigation: 'Open or close the list of pages',
    overview: 'Overview',
    payments: 'Payments',
    newPayment: 'New payment',
    apiKeys: 'API keys',
    webhooks: 'Webhooks',
    shortcodes: 'Shortcodes',
    team: 'Team',
    auditLog: 'Audit log',
    settings: 'Settings',
    start: 'First minute',
    docs: 'API documentation',
    virtualPhone: 'Virtual phone',
    mode: 'Mode',
    test: 'Test',
    live: 'Live',
    testBand: 'Test mode: no money moves here',
    liveBand: 'Live: real customers, real money',
    streamLive: 'Up to date',
    streamLiveText: 'Payments appear here as they happen.',
    streamAway: 'Connecting …',
    streamAwayText: 'The line to the gateway is cut. What you see may be old; it catches up by itself.',
    merchant: 'Merchant',
    account: 'Your account',
    signOut: 'Sign out',
    stillSignedIn: 'You are still signed in',
    language: 'Language',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    auto: 'As the device',
    noMerchant: 'You belong to no merchant yet',
    noMerchantText: 'Ask an owner to invite you by this e-mail address. The invitation opens the dashboard.',
    roles: { owner: 'Owner', developer: 'Developer', support: 'Support' },
  },
  sw: {
    skip: 'Ruka hadi kwenye ukurasa',
    navigation: 'Kurasa',
    openNavigation: 'Fungua au funga orodha ya kurasa',
    overview: 'Muhtasari',
    payments: 'Malipo',
    newPayment: 'Malipo mapya',
    apiKeys: 'Funguo za API',
    webhooks: 'Webhooks',
    shortcodes: 'Paybill na till',
    team: 'Timu',
    auditLog: 'Kumbukumbu',
    settings: 'Mipangilio',
    start: 'Dakika ya kwanza',
    docs: 'Maelezo ya API',
    virtualPhone: 'Simu ya majaribio',
    mode: 'Hali',
    test: 'Majaribio',
    live: 'Halisi',
    testBand: 'Majaribio: hakuna pesa halisi',
    liveBand: 'Halisi: wateja halisi, pesa halisi',
    streamLive: 'Ya sasa hivi',
    streamLiveText: 'Malipo yanaonekana hapa yanapofanyika.',
    streamAway: 'Inaunganisha …',
    streamAwayText: 'Muunganisho umekatika. Unachokiona huenda ni cha zamani; kitasasishwa chenyewe.',
    merchant: 'Biashara',
    account: 'Akaunti yako',
    signOut: 'Ondoka',
    stillSignedIn: 'Bado umeingia kwenye akaunti',
    language: 'Lugha',
    theme: 'Mwonekano',
    light: 'Mwanga',
    dark: 'Giza',
    auto: 'Kama kifaa',
    noMerchant: 'Bado hauko kwenye biashara yoyote',
    noMerchantText: 'Mwombe mmiliki akualike kwa barua pepe hii. Mwaliko utakufungulia dashibodi.',
    roles: { owner: 'Mmiliki', developer: 'Msanidi', support: 'Huduma kwa wateja' },
  },
}
