// A payment's status: a word, and a colour beside it for those who see it.
import { Badge } from '@mantine/core'
import { useTexts } from '../texts/language.tsx'
import { uiTexts } from './texts.ts'

const COLORS: Readonly<Record<string, string>> = {
  succeeded: 'green',
  failed: 'red',
  uncertain: 'orange',
  pending: 'blue',
  sending: 'blue',
  queued: 'gray',
}

/** The status of a payment. */
export function StatusBadge({ status }: { status: string }) {
  const texts = useTexts(uiTexts)
  return (
    <Badge variant="light" color={COLORS[status] ?? 'gray'} radius="sm" tt="none">
      {texts.status[status] ?? status}
    </Badge>
  )
}
