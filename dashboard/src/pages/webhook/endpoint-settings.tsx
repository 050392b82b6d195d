// What can be changed about an endpoint, and its end.
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useApi, useGround } from '../../api/side.tsx'
import type { Endpoint } from '../../developer/resources.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { ConfirmModal } from '../../ui/confirm-modal.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { urlProblem } from '../webhooks/endpoint-url.ts'
import { EventChoice } from '../webhooks/event-choice.tsx'
import { webhooksTexts } from '../webhooks/texts.ts'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

/** Address, description and events; then switching off and deleting. */
export function EndpointSettings({ endpoint }: { endpoint: Endpoint }) {
  return (
    <Stack>
      <ChangeForm endpoint={endpoint} />
      <Endings endpoint={endpoint} />
    </Stack>
  )
}

type Change = { url: string; description: string; event_types: string[] | null }

function ChangeForm({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const shared = useTexts(webhooksTexts)
  const { save } = useTexts(developerTexts)
  const { api, mode } = useGround()
  const changed = useEndpointsChanged()
  const [isSaved, setSaved] = useState(false)
  const form = useForm<Change>({
    initialValues: {
      url: endpoint.url,
      description: endpoint.description ?? '',
      event_types: endpoint.event_types,
    },
    validate: {
      url: (url) => urlProblem(url, mode, shared),
      event_types: (types) => (types?.length === 0 ? shared.eventsMissing : null),
    },
    onValuesChange: () => setSaved(false),
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ url, description, event_types }) => {
    await api.patch(`/v1/webhook_endpoints/${endpoint.id}`, {
      ...{ url: url.trim(), event_types },
      description: description.trim() === '' ? null : description.trim(),
    })
    await changed()
    setSaved(true)
  })
  return (
    <Card withBorder>
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          <TextInput
            label={shared.url}
            type="url"
            required
            maxLength={2_048}
            {...form.getInputProps('url')}
          />
          <TextInput
            label={shared.description}
            description={shared.descriptionHint}
            maxLength={200}
            {...form.getInputProps('description')}
          />
          <EventChoice
            format={endpoint.format}
            value={form.getValues().event_types}
            error={form.errors.event_types}
            onChange={(types) => form.setFieldValue('event_types', types)}
          />
          {error !== null && <ErrorState error={error} title={save} />}
          <Group>
            <Button type="submit" loading={isBusy}>
              {save}
            </Button>
            <Text size="sm" role="status">
              {isSaved ? texts.saved : ''}
            </Text>
          </Group>
        </Stack>
      </form>
    </Card>
  )
}

function Endings({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const navigate = useNavigate()
  const changed = useEndpointsChanged()
  const [asked, setAsked] = useState<'disable' | 'remove' | null>(null)
  const path = `/v1/webhook_endpoints/${endpoint.id}`
  const disabling = useMutation({
    mutationFn: () => api.patch(path, { status: 'disabled' }),
    async onSuccess() {
      await changed()
      setAsked(null)
    },
  })
  const removing = useMutation({
    mutationFn: () => api.remove(path),
    async onSuccess() {
      await navigate({ to: '/webhooks' })
      await changed()
    },
  })
  return (
    <Card withBorder component="section">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {texts.danger}
        </Title>
        <Group gap="xs">
          {endpoint.status === 'enabled' && (
            <Button size="xs" variant="default" onClick={() => setAsked('disable')}>
              {texts.disable}
            </Button>
          )}
          <Button size="xs" variant="light" color="red" onClick={() => setAsked('remove')}>
            {texts.remove}
          </Button>
        </Group>
      </Stack>
      <ConfirmModal
        opened={asked === 'disable'}
        title={texts.disable}
        text={texts.disableText}
        act={texts.disable}
        busy={disabling.isPending}
        error={disabling.error}
        onConfirm={() => disabling.mutate()}
        onClose={() => setAsked(null)}
      />
      <ConfirmModal
        opened={asked === 'remove'}
        title={texts.remove}
        text={texts.removeText(endpoint.url)}
        act={texts.remove}
        danger
        busy={removing.isPending}
        error={removing.error}
        onConfirm={() => removing.mutate()}
        onClose={() => setAsked(null)}
      />
    </Card>
  )
}
