// What M-Pesa looks like from here.
import { Badge, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import { durationText } from '../../ui/duration.ts'
import { SectionCard } from '../../ui/section-card.tsx'
import { Unanswered } from '../../ui/states.tsx'
import { useNumbers } from './figures.tsx'
import type { NetworkEnvironment } from './overview.ts'
import { overviewTexts } from './texts.ts'
import { useNetwork } from './use-overview.ts'

type Health = 'good' | 'slow' | 'down' | 'unknown'

const WINDOW_MINUTES = 15
const MINUTE_SECONDS = 60
const ROOM_PX = 120
const COLORS: Readonly<Record<Health, string>> = {
  good: 'green',
  slow: 'orange',
  down: 'red',
  unknown: 'gray',
}

/** The health of each environment of this side. */
export function NetworkCard() {
  const texts = useTexts(overviewTexts)
  const network = useNetwork()
  const minutes = network.data === undefined ? WINDOW_MINUTES : network.data.window_seconds / MINUTE_SECONDS
  return (
    <SectionCard title={texts.network} about={texts.networkAbout(minutes)}>
      {network.data === undefined && <Unanswered query={network} waiting={<Skeleton height={ROOM_PX} />} />}
      <Stack gap="md" mih={ROOM_PX}>
        {network.data?.environments.map((environment) => (
          <Environment key={environment.environment} seen={environment} />
        ))}
        {network.data?.environments.length === 0 && <Text size="sm">{texts.healthText.unknown}</Text>}
      </Stack>
    </SectionCard>
  )
}

function Environment({ seen }: { seen: NetworkEnvironment }) {
  const texts = useTexts(overviewTexts)
  const { percent } = useNumbers()
  const health = healthOf(seen)
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text fw={600} size="sm">
          {texts.environments[seen.environment]}
        </Text>
        <Badge variant="light" color={COLORS[health]} radius="sm" tt="none">
          {texts.health[health]}
        </Badge>
      </Group>
      <Text size="sm">{texts.healthText[health]}</Text>
      {seen.success_ratio !== null && <Line name={texts.ratio} value={percent(seen.success_ratio / 100)} />}
      {seen.push_latency_ms !== null && (
        <Line name={texts.answer} value={durationText(seen.push_latency_ms.p50)} />
      )}
      {seen.prompt_to_verdict_ms !== null && (
        <Line name={texts.verdict} value={durationText(seen.prompt_to_verdict_ms.p50)} />
      )}
    </Stack>
  )
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="sm">{value}</Text>
    </Group>
  )
}

function healthOf({ breaker, sample }: NetworkEnvironment): Health {
  if (breaker === 'open') return 'down'
  if (breaker === 'half_open') return 'slow'
  return breaker === null || sample === 'too_little' ? 'unknown' : 'good'
}
