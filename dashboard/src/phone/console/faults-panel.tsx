// What shall go wrong, how often and how fast: every switch of the simulator, and a way to put all back.
import { Alert, Button, Group, SegmentedControl, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { LoadingRows, Unanswered } from '../../ui/states.tsx'
import {
  type Faults,
  type FaultValue,
  getSwitches,
  putFaults,
  putSpeed,
  SimulatorError,
} from '../simulator.ts'
import { FAULT_GROUPS, faultGroupTexts } from './fault-groups.ts'
import { FaultSwitch } from './fault-switch.tsx'
import { consoleTexts } from './texts.ts'

const SPEEDS = [1, 5, 20, 100]

type Settings = { faults: Faults; speed: number }

/** `settings` is null until the simulator has told of them. */
export function FaultsPanel({ settings }: { settings: Settings | null }) {
  const switches = useQuery({
    queryKey: ['switches'],
    queryFn: getSwitches,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { problem, attempt } = useAttempt()
  const waiting = <LoadingRows rows={10} height={64} />
  if (switches.data === undefined) return <Unanswered query={switches} waiting={waiting} />
  if (settings === null) return waiting
  const { faults } = settings
  const { rules, defaults } = switches.data
  const changed = Object.keys(faults).filter((name) => faults[name] !== defaults[name])
  const set = (name: string, value: FaultValue): void => attempt(putFaults({ ...faults, [name]: value }))
  return (
    <Stack gap="xl">
      <Top speed={settings.speed} changed={changed.length} attempt={attempt} />
      {problem !== null && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      {FAULT_GROUPS.map((group) => (
        <SwitchGroup key={group.key} group={group} {...{ rules, faults, defaults, set }} />
      ))}
    </Stack>
  )
}

function Top(props: { speed: number; changed: number; attempt(doing: Promise<unknown>): void }) {
  const { speed, changed, attempt } = props
  const texts = useTexts(consoleTexts)
  const speeds = SPEEDS.includes(speed) ? SPEEDS : [...SPEEDS, speed].sort((a, b) => a - b)
  return (
    <Group justify="space-between" align="flex-end">
      <div>
        <Text size="sm" fw={600} id="speed-label">
          {texts.speed}
        </Text>
        <Text size="sm" c="dimmed" mb={4}>
          {texts.speedAbout}
        </Text>
        <SegmentedControl
          aria-labelledby="speed-label"
          value={String(speed)}
          onChange={(value) => attempt(putSpeed(Number(value)))}
          data={speeds.map((each) => ({ value: String(each), label: `${each}×` }))}
        />
      </div>
      <Stack gap={4} align="flex-end">
        <Text size="sm" c="dimmed" role="status">
          {changed === 0 ? texts.allOff : texts.changed(changed)}
        </Text>
        <Button variant="default" disabled={changed === 0} onClick={() => attempt(putFaults({}))}>
          {texts.reset}
        </Button>
      </Stack>
    </Group>
  )
}

function SwitchGroup(props: {
  group: (typeof FAULT_GROUPS)[number]
  rules: Parameters<typeof FaultSwitch>[0]['rules']
  faults: Faults
  defaults: Faults
  set(name: string, value: FaultValue): void
}) {
  const { group, rules, faults, defaults, set } = props
  const texts = useTexts(faultGroupTexts)[group.key]
  return (
    <section>
      <Title order={2} size="h4">
        {texts.title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {texts.about}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        {group.names.map((name) => (
          <FaultSwitch
            key={name}
            name={name}
            rules={rules}
            value={faults[name] ?? 0}
            isSet={faults[name] !== defaults[name]}
            set={(value) => set(name, value)}
          />
        ))}
      </SimpleGrid>
    </section>
  )
}

/** Does something, and says why not: the simulator names the switch that it refuses. */
function useAttempt() {
  const texts = useTexts(consoleTexts)
  const [problem, setProblem] = useState<string | null>(null)
  function attempt(doing: Promise<unknown>): void {
    setProblem(null)
    doing.catch((error: unknown) => {
      const isAway = !(error instanceof SimulatorError) || error.message === 'no_answer'
      setProblem(isAway ? texts.noAnswer : error.message)
    })
  }
  return { problem, attempt }
}
