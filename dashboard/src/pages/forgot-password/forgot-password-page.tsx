// Asks for a link with which a new password is chosen. It never says whether an address has an account.
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { emailProblem } from '../../accounts/field-problems.ts'
import { EmailField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useDashboardConfig } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { forgotTexts } from './texts.ts'

/** The form, then what to do next. */
export function ForgotPasswordPage() {
  const texts = useTexts(forgotTexts)
  const shared = useTexts(accountTexts)
  const { data: config } = useDashboardConfig()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const sendsMail = config?.mail !== false
  const back = (
    <Anchor component={Link} to="/sign-in" inherit>
      {shared.toSignIn}
    </Anchor>
  )
  if (sentTo === null) {
    return (
      <AccountFrame title={texts.title} about={sendsMail ? texts.about : texts.aboutNoMail} below={back}>
        <AddressForm onSent={setSentTo} />
      </AccountFrame>
    )
  }
  return (
    <AccountFrame title={texts.sentTitle} below={back}>
      <Stack>
        <Text size="sm" role="status">
          {sendsMail ? texts.sentText(sentTo) : texts.sentNoMail(sentTo)}
        </Text>
        <Button variant="default" onClick={() => setSentTo(null)}>
          {texts.other}
        </Button>
      </Stack>
    </AccountFrame>
  )
}

function AddressForm({ onSent }: { onSent(email: string): void }) {
  const texts = useTexts(forgotTexts)
  const shared = useTexts(accountTexts)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (email) => emailProblem(email, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ email }) => {
    await postAuth('/request-password-reset', { email: email.trim() })
    onSent(email.trim())
  })
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        <EmailField key={form.key('email')} {...form.getInputProps('email')} />
        <Button type="submit" loading={isBusy}>
          {texts.submit}
        </Button>
      </Stack>
    </form>
  )
}
