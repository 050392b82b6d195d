// Adds an endpoint, and shows its secret.
import { Button, Checkbox, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useGround } from '../../api/side.tsx'
import type { EndpointWithSecret } from '../../developer/resources.ts'
import { SecretOnce } from '../../developer/secret-once.tsx'
import { useTexts } from '../../texts/language.tsx'
import { Dialog, useHeldOpen } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { urlProblem } from './endpoint-url.ts'
import { EventChoice } from './event-choice.tsx'
import { webhooksTexts } from './texts.ts'
import { useEndpointsChanged } from './use-endpoints.ts'

/** Asks where and what; then the secret, and on to the endpoint's page. */
export function NewEndpointModal({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const texts = useTexts(webhooksTexts)
  const navigate = useNavigate()
  const [made, setMade] = useState<EndpointWithSecret | null>(null)
  function close() {
    setMade(null)
    onClose()
    if (made !== null) void navigate({ to: '/webhooks/$id', params: { id: made.id } })
  }
  return (
    <Dialog opened={opened} onClose={close} title={made === null ? texts.add : texts.made} size="lg">
      {made === null ? (
        <NewEndpointForm onMade={setMade} />
      ) : (
        <SecretOnce secret={made.secret} label={texts.secretLabel} onKept={close}>
          <Text size="sm">{texts.madeText}</Text>
        </SecretOnce>
      )}
    </Dialog>
  )
}

type Wish = {
  url: string
  description: string
  format: 'event' | 'daraja'
  event_types: string[] | null
  hasKey: boolean
}

const NOTHING: Wish = { url: '', description: '', format: 'event', event_types: null, hasKey: false }

function bodyOf({ url, description, format, event_types, hasKey }: Wish): object {
  return {
    ...{ url: url.trim(), format, event_types },
    ...(description.trim() === '' ? {} : { description: description.trim() }),
    signature_schemes: hasKey ? ['v1', 'v1a'] : ['v1'],
  }
}

function NewEndpointForm({ onMade }: { onMade(endpoint: EndpointWithSecret): void }) {
  const texts = useTexts(webhooksTexts)
  const { api, mode } = useGround()
  const changed = useEndpointsChanged()
  const form = useForm<Wish>({
    initialValues: NOTHING,
    validate: {
      url: (url) => urlProblem(url, mode, texts),
      event_types: (types) => (types?.length === 0 ? texts.eventsMissing : null),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async (wish) => {
    const endpoint = await api.post<EndpointWithSecret>('/v1/webhook_endpoints', bodyOf(wish))
    onMade(endpoint)
    await changed()
  })
  useHeldOpen(isBusy)
  function chooseFormat(format: string) {
    form.setFieldValue('format', format === 'daraja' ? 'daraja' : 'event')
    form.setFieldValue('event_types', null)
  }
  const { format, event_types: types } = form.getValues()
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <TextInput
          label={texts.url}
          description={mode === 'live' ? texts.urlHint : `${texts.urlHint} ${texts.urlHintTest}`}
          type="url"
          required
          maxLength={2_048}
          data-autofocus
          {...form.getInputProps('url')}
        />
        <TextInput
          label={texts.description}
          description={texts.descriptionHint}
          maxLength={200}
          {...form.getInputProps('description')}
        />
        <Radio.Group label={texts.format} value={format} onChange={chooseFormat}>
          <Stack gap="xs" mt="xs">
            {(['event', 'daraja'] as const).map((each) => (
              <Radio
                key={each}
                value={each}
                label={texts.formats[each]}
                description={texts.formatHints[each]}
              />
            ))}
          </Stack>
        </Radio.Group>
        <EventChoice
          format={format}
          value={types}
          error={form.errors.event_types}
          onChange={(value) => form.setFieldValue('event_types', value)}
        />
        <Checkbox label={texts.signatures} {...form.getInputProps('hasKey', { type: 'checkbox' })} />
        {error !== null && <ErrorState error={error} title={texts.add} />}
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {texts.add}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
