// A secret that is shown once: to be copied now.
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../texts/language.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { useHeldOpen } from '../ui/dialog.tsx'
import { developerTexts } from './texts.ts'

/** Shows `secret`, called `label`, until the reader says that it is kept. It lives in no storage. */
export function SecretOnce(props: { secret: string; label: string; children?: ReactNode; onKept(): void }) {
  const texts = useTexts(developerTexts)
  const heading = useRef<HTMLDivElement>(null)
  useHeldOpen(true)
  // What was pressed to get here is gone.
  useEffect(() => heading.current?.focus(), [])
  return (
    <Stack>
      <Alert ref={heading} tabIndex={-1} color="yellow" variant="light" title={texts.once} role="status">
        <Text size="sm">{texts.onceText}</Text>
      </Alert>
      <CodeBlock code={props.secret} label={props.label} wraps />
      {props.children}
      <Group justify="flex-end">
        <Button onClick={props.onKept}>{texts.kept}</Button>
      </Group>
    </Stack>
  )
}
