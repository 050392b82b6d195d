// Text for a machine: a command, JSON, a sample. It scrolls by itself, never the page.
import { Box, Code } from '@mantine/core'
import { CopyButton } from './copy-button.tsx'

/** `code` with a button that copies it. `label` says what it is; one that `wraps` is a single long word. */
export function CodeBlock(props: {
  code: string
  label: string
  copy?: string
  maxHeight?: number
  wraps?: boolean
}) {
  const { code, label, copy = code, maxHeight, wraps = false } = props
  return (
    <Box pos="relative">
      <Code
        block
        // What scrolls must be reached by the keyboard.
        tabIndex={0}
        role="region"
        aria-label={label}
        pr={44}
        style={{
          overflow: 'auto',
          ...(wraps ? { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' } : { overflowWrap: 'normal' }),
          ...(maxHeight === undefined ? {} : { maxHeight }),
        }}
      >
        {code}
      </Code>
      <Box pos="absolute" top={6} right={6} bg="var(--mantine-color-default)" bdrs="sm">
        <CopyButton value={copy} label={label} />
      </Box>
    </Box>
  )
}
