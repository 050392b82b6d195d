// How long what is replaced goes on working beside its successor.
import { NativeSelect } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { developerTexts } from './texts.ts'

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S
/** A day: long enough to change it everywhere, short enough to be watched. */
export const USUAL_OVERLAP_S = DAY_S

/** The choice, in seconds, up to `maxDays`. */
export function OverlapSelect(props: { value: number; maxDays: number; onChange(seconds: number): void }) {
  const texts = useTexts(developerTexts)
  const days = [1, 3, 7, 14].filter((each) => each <= props.maxDays)
  return (
    <NativeSelect
      label={texts.overlap}
      value={String(props.value)}
      onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      data={[
        { value: '0', label: texts.atOnce },
        { value: String(HOUR_S), label: texts.hours(1) },
        ...days.map((each) => ({ value: String(each * DAY_S), label: texts.days(each) })),
      ]}
    />
  )
}
