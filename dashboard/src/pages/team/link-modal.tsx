// Shows the link of an invitation, once, where no mail carries it.
import { Button, Group, Stack, Text } from '@mantine/core'
import type { Invitation } from '../../accounts/auth-calls.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog, useHeldOpen } from '../../ui/dialog.tsx'
import { teamTexts } from './texts.ts'

/** Opens for an invitation that has a link. */
export function LinkModal({ invitation, onClose }: { invitation: Invitation | null; onClose(): void }) {
  const texts = useTexts(teamTexts)
  const link = invitation?.link ?? null
  if (invitation === null || link === null) return null
  return (
    <Dialog opened onClose={onClose} title={texts.linkTitle(invitation.email)}>
      <LinkOnce link={link} onDone={onClose} />
    </Dialog>
  )
}

function LinkOnce({ link, onDone }: { link: string; onDone(): void }) {
  const texts = useTexts(teamTexts)
  useHeldOpen(true)
  return (
    <Stack>
      <Text size="sm">{texts.linkText}</Text>
      <CodeBlock code={link} label={texts.link} wraps />
      <Group justify="flex-end">
        <Button onClick={onDone}>{texts.done}</Button>
      </Group>
    </Stack>
  )
}
