// Sends everything since a time again.
import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import { useApi } from '../../api/side.tsx'
import type { Endpoint, Replay } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { TimeZoneContext } from '../../ui/time.tsx'
import { instantOf } from '../payments/local-day.ts'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { ReplayResult } from './replay-result.tsx'
import { webhookTexts } from './texts.ts'

/** Asks since when, by the merchant's clock as all times here, and says how much is sent. */
export function ReplayForm({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const timeZone = useContext(TimeZoneContext)
  const [since, setSince] = useState('')
  const [isMissing, setMissing] = useState(false)
  const replay = useMutation({
    mutationFn: (from: Date) =>
      api.post<Replay>(`/v1/webhook_endpoints/${endpoint.id}/replay`, { since: from.toISOString() }),
    onSuccess: changed,
  })
  return (
    <Card withBorder component="section">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const from = instantOf(since, timeZone)
          setMissing(from === null)
          if (from !== null) replay.mutate(from)
        }}
      >
        <Stack gap="sm">
          <Title order={2} size="h5">
            {texts.replay}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.replayText}
          </Text>
          <Group align="flex-start">
            <TextInput
              type="datetime-local"
              aria-label={texts.replay}
              description={texts.replayZone(timeZone)}
              inputWrapperOrder={['input', 'description', 'error']}
              value={since}
              error={isMissing ? texts.replayMissing : null}
              onChange={(event) => setSince(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              loading={replay.isPending}
              disabled={endpoint.status === 'disabled'}
            >
              {texts.replayAct}
            </Button>
          </Group>
          {replay.isError && <ErrorState error={replay.error} title={texts.replayAct} />}
          {replay.data !== undefined && (
            <ReplayResult key={replay.submittedAt} endpointId={endpoint.id} replay={replay.data} />
          )}
        </Stack>
      </form>
    </Card>
  )
}
