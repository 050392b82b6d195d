// What the merchant's server was told about a payment: every attempt, and another one.
import { Anchor, Badge, Box, Button, Card, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PaymentTrail, TrailDelivery } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { durationText } from '../../ui/duration.ts'
import { SectionCard } from '../../ui/section-card.tsx'
import { LoadingRows, Unanswered, useProblemWords } from '../../ui/states.tsx'
import { ExactTime, Time } from '../../ui/time.tsx'
import { prettyJson } from './pretty-json.ts'
import { webhookTexts } from './webhook-texts.ts'

const COLORS = { pending: 'blue', delivered: 'green', failed: 'red', cancelled: 'gray' }
const LAST_SUCCESS = 299

/** The deliveries of a payment's events. */
export function WebhooksCard({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(webhookTexts)
  const deliveries = trail.webhook_deliveries
  return (
    <SectionCard title={texts.title} about={texts.about}>
      {deliveries.length === 0 ? (
        <Text size="sm">
          {texts.none}. {texts.noneText}
        </Text>
      ) : (
        <Stack gap="sm">
          {deliveries.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} paymentId={trail.payment.id} />
          ))}
        </Stack>
      )}
    </SectionCard>
  )
}

function Delivery({ delivery, paymentId }: { delivery: TrailDelivery; paymentId: string }) {
  const texts = useTexts(webhookTexts)
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge variant="light" color={COLORS[delivery.status]} radius="sm" tt="none">
            {texts.status[delivery.status]}
          </Badge>
          <Text size="sm" ff="monospace">
            {delivery.event_type}
          </Text>
          <Anchor component={Link} to={`/webhooks/${delivery.endpoint}`} size="sm">
            {texts.endpoint}
          </Anchor>
        </Group>
        <ResendButton deliveryId={delivery.id} paymentId={paymentId} />
      </Group>
      {delivery.status === 'pending' && delivery.next_attempt_at !== null && (
        <Text size="sm" c="dimmed">
          {texts.next}: <Time iso={delivery.next_attempt_at} />
        </Text>
      )}
      <Stack gap={4} mt={4}>
        {delivery.attempt_log.length > 0 && (
          <Disclosure label={texts.attempts(delivery.attempts)} opened={delivery.status !== 'delivered'}>
            <Attempts delivery={delivery} />
          </Disclosure>
        )}
        <Disclosure label={texts.request}>
          <SentRequest deliveryId={delivery.id} />
        </Disclosure>
      </Stack>
    </Card>
  )
}

function Attempts({ delivery }: { delivery: TrailDelivery }) {
  const texts = useTexts(webhookTexts)
  return (
    <Stack gap="xs" component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
      {delivery.attempt_log.map((attempt) => (
        <Box component="li" key={attempt.at}>
          <Group gap="xs">
            <Text size="sm" fw={600} c={isSuccess(attempt.status) ? 'inherit' : 'var(--mantine-color-error)'}>
              {attempt.status === null ? texts.noAnswer : `HTTP ${attempt.status}`}
            </Text>
            <ExactTime iso={attempt.at} size="sm" c="dimmed" />
            <Text size="sm" c="dimmed">
              {durationText(attempt.duration_ms)}
            </Text>
          </Group>
          {attempt.error !== null && <Text size="sm">{attempt.error}</Text>}
          {attempt.response !== null && attempt.response !== '' && (
            <Disclosure label={texts.response}>
              <CodeBlock code={attempt.response} label={texts.response} maxHeight={160} />
            </Disclosure>
          )}
        </Box>
      ))}
    </Stack>
  )
}

const isSuccess = (status: number | null) => status !== null && status <= LAST_SUCCESS

/** Headers and body, byte for byte, as they are signed now. */
function SentRequest({ deliveryId }: { deliveryId: string }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const sent = useQuery({
    queryKey: api.key('webhook_delivery', deliveryId, 'request'),
    queryFn: () =>
      api.get<{ method: string; url: string; headers: Record<string, string>; body: string }>(
        `/v1/webhook_deliveries/${deliveryId}/request`,
      ),
  })
  if (sent.data === undefined) {
    const waiting = <LoadingRows rows={1} height={120} />
    return <Unanswered query={sent} waiting={waiting} title={texts.requestFailed} />
  }
  const { method, url, headers, body } = sent.data
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const shown = [`${method} ${url}`, ...lines, '', prettyJson(body)].join('\n')
  return <CodeBlock code={shown} copy={body} label={texts.request} maxHeight={320} />
}

function ResendButton({ deliveryId, paymentId }: { deliveryId: string; paymentId: string }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const queries = useQueryClient()
  const wordsOf = useProblemWords()
  const resend = useMutation({
    mutationFn: () => api.post(`/v1/webhook_deliveries/${deliveryId}/retry`),
    onSuccess: () => notifications.show({ message: texts.resent, color: 'green' }),
    onError: (error) =>
      notifications.show({
        title: texts.resendFailed,
        message: wordsOf(error),
        color: 'red',
        autoClose: 8_000,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: api.key('payment', paymentId, 'trail') }),
  })
  return (
    <Button size="compact-sm" variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
      {texts.resend}
    </Button>
  )
}
