// Whether Daraja takes a shortcode's credentials: a word, and a colour beside it.
import { Badge } from '@mantine/core'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { shortcodesTexts } from './texts.ts'

const COLORS = { accepted: 'green', refused: 'red', unproven: 'orange' } as const

/** Accepted, refused, or not checked; off when the shortcode is. */
export function CredentialBadge({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodesTexts)
  const { status } = shortcode.credentials
  const isOff = shortcode.status === 'disabled'
  return (
    <Badge variant="light" color={isOff ? 'gray' : COLORS[status]} tt="none" radius="sm">
      {isOff ? texts.disabled : texts.credentials[status]}
    </Badge>
  )
}
