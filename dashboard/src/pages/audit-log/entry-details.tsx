// Of an entry: what a field was and became, and everything else that is known.
import { Table, Text } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import classes from './audit-log.module.css'
import { auditTexts } from './texts.ts'
import type { AuditEntry } from './use-audit-log.ts'

/** From → to, a row a field. */
export function ChangeTable({ changes }: { changes: AuditEntry['changes'] }) {
  const texts = useTexts(auditTexts)
  return (
    <Table withTableBorder verticalSpacing={4} fz="sm" layout="fixed" aria-label={texts.changed}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{texts.field}</Table.Th>
          <Table.Th>{texts.before}</Table.Th>
          <Table.Th>{texts.after}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map(({ field, from, to }) => (
          <Table.Tr key={field}>
            <Table.Th scope="row" fw={400}>
              {inWords(field)}
            </Table.Th>
            <Table.Td>
              <Value value={from} />
            </Table.Td>
            <Table.Td>
              <Value value={to} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** As a list of names and values. */
export function EntryDetails({ entry }: { entry: AuditEntry }) {
  const texts = useTexts(auditTexts)
  const rows: [string, AuditEntry['detail'][string]][] = [
    ...Object.entries(entry.detail).map(
      ([name, value]) => [inWords(name), value] satisfies [string, unknown],
    ),
    ...(entry.target === null ? [] : [['id', entry.target.id] satisfies [string, string]]),
    [texts.ip, entry.ip],
    [texts.device, entry.user_agent],
    [texts.number, entry.sequence],
    [texts.hash, entry.hash],
  ]
  return (
    <dl className={classes.details}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Value({ value }: { value: AuditEntry['detail'][string] }) {
  const texts = useTexts(auditTexts)
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
    return (
      <Text span inherit c="dimmed">
        {texts.nothing}
      </Text>
    )
  }
  return <>{Array.isArray(value) ? value.join(', ') : String(value)}</>
}

/** `rate_per_second` as people write it. */
function inWords(name: string): string {
  return name.replaceAll('_', ' ')
}
