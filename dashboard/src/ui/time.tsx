// Points in time: short on the page, exact for whoever asks.
import { Text, type TextProps } from '@mantine/core'
import { createContext, useContext } from 'react'
import { type Language, localeOf, useLanguage } from '../texts/language.tsx'

/** The merchant's time zone, by its IANA name. */
export const TimeZoneContext = createContext('Africa/Nairobi')

const EXACT: Intl.DateTimeFormatOptions = {
  dateStyle: 'full',
  timeStyle: 'long',
}
const TODAY: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
}
const THIS_YEAR: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
}
const ANY: Intl.DateTimeFormatOptions = { ...THIS_YEAR, year: 'numeric' }

/** `iso` as somebody in `timeZone` would write it now: today's without a date, this year's without a year. */
export function timeText(iso: string, language: Language, timeZone: string, nowMs = Date.now()): string {
  const at = new Date(iso)
  const dayOf = (date: Date) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(date)
  const [day, today] = [dayOf(at), dayOf(new Date(nowMs))]
  const style = day === today ? TODAY : day.slice(0, 4) === today.slice(0, 4) ? THIS_YEAR : ANY
  return new Intl.DateTimeFormat(localeOf(language), { ...style, timeZone }).format(at)
}

/** A point in time (ISO 8601); a dash for none. */
export function Time({ iso, ...rest }: { iso: string | null } & TextProps) {
  const { language } = useLanguage()
  const timeZone = useContext(TimeZoneContext)
  if (iso === null)
    return (
      <Text span {...rest}>
        –
      </Text>
    )
  const exact = new Intl.DateTimeFormat(localeOf(language), { ...EXACT, timeZone }).format(new Date(iso))
  return (
    <Text span style={{ whiteSpace: 'nowrap' }} {...rest}>
      <time dateTime={iso} title={exact}>
        {timeText(iso, language, timeZone)}
      </time>
    </Text>
  )
}

/** A point in time to the second, with its day. */
export function ExactTime({ iso, ...rest }: { iso: string } & TextProps) {
  const { language } = useLanguage()
  const timeZone = useContext(TimeZoneContext)
  const style = { ...ANY, second: '2-digit', timeZone } as const
  return (
    <Text span {...rest}>
      <time dateTime={iso} title={iso}>
        {new Intl.DateTimeFormat(localeOf(language), style).format(new Date(iso))}
      </time>
    </Text>
  )
}
