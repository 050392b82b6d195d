// One mail about matters of one kind: composed of what is known of them, in the merchant's language and time.
import { type IdPrefix, parseUuid, prefixedId } from '../ids.ts'
import type { MerchantSettings } from '../merchants/merchant-settings.ts'
import type { AlertIncident, AlertKind } from './alert-incident.ts'
import { ALERT_TEXTS, type AlertTexts, type Facts } from './alert-texts.ts'

/** Matters that a mail lists; the rest is counted. */
const LISTED_MAX = 10
/** A fact of a mail's line: as long as a line may be. */
const FACT_LENGTH_MAX = 120

/** Where the dashboard shows what a matter is about. */
const PAGES: Record<AlertKind, { path: string; prefix: IdPrefix | null }> = {
  failures: { path: '/', prefix: null },
  endpoint_disabled: { path: '/webhooks/', prefix: 'we' },
  contradiction: { path: '/payments/', prefix: 'pay' },
  credentials: { path: '/shortcodes/', prefix: 'sc' },
}

/** Subject and text of the mail about `incidents`, of which there is at least one, all of one kind. */
export function alertMail(
  incidents: readonly AlertIncident[],
  settings: Pick<MerchantSettings, 'name' | 'language' | 'time_zone'>,
  publicUrl: string,
): { subject: string; text: string } {
  const [first] = incidents
  if (first === undefined) throw new Error('a mail is about something')
  const texts = ALERT_TEXTS[settings.language]
  const about = texts.kinds[first.kind]
  const over = first.isTold ? about.over : null
  const subject = (over ?? about).subject(settings.name, incidents.length)
  const test = incidents.every(({ live }) => !live) ? texts.test : ''
  const listed = incidents.slice(0, LISTED_MAX).map((each) => listedMatter(each, settings, texts, publicUrl))
  const more = incidents.length - listed.length
  const parts = [
    (over ?? about).happened,
    [...listed, ...(more > 0 ? [texts.more(more)] : [])].join('\n\n'),
    ...(over === null ? [`${texts.whatToDo}:\n${about.todo}`] : []),
    `--\n${texts.footer(settings.name, `${publicUrl}/settings?${merchantOf(first)}`)}`,
  ]
  return { subject: `${test}${subject}`, text: `${parts.join('\n\n')}\n` }
}

function listedMatter(
  incident: AlertIncident,
  settings: Pick<MerchantSettings, 'time_zone' | 'language'>,
  texts: AlertTexts,
  publicUrl: string,
): string {
  const side = incident.live ? '' : texts.test
  const line = `${side}${texts.kinds[incident.kind].line(factsOf(incident))}`
  const since = texts.since(timeIn(settings, incident.openedAt))
  return `* ${line}\n  ${since}\n  ${texts.look(`${publicUrl}${pathOf(incident)}`)}`
}

function factsOf({ facts }: AlertIncident): Facts {
  return (name) => {
    const value = facts[name]
    const text = Array.isArray(value) ? value.join(', ') : String(value ?? '')
    // They come from outside, in part: no text of theirs makes lines of its own.
    return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, FACT_LENGTH_MAX)
  }
}

/** With whose it is, and of which side: the device that opens it may show another merchant's, or test. */
function pathOf(incident: AlertIncident): string {
  const { kind, subject, live } = incident
  const { path, prefix } = PAGES[kind]
  const id = parseUuid(subject)
  const page = prefix === null || id === null ? path : `${path}${prefixedId(prefix, id)}`
  return `${page}?${merchantOf(incident)}&mode=${live ? 'live' : 'test'}`
}

/** As the dashboard reads it (`shell/use-chosen-side.ts`). */
function merchantOf({ merchantId }: AlertIncident): string {
  return `merchant=${prefixedId('mer', merchantId)}`
}

/** The day and time there, with the zone's own name. */
function timeIn(
  { time_zone: timeZone, language }: Pick<MerchantSettings, 'time_zone' | 'language'>,
  at: Date,
) {
  return new Intl.DateTimeFormat(language === 'sw' ? 'sw-KE' : 'en-KE', {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(at)
}
