// The virtual phone beside the form; on a narrow screen, behind a button.
import { DevicePhoneMobileIcon } from '@heroicons/react/24/outline'
import { Button, Modal, Text, useComputedColorScheme } from '@mantine/core'
import { useDebouncedValue, useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { SectionCard } from '../../ui/section-card.tsx'
import { isTestNumber } from './test-numbers.tsx'
import { newPaymentTexts } from './texts.ts'
import classes from './virtual-phone.module.css'

const ICON_PX = 20
/** A number that is being written makes no phones on its way. */
const TYPING_PAUSE_MS = 600

/** The phone with the number `phone`, as the simulator at `simulatorUrl` plays it. */
export function VirtualPhone({ phone, simulatorUrl }: { phone: string; simulatorUrl: string }) {
  const texts = useTexts(newPaymentTexts)
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false })
  const [opened, { open, close }] = useDisclosure()
  const [shown] = useDebouncedValue(phone, TYPING_PAUSE_MS)
  if (isTestNumber(shown)) return <Text size="sm">{texts.phoneOther}</Text>
  const frame = <PhoneFrame phone={shown} simulatorUrl={simulatorUrl} />
  if (isWide) {
    return (
      <SectionCard title={texts.phoneTitle} about={texts.phoneAbout}>
        {frame}
      </SectionCard>
    )
  }
  return (
    <>
      <Button
        variant="default"
        size="md"
        fullWidth
        onClick={open}
        leftSection={<DevicePhoneMobileIcon width={ICON_PX} aria-hidden />}
      >
        {texts.phoneOpen}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        fullScreen
        keepMounted
        title={texts.phoneTitle}
        closeButtonProps={{ 'aria-label': texts.phoneClose }}
      >
        {frame}
      </Modal>
    </>
  )
}

function PhoneFrame({ phone, simulatorUrl }: { phone: string; simulatorUrl: string }) {
  const texts = useTexts(newPaymentTexts)
  const { language } = useLanguage()
  const scheme = useComputedColorScheme()
  const query = new URLSearchParams({ embed: '1', number: phone, lang: language, scheme })
  return (
    <iframe
      key={phone}
      className={classes.frame}
      src={`${simulatorUrl.replace(/\/$/, '')}/?${query}`}
      title={texts.phoneTitle}
    />
  )
}
