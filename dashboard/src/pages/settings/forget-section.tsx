// Erases the number of one customer, who asked for it.
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Api, useApi } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { Section } from './section.tsx'
import { settingsTexts } from './texts.ts'

/** While a payment of the number is `open`, nothing of it is forgotten. */
type Forgotten = { payments: number; open: number; has_more: boolean }

const DIGITS_MIN = 9

/** Asks once more before it does. */
export function ForgetSection() {
  const texts = useTexts(settingsTexts)
  const api = useApi()
  const [asked, setAsked] = useState<string | null>(null)
  const forget = useMutation({ mutationFn: (phone: string) => forgetPhone(api, phone) })
  const form = useForm({
    initialValues: { phone: '' },
    validate: {
      phone: (phone) => (phone.replace(/\D/g, '').length < DIGITS_MIN ? texts.phoneMissing : null),
    },
  })
  const outcome = ({ payments, open }: Forgotten) =>
    open > 0 ? texts.forgottenOpen(open) : texts.forgotten(payments)
  return (
    <Section title={texts.forget} about={texts.forgetAbout}>
      <form onSubmit={form.onSubmit(({ phone }) => setAsked(phone.trim()))} noValidate>
        <Stack gap="md">
          <TextInput
            label={texts.phone}
            maw="16rem"
            type="tel"
            inputMode="tel"
            autoComplete="off"
            {...form.getInputProps('phone')}
          />
          <Group>
            <Button type="submit" variant="default">
              {texts.forgetAct}
            </Button>
          </Group>
          <Text size="sm" role="status">
            {forget.data !== undefined && outcome(forget.data)}
          </Text>
        </Stack>
      </form>
      <ConfirmModal
        opened={asked !== null}
        title={texts.forgetTitle}
        text={texts.forgetText(asked ?? '')}
        act={texts.forgetAct}
        danger
        busy={forget.isPending}
        error={forget.error}
        onConfirm={() =>
          forget.mutate(asked ?? '', {
            onSuccess() {
              setAsked(null)
              form.reset()
            },
          })
        }
        onClose={() => {
          if (forget.isError) forget.reset()
          setAsked(null)
        }}
      />
    </Section>
  )
}

/** Some at a time, until none is left. */
async function forgetPhone(api: Api, phone: string): Promise<Forgotten> {
  let payments = 0
  for (;;) {
    const answer = await api.post<Forgotten>('/v1/phone_numbers/forget', { phone })
    payments += answer.payments
    if (!answer.has_more || answer.payments === 0) return { ...answer, payments }
  }
}
