// The form of a new account: with a merchant of its own, or into the one that an invitation is to.
import { Button, Stack, TextInput, type TextInputProps } from '@mantine/core'
import { useForm } from '@mantine/form'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import {
  emailProblem,
  nameProblem,
  newPasswordProblem,
  USUAL_PASSWORD,
} from '../../accounts/field-problems.ts'
import { EmailField, PasswordField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useDashboardConfig } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { signUpTexts } from './texts.ts'

const NAME_LENGTH_MAX = 80

/** Which field a refusal is about. */
const FIELD_OF_CODE = {
  user_already_exists_use_another_email: 'email',
  password_too_short: 'password',
  password_too_long: 'password',
}

/** `invitation`: the address is given, and there is no merchant to name. */
export function SignUpForm(props: {
  invitation?: { token: string; email: string }
  onSignedUp(): Promise<void>
}) {
  const { invitation, onSignedUp } = props
  const texts = useTexts(signUpTexts)
  const shared = useTexts(accountTexts)
  const { data: config } = useDashboardConfig()
  const limits = config?.password ?? USUAL_PASSWORD
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { merchantName: '', name: '', email: invitation?.email ?? '', password: '' },
    validate: {
      merchantName: (name) => (invitation === undefined && name.trim() === '' ? texts.merchantMissing : null),
      name: (name) => nameProblem(name, shared),
      email: (email) => emailProblem(email, shared),
      password: (password) => newPasswordProblem(password, limits, shared),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async ({ merchantName, name, email, password }) => {
      const into =
        invitation === undefined ? { merchantName: merchantName.trim() } : { invitation: invitation.token }
      await postAuth('/sign-up/email', { name: name.trim(), email: email.trim(), password, ...into })
      await onSignedUp()
    },
    FIELD_OF_CODE,
  )
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        {invitation === undefined && (
          <MerchantField key={form.key('merchantName')} {...form.getInputProps('merchantName')} />
        )}
        <TextInput
          label={shared.name}
          name="name"
          autoComplete="name"
          maxLength={NAME_LENGTH_MAX}
          required
          withAsterisk={false}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <EmailField
          readOnly={invitation !== undefined}
          variant={invitation === undefined ? 'default' : 'filled'}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordField
          isNew
          label={texts.choosePassword}
          description={shared.passwordHint(limits.min)}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={isBusy}>
          {texts.submit}
        </Button>
      </Stack>
    </form>
  )
}

function MerchantField(props: TextInputProps) {
  const texts = useTexts(signUpTexts)
  return (
    <TextInput
      label={texts.merchantName}
      description={texts.merchantHint}
      name="organization"
      autoComplete="organization"
      maxLength={NAME_LENGTH_MAX}
      required
      withAsterisk={false}
      {...props}
    />
  )
}
