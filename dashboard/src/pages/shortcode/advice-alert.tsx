// What went wrong with a set-up, and what to do about it.
import { Alert, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import type { PushAdvice } from './push-advice.ts'
import { shortcodeTexts } from './texts.ts'

/** The advice; `children` are M-Pesa's own words. */
export function AdviceAlert({ advice, children }: { advice: PushAdvice; children?: ReactNode }) {
  const texts = useTexts(shortcodeTexts)
  if (advice === 'paid' || advice === 'works') {
    return (
      <Alert color="green" variant="light" role="status" title={texts.works}>
        <Stack gap="xs">
          <Text size="sm">{advice === 'paid' ? texts.paid : texts.worksText}</Text>
          {children}
        </Stack>
      </Alert>
    )
  }
  const { title, text } = texts.advice[advice]
  return (
    <Alert color={advice === 'busy' ? 'orange' : 'red'} variant="light" role="alert" title={title}>
      <Stack gap="xs">
        <Text size="sm">{text}</Text>
        {children}
      </Stack>
    </Alert>
  )
}
