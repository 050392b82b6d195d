// What a merchant has set for itself: its name, time zone, the language of its mails, how long phone numbers
// are kept, and of what it is told by mail.

/** The languages of mails. */
export const LANGUAGES = ['en', 'sw'] as const
/** One of them. */
export type Language = (typeof LANGUAGES)[number]

/** Everything that can be set, by the names of the API and of the table. */
export type MerchantSettings = {
  name: string
  /** IANA, such as `Africa/Nairobi`. */
  time_zone: string
  language: Language
  /** After so many days phone numbers of settled payments are erased; null: kept. */
  phone_retention_days: number | null
  alert_emails: readonly string[]
  alert_failures: boolean
  alert_failures_percent: number
  alert_failures_minutes: number
  alert_failures_payments_min: number
  alert_endpoint_disabled: boolean
  alert_contradiction: boolean
  alert_credentials: boolean
  /** Whether the test side is watched as well. */
  alert_test_side: boolean
}

/** What holds for a merchant that has set nothing; the table's own defaults say the same. */
export const DEFAULT_SETTINGS: Omit<MerchantSettings, 'name'> = {
  time_zone: 'Africa/Nairobi',
  language: 'en',
  phone_retention_days: null,
  alert_emails: [],
  alert_failures: true,
  alert_failures_percent: 25,
  alert_failures_minutes: 15,
  alert_failures_payments_min: 10,
  alert_endpoint_disabled: true,
  alert_contradiction: true,
  alert_credentials: true,
  alert_test_side: false,
}

/** Bounds of the numbers. A retention below a week would erase whom to ask about last week's complaint. */
export const SETTING_BOUNDS = {
  phone_retention_days: { min: 7, max: 3650 },
  alert_failures_percent: { min: 1, max: 100 },
  alert_failures_minutes: { min: 5, max: 1440 },
  alert_failures_payments_min: { min: 1, max: 10_000 },
} as const

/** A team, not a newsletter. */
export const ALERT_EMAILS_MAX = 20

/** Settings as they are kept; `updatedAt` is null while nothing was ever set. */
export type KeptSettings = { settings: MerchantSettings; updatedAt: Date | null }
