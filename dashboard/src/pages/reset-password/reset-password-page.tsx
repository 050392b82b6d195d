// Sets a new password, by the link of a mail.
import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { useFragmentSecret } from '../../accounts/address-parts.ts'
import { postAuth } from '../../accounts/auth-calls.ts'
import { newPasswordProblem, USUAL_PASSWORD } from '../../accounts/field-problems.ts'
import { PasswordField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { isProblem } from '../../api/problem.ts'
import { SESSION_KEY, useDashboardConfig } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { resetTexts } from './texts.ts'

/** The form, then the way to the sign-in. */
export function ResetPasswordPage() {
  const texts = useTexts(resetTexts)
  const shared = useTexts(accountTexts)
  const token = useFragmentSecret('token')
  const [isDone, setDone] = useState(false)
  if (isDone) {
    return (
      <AccountFrame title={texts.doneTitle}>
        <Stack>
          <Text size="sm" role="status">
            {texts.doneText}
          </Text>
          <Button component={Link} to="/sign-in">
            {shared.toSignIn}
          </Button>
        </Stack>
      </AccountFrame>
    )
  }
  if (token === null) {
    return (
      <AccountFrame title={texts.noLinkTitle} about={texts.noLinkText}>
        <AskAgain />
      </AccountFrame>
    )
  }
  return (
    <AccountFrame title={texts.title} about={texts.about}>
      <NewPasswordForm token={token} onDone={() => setDone(true)} />
    </AccountFrame>
  )
}

function NewPasswordForm({ token, onDone }: { token: string; onDone(): void }) {
  const texts = useTexts(resetTexts)
  const shared = useTexts(accountTexts)
  const queries = useQueryClient()
  const { data: config } = useDashboardConfig()
  const limits = config?.password ?? USUAL_PASSWORD
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { newPassword: '' },
    validate: { newPassword: (password) => newPasswordProblem(password, limits, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async ({ newPassword }) => {
      await postAuth('/reset-password', { token, newPassword })
      // It ended every session, this device's as well.
      queries.setQueryData(SESSION_KEY, null)
      onDone()
    },
    { password_too_short: 'newPassword', password_too_long: 'newPassword' },
  )
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        {isProblem(error, 'invalid_token') && <AskAgain />}
        <PasswordField
          isNew
          autoFocus
          description={shared.passwordHint(limits.min)}
          key={form.key('newPassword')}
          {...form.getInputProps('newPassword')}
        />
        <Button type="submit" loading={isBusy}>
          {texts.submit}
        </Button>
      </Stack>
    </form>
  )
}

function AskAgain() {
  const texts = useTexts(resetTexts)
  return (
    <Button component={Link} to="/forgot-password" variant="default">
      {texts.askAgain}
    </Button>
  )
}
