// What a replay sends, and the rest of it when there was too much for one.
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/side.tsx'
import type { Replay } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

/** Says how many events are sent again; goes on with the next part when asked. */
export function ReplayResult({ endpointId, replay }: { endpointId: string; replay: Replay }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const [sum, setSum] = useState(replay)
  const next = useMutation({
    mutationFn: (since: string) => api.post<Replay>(`/v1/webhook_endpoints/${endpointId}/replay`, { since }),
    async onSuccess(part) {
      setSum({ ...part, count: sum.count + part.count })
      await changed()
    },
  })
  return (
    <Alert color="green" variant="light" role="status">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{texts.replayed(sum.count)}</Text>
        {sum.next_since !== null && (
          <Button
            size="xs"
            variant="default"
            loading={next.isPending}
            onClick={() => next.mutate(sum.next_since ?? sum.since)}
          >
            {texts.replayMore}
          </Button>
        )}
        {next.isError && <ErrorState error={next.error} title={texts.replayAct} />}
      </Stack>
    </Alert>
  )
}
