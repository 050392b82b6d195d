// Numbers of the simulator that answer by themselves, each in its own way.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { newPaymentTexts } from './texts.ts'

/** The simulator's test phones: no virtual phone can have such a number. */
export const isTestNumber = (phone: string): boolean => phone.startsWith('2547000')

/** Buttons that fill in a number. */
export function TestNumbers({ onChoose }: { onChoose(number: string): void }) {
  const texts = useTexts(newPaymentTexts)
  return (
    <Disclosure label={texts.tests}>
      <Stack gap="xs">
        <Text size="sm">{texts.testsAbout}</Text>
        <Group gap="xs">
          {Object.entries(texts.testNumbers).map(([number, what]) => (
            <Button key={number} size="compact-sm" variant="default" onClick={() => onChoose(number)}>
              {number}: {what}
            </Button>
          ))}
        </Group>
      </Stack>
    </Disclosure>
  )
}
