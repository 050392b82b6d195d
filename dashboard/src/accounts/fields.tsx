// The fields that forms about accounts share, named so that browsers and password managers fill them.
import { PasswordInput, type PasswordInputProps, TextInput, type TextInputProps } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { accountTexts } from './texts.ts'

/** An e-mail address. `username` where it is one's own account's. */
export function EmailField({ autoComplete = 'username', ...rest }: TextInputProps) {
  const texts = useTexts(accountTexts)
  return (
    <TextInput
      label={texts.email}
      type="email"
      name="email"
      inputMode="email"
      autoComplete={autoComplete}
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      {...rest}
    />
  )
}

/** A password: the account's own, or with `isNew` one that is being chosen. */
export function PasswordField({ isNew = false, ...rest }: PasswordInputProps & { isNew?: boolean }) {
  const texts = useTexts(accountTexts)
  return (
    <PasswordInput
      label={isNew ? texts.newPassword : texts.password}
      name={isNew ? 'new-password' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      visibilityToggleButtonProps={{ 'aria-label': texts.showPassword, tabIndex: 0 }}
      // Mantine says it of every other field.
      aria-invalid={Boolean(rest.error)}
      required
      withAsterisk={false}
      {...rest}
    />
  )
}

/** The code that an authenticator app shows. */
export function CodeField(props: TextInputProps) {
  const texts = useTexts(accountTexts)
  return (
    <TextInput
      label={texts.code}
      description={texts.codeHint}
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      withAsterisk={false}
      styles={{ input: { letterSpacing: '0.25em', fontVariantNumeric: 'tabular-nums' } }}
      {...props}
    />
  )
}
