// The three credentials of a shortcode, typed or pasted, never shown.
import { PasswordInput, Stack } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { shortcodeTexts } from './texts.ts'

/** The names under which the gateway takes them. */
export type CredentialValues = { consumer_key: string; consumer_secret: string; passkey: string }

/** No credential yet. */
export const NO_CREDENTIALS: CredentialValues = { consumer_key: '', consumer_secret: '', passkey: '' }

const FIELDS = [
  ['consumer_key', 'consumerKey'],
  ['consumer_secret', 'consumerSecret'],
  ['passkey', 'passkey'],
] as const

/** What is wrong with one, blanks around it aside; null when nothing is. */
export function credentialProblem(
  field: keyof CredentialValues,
  value: string,
  texts: (typeof shortcodeTexts)['en'],
): string | null {
  const text = value.trim()
  if (/\s/.test(text)) return texts.blank
  return field === 'consumer_key' && text.includes(':') ? texts.colon : null
}

/** The fields. No password manager is to keep them. */
export function CredentialFields(props: {
  required: boolean
  inputOf(field: keyof CredentialValues): GetInputPropsReturnType
}) {
  const texts = useTexts(shortcodeTexts)
  const { showTyped } = useTexts(developerTexts)
  return (
    <Stack>
      {FIELDS.map(([field, name]) => (
        <PasswordInput
          key={field}
          label={texts[name]}
          {...(field === 'passkey' ? { description: texts.passkeyHint } : {})}
          required={props.required}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          visibilityToggleButtonProps={{ 'aria-label': showTyped, tabIndex: 0 }}
          {...props.inputOf(field)}
        />
      ))}
    </Stack>
  )
}
