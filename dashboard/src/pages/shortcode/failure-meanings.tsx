// What each failure of a set-up means, and what to do.
import { Accordion, Text } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import { shortcodeTexts } from './texts.ts'

const SHOWN = ['keys', 'passkey', 'product', 'busy', 'invalid'] as const

/** The failures, each opens. */
export function FailureMeanings() {
  const texts = useTexts(shortcodeTexts)
  return (
    <Accordion variant="separated" order={3}>
      {SHOWN.map((each) => (
        <Accordion.Item key={each} value={each}>
          <Accordion.Control>{texts.advice[each].title}</Accordion.Control>
          <Accordion.Panel>
            <Text size="sm">{texts.advice[each].text}</Text>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}
