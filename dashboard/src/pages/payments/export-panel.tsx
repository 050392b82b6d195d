// How the export of payments is going, from its start until somebody closes it.
import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { useProblemText } from '../../ui/states.tsx'
import { exportTexts } from './export-texts.ts'
import type { ExportState } from './use-export.ts'

/** The panel; nothing while no export was asked for. */
export function ExportPanel(props: { state: ExportState; onStop(): void; onClose(): void }) {
  const texts = useTexts(exportTexts)
  const { language } = useLanguage()
  const { state, onStop, onClose } = props
  const number = (value: number) => new Intl.NumberFormat(localeOf(language)).format(value)
  if (state.kind === 'idle') return null
  if (state.kind === 'running') {
    const { rows, expected } = state
    const percent = expected === null ? 100 : Math.min(99, Math.round((rows / expected) * 100))
    return (
      <Alert color="blue" variant="light" mb="md">
        <Stack gap="xs">
          <Group justify="space-between">
            <Text size="sm">{texts.running(number(rows), expected === null ? null : number(expected))}</Text>
            <Button size="xs" variant="default" onClick={onStop}>
              {texts.stop}
            </Button>
          </Group>
          <Progress value={percent} animated={expected === null} aria-label={texts.progress} />
        </Stack>
      </Alert>
    )
  }
  return <ExportEnd state={state} rows={number(state.rows)} onClose={onClose} />
}

function ExportEnd(props: {
  state: Exclude<ExportState, { kind: 'idle' } | { kind: 'running' }>
  rows: string
  onClose(): void
}) {
  const texts = useTexts(exportTexts)
  const { state, rows, onClose } = props
  const reason = useProblemText(state.kind === 'failed' ? state.error : null)
  const title = { done: texts.done(rows), cancelled: texts.cancelled, failed: texts.failed }[state.kind]
  const color = { done: 'green', cancelled: 'gray', failed: 'red' }[state.kind]
  return (
    <Alert
      color={color}
      variant="light"
      mb="md"
      title={title}
      withCloseButton
      closeButtonLabel={texts.close}
      onClose={onClose}
      role={state.kind === 'failed' ? 'alert' : 'status'}
    >
      {state.kind === 'failed' && (
        <Text size="sm">
          {texts.failedText(rows)} {reason}
        </Text>
      )}
    </Alert>
  )
}
