// The last step: an endpoint of one's own, or a receiver of a few lines on the same machine.
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useGround } from '../../api/side.tsx'
import { CodeTabs } from '../../developer/code-tabs.tsx'
import type { EndpointWithSecret } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { urlProblem } from '../webhooks/endpoint-url.ts'
import { webhooksTexts } from '../webhooks/texts.ts'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { LOCAL_RECEIVER_URL, receiverSamples } from './receiver-samples.ts'
import { startTexts } from './texts.ts'
import type { FirstMinute } from './use-first-minute.ts'
import { WebhookProgress } from './webhook-progress.tsx'

const UNKNOWN_SECRET = 'whsec_…'

/** Adds an endpoint; then what came of it. */
export function WebhookStep({ minute }: { minute: FirstMinute }) {
  const texts = useTexts(startTexts)
  const { secretLabel } = useTexts(webhooksTexts)
  const { api } = useGround()
  const changed = useEndpointsChanged()
  const adding = useMutation({
    mutationFn: (url: string) => api.post<EndpointWithSecret>('/v1/webhook_endpoints', { url }),
    onSuccess: changed,
  })
  const { endpoint } = minute
  if (endpoint === null) {
    return <Choice isBusy={adding.isPending} error={adding.error} onAdd={adding.mutate} />
  }
  const secret = adding.data?.id === endpoint.id ? adding.data.secret : null
  return (
    <Stack gap="sm">
      <Text size="sm">
        {texts.endpoint}: <strong>{endpoint.url}</strong>{' '}
        <Anchor
          inherit
          underline="always"
          renderRoot={(props) => <Link to="/webhooks/$id" params={{ id: endpoint.id }} {...props} />}
        >
          {texts.toEndpoint}
        </Anchor>
      </Text>
      {secret !== null && <CodeBlock code={secret} label={secretLabel} wraps />}
      {endpoint.url === LOCAL_RECEIVER_URL && (
        <>
          <Text size="sm">{secret === null ? texts.receiverNoSecret : texts.receiverText}</Text>
          <CodeTabs samples={receiverSamples(secret ?? UNKNOWN_SECRET)} label={texts.receiver} />
        </>
      )}
      <WebhookProgress minute={minute} endpoint={endpoint} />
    </Stack>
  )
}

function Choice(props: { isBusy: boolean; error: unknown; onAdd(url: string): void }) {
  const texts = useTexts(startTexts)
  const shared = useTexts(webhooksTexts)
  const { mode } = useGround()
  const [url, setUrl] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  function add(event: React.SyntheticEvent) {
    event.preventDefault()
    const found = urlProblem(url, mode, shared)
    setProblem(found)
    if (found === null) props.onAdd(url.trim())
  }
  return (
    <Stack gap="sm">
      <form onSubmit={add} noValidate>
        <Group align="flex-end">
          <TextInput
            label={texts.ownUrl}
            type="url"
            placeholder="https://shop.example.org/webhooks"
            value={url}
            error={problem}
            onChange={(event) => setUrl(event.currentTarget.value)}
            style={{ flex: '1 1 14rem' }}
          />
          <Button type="submit" loading={props.isBusy}>
            {texts.ownAdd}
          </Button>
        </Group>
      </form>
      <Text size="sm" fw={600}>
        {texts.local}
      </Text>
      <Text size="sm">
        {texts.localText} {texts.localNote}
      </Text>
      <Group>
        <Button variant="default" loading={props.isBusy} onClick={() => props.onAdd(LOCAL_RECEIVER_URL)}>
          {texts.localAdd(LOCAL_RECEIVER_URL)}
        </Button>
      </Group>
      {props.error !== null && <ErrorState error={props.error} title={texts.webhook} />}
    </Stack>
  )
}
