// The virtual phone, as the simulator serves it.
import { Skeleton, Text, useComputedColorScheme } from '@mantine/core'
import { useDashboardConfig } from '../../api/session.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import classes from './start.module.css'
import { startTexts } from './texts.ts'

/** The phone of `number`, in a frame of the size that it will have. */
export function PhoneFrame({ number }: { number: string }) {
  const texts = useTexts(startTexts)
  const { language } = useLanguage()
  const scheme = useComputedColorScheme()
  const { data: config } = useDashboardConfig()
  if (config === undefined) return <Skeleton className={classes.phone} />
  if (config.simulator_url === null) return <Text size="sm">{texts.phoneOff}</Text>
  return (
    <iframe
      className={classes.phone}
      title={texts.phoneTitle}
      src={`${config.simulator_url}/?embed=1&number=${number}&lang=${language}&scheme=${scheme}`}
    />
  )
}
