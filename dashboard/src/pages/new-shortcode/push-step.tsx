// Daraja took the credentials; the last proof is a shilling.
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { TestPush } from '../shortcode/test-push.tsx'
import { newShortcodeTexts } from './texts.ts'

/** The test push, and the way out. */
export function PushStep({ shortcode, onPaid }: { shortcode: Shortcode; onPaid(): void }) {
  const texts = useTexts(newShortcodeTexts)
  const [isPaid, setPaid] = useState(false)
  const paid = useCallback(() => {
    setPaid(true)
    onPaid()
  }, [onPaid])
  return (
    <Stack>
      <Alert color="green" variant="light" role="status" title={texts.good}>
        <Text size="sm">{texts.goodText}</Text>
      </Alert>
      <TestPush shortcode={shortcode} onPaid={paid} />
      <Group justify="flex-end">
        <Button
          variant={isPaid ? 'filled' : 'default'}
          renderRoot={(props) => <Link to="/shortcodes/$id" params={{ id: shortcode.id }} {...props} />}
        >
          {isPaid ? texts.finish : texts.later}
        </Button>
      </Group>
    </Stack>
  )
}
