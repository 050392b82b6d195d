// The pushes: those whose prompt is up now, with every way to answer, and what really happened to the others.
import { Badge, Box, Card, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { moneyText } from '../../ui/money.tsx'
import { EmptyState, LoadingRows } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { spokenNumber } from '../phone-number.ts'
import type { LedgerEntry } from '../simulator.ts'
import type { WatchState } from '../watch-state.ts'
import { OpenPrompts } from './open-prompts.tsx'
import { answerText, resultText } from './result-texts.ts'
import { consoleTexts } from './texts.ts'

const PAID = '0'

/** Live: both parts follow the simulator. */
export function LedgerPanel({ watched }: { watched: WatchState }) {
  const texts = useTexts(consoleTexts)
  const { entries, count } = watched
  if (entries === null) return <LoadingRows rows={8} />
  if (entries.length === 0) return <EmptyState title={texts.noPushes} text={texts.noPushesText} />
  return (
    <Stack gap="lg">
      <OpenPrompts entries={entries.filter(isOpen)} phones={watched.phones} />
      <div>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h4">
            {texts.whatHappened}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.shown(entries.length, count)}
          </Text>
        </Group>
        <Card withBorder padding={0}>
          <Box style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={texts.whatHappened}>
            <LedgerTable entries={entries} />
          </Box>
        </Card>
      </div>
    </Stack>
  )
}

/** A prompt that somebody could answer. */
const isOpen = (entry: LedgerEntry): boolean =>
  entry.promptShown && entry.endedAtMs === null && entry.checkoutRequestId !== null

function LedgerTable({ entries }: { entries: readonly LedgerEntry[] }) {
  const texts = useTexts(consoleTexts)
  return (
    <Table highlightOnHover verticalSpacing="xs" miw={680}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{texts.time}</Table.Th>
          <Table.Th scope="col">{texts.phone}</Table.Th>
          <Table.Th scope="col">{texts.amount}</Table.Th>
          <Table.Th scope="col">{texts.result}</Table.Th>
          <Table.Th scope="col">{texts.told}</Table.Th>
          <Table.Th scope="col">{texts.callbacks}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <LedgerRow key={entry.sequence} entry={entry} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function LedgerRow({ entry }: { entry: LedgerEntry }) {
  const texts = useTexts(consoleTexts)
  const { language } = useLanguage()
  return (
    <Table.Tr>
      <Table.Td>
        <Time iso={new Date(entry.pushedAtMs).toISOString()} size="sm" />
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          {spokenNumber(entry.phone)}
        </Text>
        <Text size="xs" c="dimmed">
          {entry.reference}
        </Text>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{moneyText(entry.amountKes, language)}</Table.Td>
      <Table.Td>
        <Result entry={entry} />
      </Table.Td>
      <Table.Td>
        <Text size="sm">{answerText(entry.answer, language)}</Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{texts.callbackCount(entry.callbacksAnswered, entry.callbacksAttempted)}</Text>
        <Text size="xs" c="dimmed">
          {texts.queryCount(entry.queries)}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

function Result({ entry }: { entry: LedgerEntry }) {
  const texts = useTexts(consoleTexts)
  const { language } = useLanguage()
  const { resultCode } = entry
  if (resultCode === null) {
    const isRefused = entry.checkoutRequestId === null
    return (
      <Badge color={isRefused ? 'gray' : 'blue'} variant="light" tt="none" radius="sm">
        {isRefused ? texts.notBegun : texts.waiting}
      </Badge>
    )
  }
  const isPaid = resultCode === PAID
  return (
    <>
      <Badge color={isPaid ? 'green' : 'red'} variant="light" tt="none" radius="sm">
        {isPaid ? texts.paid : resultCode}
      </Badge>
      <Text size="xs" c="dimmed">
        {entry.receipt ?? resultText(resultCode, language)}
      </Text>
    </>
  )
}
