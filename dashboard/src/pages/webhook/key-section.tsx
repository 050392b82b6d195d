// The ed25519 key of an endpoint: on, off, replaced, and where it is published.
import { Anchor, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import type { Endpoint, SignatureScheme } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useEndpointsChanged } from '../webhooks/use-endpoints.ts'
import { webhookTexts } from './texts.ts'

/** The key's card. */
export function KeySection({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const api = useApi()
  const changed = useEndpointsChanged()
  const path = `/v1/webhook_endpoints/${endpoint.id}`
  const signing = useMutation({
    mutationFn: (schemes: SignatureScheme[]) => api.patch(path, { signature_schemes: schemes }),
    onSuccess: changed,
  })
  const rotation = useMutation({ mutationFn: () => api.post(`${path}/rotate_key`), onSuccess: changed })
  const { public_key: key, public_keys_path: publishedAt } = endpoint
  return (
    <Card withBorder component="section">
      <Stack gap="sm">
        <Title order={2} size="h5">
          {texts.key}
        </Title>
        <Text size="sm" c="dimmed">
          {key === null ? texts.keyOff : texts.keyText}
        </Text>
        {key !== null && <CodeBlock code={key} label={texts.key} wraps />}
        {publishedAt !== null && (
          <Text size="sm">
            {texts.published}{' '}
            <Anchor underline="always" href={publishedAt} target="_blank" rel="noreferrer" inherit>
              {publishedAt}
            </Anchor>
          </Text>
        )}
        {signing.isError && <ErrorState error={signing.error} title={texts.key} />}
        {rotation.isError && <ErrorState error={rotation.error} title={texts.keyRotate} />}
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            loading={signing.isPending}
            onClick={() => signing.mutate(key === null ? ['v1', 'v1a'] : ['v1'])}
          >
            {key === null ? texts.keyOn : texts.keyOffAct}
          </Button>
          {key !== null && (
            <Button
              size="xs"
              variant="default"
              loading={rotation.isPending}
              title={texts.keyRotateText}
              onClick={() => rotation.mutate()}
            >
              {texts.keyRotate}
            </Button>
          )}
        </Group>
        {rotation.isSuccess && (
          <Text size="sm" role="status">
            {texts.keyRotateText}
          </Text>
        )}
      </Stack>
    </Card>
  )
}
