// The phones of this page: which one is looked at, one more, one less.
import { PlusIcon, XMarkIcon } from '@heroicons/react/24/outline'
import { ActionIcon, Button, Group, Indicator, Popover, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTexts } from '../texts/language.tsx'
import { spokenNumber } from './phone-number.ts'
import { phoneTexts } from './texts.ts'
import type { Numbers } from './use-numbers.ts'
import type { WatchState } from './watch-state.ts'

const ICON_PX = 18

/** A button for each phone, with a dot where a prompt waits. */
export function PhoneTabs(props: Numbers & { phones: WatchState['phones'] }) {
  const { numbers, current, choose, add, remove, phones } = props
  const texts = useTexts(phoneTexts)
  return (
    <Group component="nav" gap="xs" justify="center" aria-label={texts.phones}>
      {numbers.map((number) => (
        <Group key={number} gap={0} wrap="nowrap">
          <Indicator disabled={!phones[number]?.prompt || number === current} processing color="orange">
            <Button
              size="compact-sm"
              variant={number === current ? 'filled' : 'default'}
              aria-pressed={number === current}
              onClick={() => choose(number)}
            >
              {spokenNumber(number)}
            </Button>
          </Indicator>
          {numbers.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => remove(number)}
              aria-label={texts.remove(spokenNumber(number))}
            >
              <XMarkIcon width={ICON_PX} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      <AddNumber add={add} />
    </Group>
  )
}

function AddNumber({ add }: { add: Numbers['add'] }) {
  const texts = useTexts(phoneTexts)
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const wrong = { form: texts.numberForm, test_number: texts.testNumber, too_many: texts.tooMany }
  function submit(event: FormEvent): void {
    event.preventDefault()
    const why = add(text)
    setError(why === null ? null : wrong[why])
    if (why !== null) return
    setText('')
    setOpen(false)
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withArrow width={280}>
      <Popover.Target>
        <ActionIcon variant="default" onClick={() => setOpen(!isOpen)} aria-label={texts.addNumber}>
          <PlusIcon width={ICON_PX} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="xs">
            <TextInput
              label={texts.addNumber}
              placeholder="0712 345 678"
              inputMode="tel"
              value={text}
              error={error}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit" size="sm">
              {texts.add}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
