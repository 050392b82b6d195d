// How far the first webhook is: on its way, refused, or not even begun.
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { startTexts } from './texts.ts'
import type { FirstMinute } from './use-first-minute.ts'

/** The last error and a button to try again now; or, for a payment from before the endpoint, a replay. */
export function WebhookProgress({ minute, endpoint }: { minute: FirstMinute; endpoint: Endpoint }) {
  const texts = useTexts(startTexts)
  const api = useApi()
  const queries = useQueryClient()
  const sending = useMutation({
    mutationFn: ({ path, body }: { path: string; body?: object }) => api.post(path, body),
    onSettled: () => queries.invalidateQueries({ queryKey: api.key('start') }),
  })
  const { delivery, paid, isReceived } = minute
  if (isReceived) return null
  const lastError = delivery?.last_error ?? null
  return (
    <Stack gap="sm">
      {delivery !== null && lastError !== null && (
        <Group gap="sm">
          <Text size="sm" role="status">
            {texts.lastError}: {lastError}
          </Text>
          <Button
            size="xs"
            variant="default"
            loading={sending.isPending}
            onClick={() => sending.mutate({ path: `/v1/webhook_deliveries/${delivery.id}/retry` })}
          >
            {texts.sendAgain}
          </Button>
        </Group>
      )}
      {delivery === null && paid !== null && (
        <Group gap="sm">
          <Text size="sm">{texts.replayText}</Text>
          <Button
            size="xs"
            loading={sending.isPending}
            onClick={() =>
              sending.mutate({
                path: `/v1/webhook_endpoints/${endpoint.id}/replay`,
                body: { since: paid.created_at },
              })
            }
          >
            {texts.replay}
          </Button>
        </Group>
      )}
      {sending.isError && <ErrorState error={sending.error} title={texts.sendAgain} />}
    </Stack>
  )
}
