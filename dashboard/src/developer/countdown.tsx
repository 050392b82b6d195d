// How long something still lasts.
import { Text } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { developerTexts } from './texts.ts'
import { useNow } from './use-now.ts'

const SECOND_MS = 1_000
const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S

/** The time left until `until` (ISO 8601): days, or hours, minutes and seconds that run. */
export function Countdown({ until }: { until: string }) {
  const texts = useTexts(developerTexts)
  const now = useNow()
  const left = Math.ceil((new Date(until).getTime() - now) / SECOND_MS)
  return (
    <Text
      span
      style={{ fontVariantNumeric: 'tabular-nums' }}
      title={new Date(until).toLocaleString()}
      inherit
    >
      {left <= 0 ? texts.ended : left >= 2 * DAY_S ? texts.days(Math.floor(left / DAY_S)) : clock(left)}
    </Text>
  )
}

function clock(seconds: number): string {
  const parts = [Math.floor(seconds / HOUR_S), Math.floor((seconds % HOUR_S) / 60), seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
