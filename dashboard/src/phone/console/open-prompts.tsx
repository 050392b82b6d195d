// The prompts that are up now, on whatever phone, each with everything that its customer could do.
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { moneyText } from '../../ui/money.tsx'
import { isTestNumber, spokenNumber } from '../phone-number.ts'
import { type Answer, answerPrompt, type LedgerEntry } from '../simulator.ts'
import type { WatchState } from '../watch-state.ts'
import { consoleTexts } from './texts.ts'

const ACTS: readonly Answer[] = ['right_pin', 'wrong_pin', 'insufficient', 'cancel', 'ignore']
/** A flood of pushes is no list that anybody answers by hand. */
const SHOWN_MAX = 10

/** Nothing at all while no prompt is up. */
export function OpenPrompts(props: { entries: readonly LedgerEntry[]; phones: WatchState['phones'] }) {
  const texts = useTexts(consoleTexts)
  const { entries, phones } = props
  return (
    <section aria-label={texts.openPrompts}>
      <Title order={2} size="h4" mb="xs">
        {texts.openPrompts}
      </Title>
      {entries.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.noPrompts}
        </Text>
      )}
      <Stack gap="xs">
        {entries.slice(0, SHOWN_MAX).map((entry) => (
          <OpenPrompt key={entry.sequence} entry={entry} isHere={phones[entry.phone] !== undefined} />
        ))}
      </Stack>
    </section>
  )
}

function OpenPrompt({ entry, isHere }: { entry: LedgerEntry; isHere: boolean }) {
  const texts = useTexts(consoleTexts)
  const { language } = useLanguage()
  const [problem, setProblem] = useState(false)
  const isTest = isTestNumber(entry.phone)
  const where = isTest ? texts.byItself : isHere ? texts.onThisPage : texts.elsewhere
  function act(action: Answer): void {
    setProblem(false)
    answerPrompt(entry.checkoutRequestId ?? '', action).catch(() => setProblem(true))
  }
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {spokenNumber(entry.phone)} · {moneyText(entry.amountKes, language)}
          </Text>
          <Text size="xs" c="dimmed">
            {entry.reference} · {where}
          </Text>
        </div>
        <Group gap={6}>
          {ACTS.map((action) => (
            <Button
              key={action}
              size="compact-sm"
              variant={action === 'right_pin' ? 'filled' : 'default'}
              onClick={() => act(action)}
            >
              {texts.acts[action]}
            </Button>
          ))}
        </Group>
      </Group>
      {problem && (
        <Text size="sm" c="red" role="alert" mt="xs">
          {texts.gone}
        </Text>
      )}
    </Card>
  )
}
