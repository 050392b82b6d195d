// Where the merchant is told of events.
import { PlusIcon, SignalIcon } from '@heroicons/react/24/outline'
import { Anchor, Badge, Button, Card, Group, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useGround } from '../../api/side.tsx'
import type { Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { EndpointHealth } from './endpoint-health.tsx'
import { NewEndpointModal } from './new-endpoint-modal.tsx'
import { webhooksTexts } from './texts.ts'
import { useEndpoints } from './use-endpoints.ts'

const ICON_PX = 20
const CARD_PX = 92

/** Every endpoint of this side, with its health. */
export function WebhooksPage() {
  const texts = useTexts(webhooksTexts)
  const { may } = useGround()
  const [isAdding, setAdding] = useState(false)
  if (!may('webhooks')) {
    return (
      <>
        <PageHeader title={texts.title} />
        <ForbiddenState />
      </>
    )
  }
  const add = (
    <Button leftSection={<PlusIcon width={ICON_PX} aria-hidden />} onClick={() => setAdding(true)}>
      {texts.add}
    </Button>
  )
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} actions={add} />
      <Endpoints add={add} />
      <NewEndpointModal opened={isAdding} onClose={() => setAdding(false)} />
    </>
  )
}

function Endpoints({ add }: { add: ReactNode }) {
  const texts = useTexts(webhooksTexts)
  const endpoints = useEndpoints()
  if (endpoints.data === undefined) {
    return <Unanswered query={endpoints} waiting={<LoadingRows rows={3} height={CARD_PX} />} />
  }
  if (endpoints.data.length === 0) {
    return (
      <EmptyState
        icon={<SignalIcon width={40} aria-hidden />}
        title={texts.none}
        text={texts.noneText}
        action={add}
      />
    )
  }
  return (
    <Stack>
      {endpoints.data.map((endpoint) => (
        <EndpointCard key={endpoint.id} endpoint={endpoint} />
      ))}
    </Stack>
  )
}

function EndpointCard({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhooksTexts)
  const { event_types: types, failing_since: failingSince, disabled_reason: reason } = endpoint
  return (
    <Card withBorder component="article" aria-label={endpoint.url}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Stack gap={4} miw={0}>
          <Anchor
            renderRoot={(props) => <Link to="/webhooks/$id" params={{ id: endpoint.id }} {...props} />}
            fw={600}
          >
            {endpoint.url}
          </Anchor>
          {endpoint.description !== null && <Text size="sm">{endpoint.description}</Text>}
          <Group gap="xs">
            <Badge variant="default" size="sm" tt="none">
              {texts.formats[endpoint.format]}
            </Badge>
            <Text size="sm" c="dimmed">
              {types === null ? texts.everything : texts.eventCount(types.length)}
            </Text>
          </Group>
          {endpoint.status === 'enabled' && failingSince !== null && (
            <Text size="sm">
              {texts.failingSince} <Time iso={failingSince} inherit />
            </Text>
          )}
          {reason !== null && <Text size="sm">{texts.offReasons[reason]}</Text>}
        </Stack>
        <EndpointHealth endpoint={endpoint} />
      </Group>
    </Card>
  )
}
