// How an endpoint is: a word, and a colour beside it.
import { Badge } from '@mantine/core'
import type { Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { webhooksTexts } from './texts.ts'

/** Healthy, failing or off. */
export function EndpointHealth({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhooksTexts)
  const { status, failing_since: failingSince } = endpoint
  const [color, text] =
    status === 'disabled'
      ? ['gray', texts.off]
      : failingSince === null
        ? ['green', texts.healthy]
        : ['red', texts.failing]
  return (
    <Badge variant="light" color={color} tt="none" radius="sm">
      {text}
    </Badge>
  )
}
