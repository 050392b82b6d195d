// Words of the list of payments.
import type { Texts } from '../../texts/language.tsx'

type PaymentsTexts = {
  title: string
  about: string
  newPayment: string
  search: string
  searchHint: string
  clearSearch: string
  filters: string
  clearFilters: string
  status: string
  anyStatus: string
  open: string
  from: string
  to: string
  amountMin: string
  amountMax: string
  amountWrong: string
  shortcode: string
  anyShortcode: string
  failure: (code: string) => string
  period: string
  anyTime: string
  today: string
  yesterday: string
  week: string
  month: string
  when: string
  amount: string
  phone: string
  reference: string
  receipt: string
  list: string
  shown: (count: number, hasMore: boolean) => string
  fresh: (count: number) => string
  freshMany: string
  nothing: string
  nothingText: string
  nothingYet: string
  nothingYetText: string
  toStart: string
  searchedBackTo: string
  searchOn: string
}

/** The list of payments. */
export const paymentsTexts: Texts<PaymentsTexts> = {
  en: {
    title: 'Payments',
    about: 'Every payment, as it happens.',
    newPayment: 'New payment',
    search: 'Search payments',
    searchHint: 'Phone, receipt, reference, tag, amount or id',
    clearSearch: 'Clear the search',
    filters: 'Filters',
    clearFilters: 'Clear all',
    status: 'Status',
    anyStatus: 'Any status',
    open: 'Not settled yet',
    from: 'From',
    to: 'To',
    amountMin: 'Amount from',
    amountMax: 'Amount to',
    amountWrong: 'From 1 to 250,000.',
    shortcode: 'Paybill or till',
    anyShortcode: 'All',
    failure: (code) => `Failed with code ${code}`,
    period: 'Period',
    anyTime: 'Any time',
    today: 'Today',
    yesterday: 'Yesterday',
    week: 'Last 7 days',
    month: 'Last 30 days',
    when: 'When',
    amount: 'Amount',
    phone: 'Phone',
    reference: 'Reference',
    receipt: 'Receipt or reason',
    list: 'Payments, newest first',
    shown: (count, hasMore) => {
      if (count === 1) return '1 payment'
      return hasMore ? `The first ${count} payments` : `${count} payments`
    },
    fresh: (count) => (count === 1 ? '1 new payment' : `${count} new payments`),
    freshMany: 'Many new payments',
    nothing: 'No payment matches',
    nothingText:
      'Check the number or receipt, or remove a filter. A phone may be written in any form, such ' +
      'as 0712 345 678.',
    nothingYet: 'No payments yet',
    nothingYetText: 'Payments appear here by themselves as soon as they are made.',
    toStart: 'Make the first one',
    searchedBackTo: 'Searched back to',
    searchOn: 'Search further back',
  },
  sw: {
    title: 'Malipo',
    about: 'Kila malipo, papo hapo yanapofanyika.',
    newPayment: 'Malipo mapya',
    search: 'Tafuta malipo',
    searchHint: 'Simu, risiti, rejea, lebo, kiasi au kitambulisho',
    clearSearch: 'Futa utafutaji',
    filters: 'Vichujio',
    clearFilters: 'Ondoa vyote',
    status: 'Hali',
    anyStatus: 'Hali yoyote',
    open: 'Bado hayajakamilika',
    from: 'Kuanzia',
    to: 'Hadi',
    amountMin: 'Kiasi kuanzia',
    amountMax: 'Kiasi hadi',
    amountWrong: 'Kuanzia 1 hadi 250,000.',
    shortcode: 'Paybill au till',
    anyShortcode: 'Zote',
    failure: (code) => `Yaliyoshindikana kwa msimbo ${code}`,
    period: 'Kipindi',
    anyTime: 'Wakati wowote',
    today: 'Leo',
    yesterday: 'Jana',
    week: 'Siku 7 zilizopita',
    month: 'Siku 30 zilizopita',
    when: 'Wakati',
    amount: 'Kiasi',
    phone: 'Simu',
    reference: 'Rejea',
    receipt: 'Risiti au sababu',
    list: 'Malipo, mapya kwanza',
    shown: (count, hasMore) => (hasMore ? `Malipo ${count} ya kwanza` : `Malipo ${count}`),
    fresh: (count) => (count === 1 ? 'Malipo 1 mapya' : `Malipo ${count} mapya`),
    freshMany: 'Malipo mengi mapya',
    nothing: 'Hakuna malipo yanayolingana',
    nothingText:
      'Kagua namba au risiti, au ondoa kichujio. Simu inaweza kuandikwa kwa namna yoyote, kama 0712 345 678.',
    nothingYet: 'Bado hakuna malipo',
    nothingYetText: 'Malipo yataonekana hapa yenyewe mara tu yanapofanyika.',
    toStart: 'Fanya la kwanza',
    searchedBackTo: 'Imetafutwa hadi',
    searchOn: 'Tafuta zaidi nyuma',
  },
}
