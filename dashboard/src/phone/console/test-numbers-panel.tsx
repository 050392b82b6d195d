// Numbers that answer by themselves, each in a way of its own.
import { Card, Group, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTexts } from '../../texts/language.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LoadingRows, Unanswered } from '../../ui/states.tsx'
import { getTestNumbers } from '../simulator.ts'
import { testNumberKey, testNumberTexts } from './test-number-texts.ts'
import { consoleTexts } from './texts.ts'

/** They never change while the simulator runs. */
export function TestNumbersPanel() {
  const texts = useTexts(consoleTexts)
  const numbers = useQuery({
    queryKey: ['test-numbers'],
    queryFn: getTestNumbers,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (numbers.data === undefined) return <Unanswered query={numbers} waiting={<LoadingRows rows={8} />} />
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {texts.testNumbersAbout}
      </Text>
      <Card withBorder padding={0}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{texts.phone}</Table.Th>
              <Table.Th scope="col">{texts.whatHappens}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {numbers.data.map((number) => (
              <TestNumber key={number} number={number} />
            ))}
          </Table.Tbody>
        </Table>
      </Card>
    </>
  )
}

function TestNumber({ number }: { number: string }) {
  const texts = useTexts(testNumberTexts)
  return (
    <Table.Tr>
      <Table.Td style={{ verticalAlign: 'top' }}>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
            {number}
          </Text>
          <CopyButton value={number} label={number} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{texts[testNumberKey(number)] ?? '–'}</Text>
      </Table.Td>
    </Table.Tr>
  )
}
