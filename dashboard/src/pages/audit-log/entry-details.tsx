// Of an entry: what a field was and became, and everything else that is known.
import { Text, VisuallyHidden } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import classes from './audit-log.module.css'
import { auditTexts } from './texts.ts'
import type { AuditEntry } from './use-audit-log.ts'

/** From → to, a line a field. */
export function ChangeList({ changes }: { changes: AuditEntry['changes'] }) {
  const texts = useTexts(auditTexts)
  return (
    <ul className={classes.changes} aria-label={texts.changed}>
      {changes.map(({ field, from, to }) => (
        <li key={field}>
          <Text span inherit c="dimmed">
            {inWords(field)}:
          </Text>{' '}
          <VisuallyHidden>{texts.before} </VisuallyHidden>
          <Value value={from} /> <span aria-hidden>→</span> <VisuallyHidden>{texts.after} </VisuallyHidden>
          <Value value={to} />
        </li>
      ))}
    </ul>
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
