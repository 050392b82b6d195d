// The merchants that one belongs to: leaving one, and making another where that is open.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { callAway } from '../../accounts/auth-calls.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { request } from '../../api/request.ts'
import { type Membership, SESSION_KEY, type Session } from '../../api/session.ts'
import { shellTexts } from '../../shell/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { accountSettingsTexts } from './account-texts.ts'
import { Section } from './section.tsx'
import classes from './settings.module.css'

const NAME_LENGTH_MAX = 80

/** Of the one who is signed in. */
export function MerchantsSection({ session }: { session: Session }) {
  const texts = useTexts(accountSettingsTexts)
  const { roles } = useTexts(shellTexts)
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Membership | null>(null)
  const leave = useMutation({
    mutationFn: ({ id }: Membership) =>
      callAway(`/dashboard/team/members/${session.user.id}`, {
        method: 'DELETE',
        headers: { 'sukuma-merchant': id },
      }),
    async onSuccess(_, { name }) {
      setAsked(null)
      notifications.show({ message: texts.left(name) })
      await queries.invalidateQueries({ queryKey: SESSION_KEY })
    },
  })
  return (
    <Section title={texts.merchants} about={texts.merchantsAbout}>
      <ul className={classes.list}>
        {session.merchants.map((merchant) => (
          <li key={merchant.id} className={classes.row}>
            <div>
              <Text fw={500}>{merchant.name}</Text>
              <Text size="sm" c="dimmed">
                {roles[merchant.role]}
              </Text>
            </div>
            <Button
              variant="default"
              size="xs"
              aria-label={texts.leaveOf(merchant.name)}
              onClick={() => setAsked(merchant)}
            >
              {texts.leave}
            </Button>
          </li>
        ))}
      </ul>
      {session.may_create_merchants && <NewMerchantForm />}
      {asked !== null && (
        <ConfirmModal
          opened
          title={texts.leaveTitle(asked.name)}
          text={texts.leaveText}
          act={texts.leave}
          danger
          busy={leave.isPending}
          error={leave.error}
          onConfirm={() => leave.mutate(asked)}
          onClose={() => {
            leave.reset()
            setAsked(null)
          }}
        />
      )}
    </Section>
  )
}

function NewMerchantForm() {
  const texts = useTexts(accountSettingsTexts)
  const queries = useQueryClient()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? texts.merchantMissing : null) },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ name }) => {
    await request('/dashboard/merchants', { method: 'POST', body: { name: name.trim() } })
    form.reset()
    notifications.show({ message: texts.merchantMade(name.trim()) })
    await queries.invalidateQueries({ queryKey: SESSION_KEY })
  })
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        <AccountProblem error={error} />
        <TextInput
          label={texts.merchantName}
          name="organization"
          autoComplete="off"
          maxLength={NAME_LENGTH_MAX}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Group>
          <Button type="submit" variant="default" loading={isBusy}>
            {texts.newMerchant}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
