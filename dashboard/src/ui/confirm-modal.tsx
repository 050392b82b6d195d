// Asks before something that cannot be taken back.
import { Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/language.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorState } from './states.tsx'
import { uiTexts } from './texts.ts'

/** A question with its consequence; stays open, and says why, when the act fails. */
export function ConfirmModal(props: {
  opened: boolean
  title: string
  text: ReactNode
  act: string
  danger?: boolean
  busy?: boolean
  error?: unknown
  onConfirm(): void
  onClose(): void
}) {
  const texts = useTexts(uiTexts)
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={props.title}>
      <Stack>
        {typeof props.text === 'string' ? <Text size="sm">{props.text}</Text> : props.text}
        {props.error !== undefined && props.error !== null && (
          <ErrorState error={props.error} title={props.act} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {texts.cancel}
          </Button>
          <Button
            color={props.danger === true ? 'red' : 'sukuma'}
            loading={props.busy === true}
            onClick={props.onConfirm}
          >
            {props.act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
