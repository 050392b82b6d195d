// The second step: the credentials.
import { Button, Stack, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTexts } from '../../texts/language.tsx'
import { CredentialFields } from '../shortcode/credential-fields.tsx'
import { type ShortcodeWish, SIMULATOR_CREDENTIALS } from './shortcode-wish.ts'
import { newShortcodeTexts } from './texts.ts'

/** The fields of the step; the simulator's are filled in by a button. */
export function KeysStep({ form }: { form: UseFormReturnType<ShortcodeWish> }) {
  const texts = useTexts(newShortcodeTexts)
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {texts.keysText}
      </Text>
      {form.getValues().environment === 'simulator' && (
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => form.setValues(SIMULATOR_CREDENTIALS)}
        >
          {texts.fillIn}
        </Button>
      )}
      <CredentialFields required inputOf={(field) => form.getInputProps(field)} />
    </Stack>
  )
}
