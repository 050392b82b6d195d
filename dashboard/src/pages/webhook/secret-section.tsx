// The secret of an endpoint: shown again on purpose, and replaced with both signing for a while.
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/side.tsx'
import { Countdown } from '../../developer/countdown.tsx'
import { OverlapSelect, USUAL_OVERLAP_S } from '../../developer/overlap-select.tsx'
import type { Endpoint, EndpointWithSecret, WebhookSecret } from '../../developer/resources.ts'
import { SecretOnce } from '../../developer/secret-once.tsx'
import { useNow } from '../../developer/use-now.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog, useHeldOpen } from '../../ui/dialog.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

const OVERLAP_DAYS_MAX = 7

/** The secret's card. What is revealed is gone when the page is left. */
export function SecretSection({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const [isRotating, setRotating] = useState(false)
  const nowMs = useNow(5_000)
  const revealing = useMutation({
    mutationFn: () => api.post<WebhookSecret>(`/v1/webhook_endpoints/${endpoint.id}/reveal_secret`),
    gcTime: 0,
  })
  const until = endpoint.previous_secret_expires_at
  const shown = revealing.data
  return (
    <Card withBorder component="section">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {texts.secret}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.secretText} {texts.revealText}
        </Text>
        {until !== null && new Date(until).getTime() > nowMs && (
          <Alert color="yellow" variant="light" p="xs">
            <Text size="sm">
              {texts.both} <Countdown until={until} />
            </Text>
          </Alert>
        )}
        {shown !== undefined && <CodeBlock code={shown.secret} label={texts.secretLabel} wraps />}
        {shown?.previous_secret != null && (
          <CodeBlock code={shown.previous_secret} label={texts.former} wraps />
        )}
        {revealing.isError && <ErrorState error={revealing.error} title={texts.reveal} />}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={revealing.isPending}
            onClick={() => (shown === undefined ? revealing.mutate() : revealing.reset())}
          >
            {shown === undefined ? texts.reveal : texts.hide}
          </Button>
          <Button size="xs" variant="default" onClick={() => setRotating(true)}>
            {texts.rotate}
          </Button>
        </Group>
      </Stack>
      <Dialog
        opened={isRotating}
        onClose={() => setRotating(false)}
        title={texts.rotate}
        closeOnClickOutside={false}
      >
        <Rotation
          endpoint={endpoint}
          onKept={() => {
            revealing.reset()
            setRotating(false)
          }}
        />
      </Dialog>
    </Card>
  )
}

function Rotation({ endpoint, onKept }: { endpoint: Endpoint; onKept(): void }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const [overlap, setOverlap] = useState(USUAL_OVERLAP_S)
  const rotation = useMutation({
    mutationFn: () =>
      api.post<EndpointWithSecret>(`/v1/webhook_endpoints/${endpoint.id}/rotate_secret`, { overlap }),
    onSuccess: changed,
    gcTime: 0,
  })
  useHeldOpen(rotation.isPending)
  if (rotation.data !== undefined) {
    return <SecretOnce secret={rotation.data.secret} label={texts.secretLabel} onKept={onKept} />
  }
  return (
    <Stack>
      <Text size="sm">{texts.rotateText}</Text>
      <OverlapSelect value={overlap} maxDays={OVERLAP_DAYS_MAX} onChange={setOverlap} />
      {rotation.isError && <ErrorState error={rotation.error} title={texts.rotateAct} />}
      <Group justify="flex-end">
        <Button loading={rotation.isPending} onClick={() => rotation.mutate()}>
          {texts.rotateAct}
        </Button>
      </Group>
    </Stack>
  )
}
