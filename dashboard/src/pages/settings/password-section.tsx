// Changing one's password, or setting the first one.
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { newPasswordProblem, passwordProblem, USUAL_PASSWORD } from '../../accounts/field-problems.ts'
import { PasswordField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { SESSION_KEY, type Session, useDashboardConfig } from '../../api/session.ts'
import { useTexts } from '../../texts/language.tsx'
import { accountSettingsTexts } from './account-texts.ts'
import { DEVICES_KEY } from './devices-section.tsx'
import { Section } from './section.tsx'

const FIELD_OF_CODE = {
  invalid_password: 'currentPassword',
  password_too_short: 'newPassword',
  password_too_long: 'newPassword',
}

/** Of a user who has a password, or came by a link. */
export function PasswordSection({ user }: { user: Session['user'] }) {
  const texts = useTexts(accountSettingsTexts)
  return (
    <Section title={texts.password} about={texts.passwordAbout}>
      {user.has_password ? <ChangeForm email={user.email} /> : <FirstPassword email={user.email} />}
    </Section>
  )
}

function ChangeForm({ email }: { email: string }) {
  const texts = useTexts(accountSettingsTexts)
  const shared = useTexts(accountTexts)
  const queries = useQueryClient()
  const { data: config } = useDashboardConfig()
  const limits = config?.password ?? USUAL_PASSWORD
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { currentPassword: '', newPassword: '', revokeOtherSessions: true },
    validate: {
      currentPassword: (password) => passwordProblem(password, shared),
      newPassword: (password) => newPasswordProblem(password, limits, shared),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async (values) => {
      await postAuth('/change-password', values)
      form.reset()
      notifications.show({ message: texts.passwordChanged })
      await queries.invalidateQueries({ queryKey: SESSION_KEY })
      await queries.invalidateQueries({ queryKey: DEVICES_KEY })
    },
    FIELD_OF_CODE,
  )
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <AccountProblem error={error} />
        {/* Tells a password manager whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <PasswordField
          label={texts.currentPassword}
          key={form.key('currentPassword')}
          {...form.getInputProps('currentPassword')}
        />
        <PasswordField
          isNew
          description={shared.passwordHint(limits.min)}
          key={form.key('newPassword')}
          {...form.getInputProps('newPassword')}
        />
        <Checkbox
          label={texts.endOthers}
          key={form.key('revokeOtherSessions')}
          {...form.getInputProps('revokeOtherSessions', { type: 'checkbox' })}
        />
        <Group>
          <Button type="submit" loading={isBusy}>
            {texts.changePassword}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function FirstPassword({ email }: { email: string }) {
  const texts = useTexts(accountSettingsTexts)
  const { data: config } = useDashboardConfig()
  const ask = useMutation({ mutationFn: () => postAuth('/request-password-reset', { email }) })
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{texts.noPassword}</Text>
      <AccountProblem error={ask.error} />
      <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
        {texts.sendLink}
      </Button>
      <Text size="sm" role="status">
        {ask.isSuccess && (config?.mail === false ? texts.linkPrinted : texts.linkSent(email))}
      </Text>
    </Stack>
  )
}
