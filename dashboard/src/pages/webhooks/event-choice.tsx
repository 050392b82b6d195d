// Which events an endpoint is told of: everything, or some.
import { Checkbox, Input, Radio, Stack } from '@mantine/core'
import { useTexts } from '../../texts/language.tsx'
import { eventTypesOf } from './event-types.ts'
import { webhooksTexts } from './texts.ts'

/** What nobody can do without. */
const VERDICTS = ['payment.succeeded', 'payment.failed']

/** `value` null: everything. */
export function EventChoice(props: {
  format: 'event' | 'daraja'
  value: string[] | null
  error?: React.ReactNode
  onChange(types: string[] | null): void
}) {
  const texts = useTexts(webhooksTexts)
  const { format, value, onChange } = props
  const types = eventTypesOf(format)
  return (
    <Stack gap="xs">
      <Radio.Group
        label={texts.events}
        value={value === null ? 'all' : 'some'}
        onChange={(choice) => onChange(choice === 'all' ? null : [...VERDICTS])}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={texts.allEvents} />
          <Radio value="some" label={texts.someEvents} />
        </Stack>
      </Radio.Group>
      {value !== null && (
        <Checkbox.Group aria-label={texts.someEvents} value={value} onChange={onChange}>
          <Stack gap="xs" pl="xl">
            {types.map((type) => (
              <Checkbox key={type} value={type} label={texts.eventTexts[type] ?? type} description={type} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      {props.error !== undefined && props.error !== null && <Input.Error>{props.error}</Input.Error>}
    </Stack>
  )
}
