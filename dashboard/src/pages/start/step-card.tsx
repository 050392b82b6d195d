// One step of the first minute: its number, or a tick once it has happened.
import { CheckIcon } from '@heroicons/react/24/outline'
import { Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { startTexts } from './texts.ts'

const ICON_PX = 18

/** `children` are what to do; `outcome` is said aloud as it changes. */
export function StepCard(props: {
  nth: number
  title: string
  text: string
  isDone: boolean
  isNow: boolean
  outcome: ReactNode
  children: ReactNode
}) {
  const texts = useTexts(startTexts)
  const { nth, title, text, isDone, isNow, outcome, children } = props
  return (
    <Card
      withBorder
      component="section"
      aria-label={`${nth}. ${title}`}
      data-done={isDone}
      style={isNow ? { borderColor: 'var(--mantine-primary-color-filled)' } : {}}
    >
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ThemeIcon radius="xl" size="md" variant={isDone || isNow ? 'filled' : 'default'} aria-hidden>
            {isDone ? <CheckIcon width={ICON_PX} /> : <Text size="sm">{nth}</Text>}
          </ThemeIcon>
          <Stack gap={2}>
            <Title order={2} size="h4">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          </Stack>
        </Group>
        {children}
        <Text size="sm" role="status" fw={isDone ? 600 : 400}>
          {isDone && `${texts.done}: `}
          {outcome}
        </Text>
      </Stack>
    </Card>
  )
}
