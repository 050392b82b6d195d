// The form of an invitation: an address and a role, each role explained.
import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import type { Invitation } from '../../accounts/auth-calls.ts'
import { emailProblem } from '../../accounts/field-problems.ts'
import { EmailField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { type Role, useDashboardConfig } from '../../api/session.ts'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { ROLES } from './role-guide.tsx'
import { teamTexts } from './texts.ts'
import type { TeamActs } from './use-team.ts'

type InviteModalProps = {
  opened: boolean
  acts: TeamActs
  onMade(invitation: Invitation): void
  onClose(): void
}

/** `onMade` gets the invitation, and is to say what became of its mail. */
export function InviteModal(props: InviteModalProps) {
  const texts = useTexts(teamTexts)
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={texts.inviteTitle}>
      <InviteForm {...props} />
    </Dialog>
  )
}

function InviteForm({ acts, onMade, onClose }: InviteModalProps) {
  const texts = useTexts(teamTexts)
  const shared = useTexts(accountTexts)
  const ui = useTexts(uiTexts)
  const { roles } = useTexts(shellTexts)
  const { data: config } = useDashboardConfig()
  const sendsMail = config?.mail !== false
  const form = useForm<{ email: string; role: Role }>({
    mode: 'uncontrolled',
    initialValues: { email: '', role: 'support' },
    validate: { email: (email) => emailProblem(email, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(
    form,
    async ({ email, role }) => {
      const made = await acts.invite.mutateAsync({ email: email.trim(), role })
      onClose()
      onMade(made)
    },
    { already_member: 'email' },
  )
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {sendsMail ? texts.inviteAbout : texts.inviteAboutNoMail}
        </Text>
        <AccountProblem error={error} />
        <EmailField
          autoComplete="off"
          data-autofocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <Radio.Group label={texts.role} key={form.key('role')} {...form.getInputProps('role')}>
          <Stack gap="sm" mt="xs">
            {ROLES.map((role) => (
              <Radio key={role} value={role} label={roles[role]} description={texts.roleTexts[role]} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ui.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {sendsMail ? texts.send : texts.makeLink}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
