// The second step of a sign-in: a code from the app, or one of the recovery codes.
import { Anchor, Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { codeDigits, codeProblem } from '../../accounts/field-problems.ts'
import { CodeField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useTexts } from '../../texts/language.tsx'
import { signInTexts } from './texts.ts'

type Kind = 'app' | 'recovery'

/** Asks for the code; `onAgain` when the sign-in has to begin anew. */
export function SecondStep({ onSignedIn, onAgain }: { onSignedIn(): Promise<void>; onAgain(): void }) {
  const texts = useTexts(signInTexts)
  const [kind, setKind] = useState<Kind>('app')
  return (
    <AccountFrame title={texts.secondTitle} about={kind === 'app' ? texts.secondAbout : texts.recoveryAbout}>
      <CodeForm key={kind} kind={kind} onSignedIn={onSignedIn} />
      <Group justify="space-between" gap="xs">
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => setKind(kind === 'app' ? 'recovery' : 'app')}
        >
          {kind === 'app' ? texts.useRecovery : texts.useApp}
        </Anchor>
        <Anchor component="button" type="button" size="sm" onClick={onAgain}>
          {texts.again}
        </Anchor>
      </Group>
    </AccountFrame>
  )
}

function CodeForm({ kind, onSignedIn }: { kind: Kind; onSignedIn(): Promise<void> }) {
  const texts = useTexts(signInTexts)
  const shared = useTexts(accountTexts)
  const isApp = kind === 'app'
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '', trustDevice: false },
    validate: {
      code: (code) => {
        if (isApp) return codeProblem(code, shared)
        return code.trim() === '' ? texts.recoveryMissing : null
      },
    },
  })
  const wrongCode = { invalid_code: 'code', invalid_backup_code: 'code' }
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async ({ code, trustDevice }) => {
      if (isApp) await postAuth('/two-factor/verify-totp', { code: codeDigits(code), trustDevice })
      else await postAuth('/two-factor/verify-backup-code', { code: code.trim(), trustDevice })
      await onSignedIn()
    },
    wrongCode,
  )
  const field = { ...form.getInputProps('code'), 'data-autofocus': true, autoFocus: true }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        {isApp ? (
          <CodeField key={form.key('code')} {...field} />
        ) : (
          <TextInput
            key={form.key('code')}
            label={shared.recoveryCode}
            description={texts.recoveryHint}
            name="recovery-code"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            {...field}
          />
        )}
        <Checkbox
          label={texts.trust}
          key={form.key('trustDevice')}
          {...form.getInputProps('trustDevice', { type: 'checkbox' })}
        />
        <Button type="submit" loading={isBusy}>
          {texts.verify}
        </Button>
      </Stack>
    </form>
  )
}
