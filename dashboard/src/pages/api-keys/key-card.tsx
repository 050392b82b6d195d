// One key: what it may do, when it was used, when it ends.
import { Badge, Button, Card, Code, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../api/side.tsx'
import { Countdown } from '../../developer/countdown.tsx'
import type { ApiKey, Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { Time } from '../../ui/time.tsx'
import { apiKeysTexts } from './texts.ts'

const SOON_MS = 14 * 24 * 60 * 60 * 1_000

/** A key as a card; without acts for one that has ended. */
export function KeyCard(props: { apiKey: ApiKey; onRotate?: () => void; onRevoke?: () => void }) {
  const texts = useTexts(apiKeysTexts)
  const { apiKey, onRotate, onRevoke } = props
  const isEnded = onRevoke === undefined
  return (
    <Card withBorder component="article" aria-label={apiKey.name}>
      <Group justify="space-between" align="flex-start">
        <Stack gap={6} style={{ flex: '1 1 15rem' }}>
          <Group gap="xs">
            <Text fw={600}>{apiKey.name}</Text>
            <Code>
              sk_{apiKey.live ? 'live' : 'test'}_…{apiKey.hint}
            </Code>
            {isEnded && (
              <Badge color="gray" variant="light" tt="none">
                {apiKey.revoked_at === null ? texts.expired : texts.revoked}
              </Badge>
            )}
          </Group>
          <Group gap={6}>
            {apiKey.scopes.map((scope) => (
              <Badge key={scope} variant="default" size="sm" tt="none" title={texts.scopeTexts[scope]}>
                {scope}
              </Badge>
            ))}
            {apiKey.shortcode !== null && <BoundTo id={apiKey.shortcode} />}
          </Group>
          <Dates apiKey={apiKey} />
        </Stack>
        {!isEnded && (
          <Group gap="xs">
            {apiKey.replaced_by === null && (
              <Button size="xs" variant="default" onClick={onRotate}>
                {texts.rotate}
              </Button>
            )}
            <Button size="xs" variant="light" color="red" onClick={onRevoke}>
              {texts.revoke}
            </Button>
          </Group>
        )}
      </Group>
    </Card>
  )
}

function Dates({ apiKey }: { apiKey: ApiKey }) {
  const texts = useTexts(apiKeysTexts)
  const { last_used_at: usedAt, expires_at: expiresAt, revoked_at: revokedAt } = apiKey
  const endsSoon = expiresAt !== null && new Date(expiresAt).getTime() - Date.now() < SOON_MS
  const isEnded = revokedAt !== null || (endsSoon && new Date(expiresAt).getTime() <= Date.now())
  return (
    <Group gap="4px 16px">
      <Text size="sm" c="dimmed">
        {usedAt === null ? texts.notUsed : `${texts.lastUsed} `}
        {usedAt !== null && <Time iso={usedAt} inherit />}
      </Text>
      <Text size="sm" c="dimmed">
        {texts.created} <Time iso={apiKey.created_at} inherit />
      </Text>
      {isEnded && (
        <Text size="sm" c="dimmed">
          {revokedAt === null ? texts.expired : texts.revoked} <Time iso={revokedAt ?? expiresAt} inherit />
        </Text>
      )}
      {!isEnded && expiresAt !== null && (
        <Text size="sm" fw={endsSoon ? 600 : 400}>
          {endsSoon ? `${texts.endsIn} ` : `${texts.expires} `}
          {endsSoon ? <Countdown until={expiresAt} /> : <Time iso={expiresAt} inherit />}
        </Text>
      )}
    </Group>
  )
}

function BoundTo({ id }: { id: string }) {
  const api = useApi()
  const { data } = useQuery({
    queryKey: api.key('shortcode', id),
    queryFn: () => api.get<Shortcode>(`/v1/shortcodes/${id}`),
    staleTime: 60_000,
  })
  return (
    <Badge variant="light" size="sm" tt="none">
      {data === undefined ? '…' : (data.till_number ?? data.number)}
    </Badge>
  )
}
