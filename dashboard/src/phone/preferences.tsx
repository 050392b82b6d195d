// The language and the theme of this page.
import { Group, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { useLanguage, useTexts } from '../texts/language.tsx'
import { phoneTexts } from './texts.ts'

/** Two small switches. */
export function Preferences() {
  const texts = useTexts(phoneTexts)
  const { language, setLanguage } = useLanguage()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={texts.language}
        value={language}
        onChange={(value) => setLanguage(value === 'sw' ? 'sw' : 'en')}
        data={[
          { value: 'en', label: 'English' },
          { value: 'sw', label: 'Kiswahili' },
        ]}
      />
      <SegmentedControl
        size="xs"
        aria-label={texts.theme}
        value={colorScheme}
        onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
        data={[
          { value: 'auto', label: texts.auto },
          { value: 'light', label: texts.light },
          { value: 'dark', label: texts.dark },
        ]}
      />
    </Group>
  )
}
