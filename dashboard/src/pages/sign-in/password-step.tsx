// The first step of a sign-in: e-mail address and password.
import { Alert, Anchor, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { AccountFrame } from '../../accounts/account-frame.tsx'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth, type SignedIn } from '../../accounts/auth-calls.ts'
import { emailProblem, passwordProblem } from '../../accounts/field-problems.ts'
import { EmailField, PasswordField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useDashboardConfig } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { signInTexts } from './texts.ts'

/** Asks for both; `onSecond` when a code is asked for as well. */
export function PasswordStep(props: { onSignedIn(): Promise<void>; onSecond(): void }) {
  const texts = useTexts(signInTexts)
  const shared = useTexts(accountTexts)
  const { data: config } = useDashboardConfig()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '', rememberMe: true },
    validate: {
      email: (email) => emailProblem(email, shared),
      password: (password) => passwordProblem(password, shared),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ email, password, rememberMe }) => {
    const body = { email: email.trim(), password, rememberMe }
    const { twoFactorRedirect = false } = await postAuth<SignedIn>('/sign-in/email', body)
    if (twoFactorRedirect) props.onSecond()
    else await props.onSignedIn()
  })
  return (
    <AccountFrame title={texts.title} below={config?.sign_up === 'open' && <ToSignUp />}>
      {config?.sign_up === 'first' && <FirstNotice />}
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <AccountProblem error={error} />
          <EmailField key={form.key('email')} {...form.getInputProps('email')} />
          <PasswordField key={form.key('password')} {...form.getInputProps('password')} />
          <Checkbox
            label={texts.remember}
            description={texts.rememberHint}
            key={form.key('rememberMe')}
            {...form.getInputProps('rememberMe', { type: 'checkbox' })}
          />
          <Button type="submit" loading={isBusy}>
            {texts.submit}
          </Button>
          <Group justify="center">
            <Anchor component={Link} to="/forgot-password" size="sm">
              {texts.forgot}
            </Anchor>
          </Group>
        </Stack>
      </form>
      {config?.demo === true && (
        <Text size="sm" c="dimmed" ta="center">
          {texts.demo}
        </Text>
      )}
    </AccountFrame>
  )
}

function ToSignUp() {
  const texts = useTexts(signInTexts)
  return (
    <>
      {texts.noAccount}{' '}
      <Anchor component={Link} to="/sign-up" inherit underline="always">
        {texts.signUp}
      </Anchor>
    </>
  )
}

function FirstNotice() {
  const texts = useTexts(signInTexts)
  return (
    <Alert color="sukuma" variant="light" title={texts.first}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{texts.firstText}</Text>
        <Button component={Link} to="/sign-up" size="xs">
          {texts.firstAct}
        </Button>
      </Stack>
    </Alert>
  )
}
