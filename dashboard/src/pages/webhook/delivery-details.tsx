// One delivery: each attempt with its answer, what is sent, and sending it again.
import { Anchor, Badge, Button, Group, Stack, Text, Timeline, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api/side.tsx'
import type { Attempt, Delivery, DeliveryRequest, Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

const CODE_PX_MAX = 320

/** What opens under a delivery. */
export function DeliveryDetails({ delivery, endpoint }: { delivery: Delivery; endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const retry = useMutation({
    mutationFn: () => api.post<Delivery>(`/v1/webhook_deliveries/${delivery.id}/retry`),
    onSuccess: changed,
  })
  const first = delivery.attempts - delivery.attempt_log.length + 1
  return (
    <Stack>
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          loading={retry.isPending}
          disabled={endpoint.status === 'disabled'}
          onClick={() => retry.mutate()}
        >
          {texts.retry}
        </Button>
        {delivery.payment !== null && (
          <Anchor
            size="sm"
            renderRoot={(props) => (
              <Link to="/payments/$id" params={{ id: delivery.payment ?? '' }} {...props} />
            )}
          >
            {texts.toPayment}
          </Anchor>
        )}
        <Text size="sm" role="status">
          {retry.isSuccess ? texts.retried : ''}
        </Text>
      </Group>
      {retry.isError && <ErrorState error={retry.error} title={texts.retry} />}
      <Timeline bulletSize={16} lineWidth={2} active={delivery.attempt_log.length}>
        {delivery.attempt_log.map((attempt, nth) => (
          <Timeline.Item
            key={attempt.at}
            color={attempt.error === null ? 'green' : 'red'}
            title={texts.attempt(first + nth)}
          >
            <AttemptMade attempt={attempt} />
          </Timeline.Item>
        ))}
        {delivery.next_attempt_at !== null && (
          <Timeline.Item title={texts.nextAttempt} lineVariant="dashed">
            <Text size="sm">
              <Time iso={delivery.next_attempt_at} inherit />
            </Text>
          </Timeline.Item>
        )}
      </Timeline>
      <Request delivery={delivery} />
    </Stack>
  )
}

function AttemptMade({ attempt }: { attempt: Attempt }) {
  const texts = useTexts(webhookTexts)
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Badge variant="default" size="sm" tt="none">
          {attempt.status ?? texts.noAnswer}
        </Badge>
        <Text size="sm" c="dimmed">
          <Time iso={attempt.at} inherit /> · {attempt.duration_ms} ms
        </Text>
      </Group>
      {attempt.error !== null && <Text size="sm">{attempt.error}</Text>}
      {attempt.response !== null && (
        <CodeBlock code={attempt.response} label={texts.response} maxHeight={CODE_PX_MAX} />
      )}
      {attempt.response === null && attempt.status !== null && (
        <Text size="sm" c="dimmed">
          {texts.emptyResponse}
        </Text>
      )}
    </Stack>
  )
}

function Request({ delivery }: { delivery: Delivery }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const request = useQuery({
    queryKey: api.key('webhook-delivery', delivery.id, 'request', delivery.attempts),
    queryFn: () => api.get<DeliveryRequest>(`/v1/webhook_deliveries/${delivery.id}/request`),
    staleTime: 60_000,
  })
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {texts.request}
      </Title>
      {request.data === undefined ? (
        <Unanswered query={request} waiting={<LoadingRows rows={2} height={96} />} />
      ) : (
        <>
          <CodeBlock
            label={texts.headers}
            code={[
              `POST ${request.data.url}`,
              ...Object.entries(request.data.headers).map(([name, value]) => `${name}: ${value}`),
            ].join('\n')}
          />
          <CodeBlock
            label={texts.body}
            code={pretty(request.data.body)}
            copy={request.data.body}
            maxHeight={CODE_PX_MAX}
          />
          <Text size="xs" c="dimmed">
            {texts.requestNote}
          </Text>
        </>
      )}
    </Stack>
  )
}

/** With line breaks for people; what is copied is what was signed. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
