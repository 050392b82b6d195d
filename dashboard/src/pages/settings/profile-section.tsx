// One's own name and address, and how the pages look on this device.
import { Box, Button, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { postAuth } from '../../accounts/auth-calls.ts'
import { nameProblem } from '../../accounts/field-problems.ts'
import { EmailField } from '../../accounts/fields.tsx'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { SESSION_KEY, type Session } from '../../api/session.ts'
import { Preferences } from '../../shell/account-menu.tsx'
import { useTexts } from '../../texts/language.tsx'
import { accountSettingsTexts } from './account-texts.ts'
import { Section } from './section.tsx'

const NAME_LENGTH_MAX = 80

/** Name and address. */
export function ProfileSection({ user }: { user: Session['user'] }) {
  const texts = useTexts(accountSettingsTexts)
  const shared = useTexts(accountTexts)
  const queries = useQueryClient()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: user.name },
    validate: { name: (name) => nameProblem(name, shared) },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ name }) => {
    await postAuth('/update-user', { name: name.trim() })
    await queries.invalidateQueries({ queryKey: SESSION_KEY })
    notifications.show({ message: texts.saved })
  })
  return (
    <Section title={texts.profile} about={texts.profileAbout}>
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <AccountProblem error={error} />
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
            value={user.email}
            description={texts.emailHint}
            variant="filled"
            readOnly
            required={false}
          />
          <Group>
            <Button type="submit" loading={isBusy}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

/** Language and theme, which need no saving. */
export function LooksSection() {
  const texts = useTexts(accountSettingsTexts)
  return (
    <Section title={texts.looks} about={texts.looksAbout}>
      <Box maw="24rem" mx={-12}>
        <Preferences />
      </Box>
    </Section>
  )
}
