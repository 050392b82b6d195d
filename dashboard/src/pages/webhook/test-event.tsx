// Sends a test event, and shows what the server makes of it, as it happens.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../../api/side.tsx'
import type { Delivery, Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

const LOOK_MS = 700

/** The button, and under it the outcome of the last one. */
export function TestEvent({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const sending = useMutation({
    mutationFn: () => api.post<Delivery>(`/v1/webhook_endpoints/${endpoint.id}/test`),
    onSuccess: changed,
  })
  return (
    <Stack gap="sm" align="flex-start">
      <Button
        variant="default"
        size="sm"
        disabled={endpoint.status === 'disabled'}
        loading={sending.isPending}
        onClick={() => sending.mutate()}
      >
        {texts.sendTest}
      </Button>
      {sending.isError && <ErrorState error={sending.error} title={texts.sendTest} />}
      {sending.data !== undefined && (
        <Outcome id={sending.data.id} key={sending.data.id} isPaused={endpoint.failing_since !== null} />
      )}
    </Stack>
  )
}

function Outcome({ id, isPaused }: { id: string; isPaused: boolean }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const { data } = useQuery({
    queryKey: api.key('webhook-delivery', id),
    queryFn: () => api.get<Delivery>(`/v1/webhook_deliveries/${id}`),
    refetchInterval: ({ state }) => (state.data?.attempts ? false : LOOK_MS),
  })
  const last = data?.attempt_log.at(-1)
  const isAttempted = last !== undefined
  const latestChanged = useRef(changed)
  useEffect(() => {
    if (isAttempted) void latestChanged.current()
  }, [isAttempted])
  if (data === undefined || last === undefined) {
    return (
      <Group gap="xs" role="status" wrap="nowrap">
        <Loader size="xs" aria-hidden />
        <Text size="sm">
          {texts.testWaiting} {isPaused && texts.testPaused}
        </Text>
      </Group>
    )
  }
  const isDelivered = data.status === 'delivered'
  return (
    <Alert color={isDelivered ? 'green' : 'red'} variant="light" role="status" w="100%">
      <Text size="sm">
        {isDelivered
          ? texts.testDelivered(last.status ?? 0, last.duration_ms)
          : texts.testFailed(last.error ?? texts.noAnswer)}
      </Text>
      {data.next_attempt_at !== null && (
        <Text size="sm">
          {texts.testNext} <Time iso={data.next_attempt_at} inherit />
        </Text>
      )}
    </Alert>
  )
}
