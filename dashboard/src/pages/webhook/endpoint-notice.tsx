// What is wrong with an endpoint, and the way out of it.
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../api/side.tsx'
import type { Endpoint, Replay } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { webhooksTexts } from '../webhooks/texts.ts'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { ReplayResult } from './replay-result.tsx'
import { webhookTexts } from './texts.ts'

type Changed = Endpoint & { replay: Replay | null }

/** Failing, off, or with a gap; nothing when all is well. */
export function EndpointNotice({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const shared = useTexts(webhooksTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const [replay, setReplay] = useState<Replay | null>(null)
  const enabling = useMutation({
    mutationFn: (wantsReplay: boolean) =>
      api.patch<Changed>(`/v1/webhook_endpoints/${endpoint.id}`, { status: 'enabled', replay: wantsReplay }),
    async onSuccess(answer) {
      setReplay(answer.replay)
      await changed()
    },
  })
  const { status, failing_since: failingSince, missed_since: missedSince, disabled_reason: reason } = endpoint
  const isOff = status === 'disabled'
  const isWell = !isOff && failingSince === null && missedSince === null
  if (isWell && replay === null && !enabling.isError) return null
  return (
    <Stack gap="sm">
      {!isOff && failingSince !== null && (
        <Alert color="red" variant="light" title={texts.failingTitle}>
          <Text size="sm">
            {texts.failingText} <Time iso={failingSince} inherit fw={600} />
          </Text>
        </Alert>
      )}
      {(isOff || missedSince !== null) && (
        <Alert color="orange" variant="light" title={isOff ? texts.offTitle : texts.missedTitle}>
          <Stack gap="sm">
            <Text size="sm">
              {isOff
                ? `${reason === null ? '' : shared.offReasons[reason]} ${texts.offText}`
                : texts.missedText}{' '}
              {!isOff && <Time iso={missedSince} inherit fw={600} />}
            </Text>
            <Group gap="xs">
              <Button size="xs" loading={enabling.isPending} onClick={() => enabling.mutate(true)}>
                {isOff ? texts.enableReplay : texts.replayMissed}
              </Button>
              {isOff && (
                <Button size="xs" variant="default" onClick={() => enabling.mutate(false)}>
                  {texts.enable}
                </Button>
              )}
            </Group>
          </Stack>
        </Alert>
      )}
      {enabling.isError && <ErrorState error={enabling.error} title={texts.offTitle} />}
      {replay !== null && <ReplayResult endpointId={endpoint.id} replay={replay} />}
    </Stack>
  )
}
