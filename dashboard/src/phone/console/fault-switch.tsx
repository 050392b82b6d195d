// One switch: a slider for a share, a field for a number, a toggle, or a choice; with what it does.
import { Group, NativeSelect, NumberInput, Slider, Stack, Switch, Text } from '@mantine/core'
import { useEffect, useId, useState } from 'react'
import { useTexts } from '../../texts/language.tsx'
import type { FaultRule, FaultValue } from '../simulator.ts'
import { faultTexts } from './fault-texts.ts'
import { consoleTexts } from './texts.ts'

const PERCENT = 100
/** A number is sent this long after its last digit. */
const TYPING_MS = 500

type Props = {
  name: string
  rules: Record<string, FaultRule>
  value: FaultValue
  isSet: boolean
  set(value: FaultValue): void
}

/** `isSet` when it is not at its default. */
export function FaultSwitch(props: Props) {
  const { name, rules, isSet } = props
  const texts = useTexts(faultTexts)[name]
  const id = useId()
  const rule = rules[name]
  if (rule === undefined) return null
  return (
    <Stack gap={4}>
      <Text size="sm" fw={isSet ? 700 : 500} id={`${id}-label`}>
        {texts?.label ?? name}
      </Text>
      <Text size="xs" c="dimmed" id={`${id}-about`}>
        {texts?.about}
      </Text>
      <Control {...props} rule={rule} id={id} label={texts?.label ?? name} />
    </Stack>
  )
}

function Control(props: Props & { rule: FaultRule; id: string; label: string }) {
  const { rule, value, set, id, label, name } = props
  const described = { 'aria-describedby': `${id}-about`, 'aria-labelledby': `${id}-label` }
  switch (rule.kind) {
    case 'share':
      return <Share value={Number(value)} set={set} label={label} describedBy={`${id}-about`} />
    case 'integer':
      return <Whole {...props} rule={rule} isDelay={name.endsWith('Ms')} described={described} />
    case 'flag':
      return (
        <Switch
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
          {...described}
        />
      )
    case 'choice':
      return (
        <NativeSelect
          size="xs"
          value={String(value)}
          data={[...rule.choices]}
          onChange={(event) => set(event.currentTarget.value)}
          {...described}
        />
      )
  }
}

/** Sent when the slider is let go. */
function Share(props: { value: number; label: string; describedBy: string; set(value: number): void }) {
  const { value, label, set } = props
  const [percent, setPercent] = useFollowed(Math.round(value * PERCENT))
  return (
    <Group gap="sm" wrap="nowrap">
      <Slider
        flex={1}
        size="sm"
        thumbSize={24}
        label={null}
        value={percent}
        onChange={setPercent}
        onChangeEnd={(next) => set(next / PERCENT)}
        thumbLabel={label}
      />
      <Text size="sm" w="3.2em" ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {percent} %
      </Text>
    </Group>
  )
}

function Whole(props: {
  value: FaultValue
  rule: { min: number; max: number }
  isDelay: boolean
  described: Record<string, string>
  set(value: number): void
}) {
  const { rule, isDelay, described, set } = props
  const texts = useTexts(consoleTexts)
  const [typed, setTyped] = useFollowed<number | string>(Number(props.value))
  const isNew = typeof typed === 'number' && typed !== Number(props.value)
  useEffect(() => {
    if (!isNew || typeof typed !== 'number') return
    const timer = setTimeout(() => set(typed), TYPING_MS)
    return () => clearTimeout(timer)
  }, [isNew, typed, set])
  return (
    <NumberInput
      size="xs"
      value={typed}
      min={rule.min}
      max={rule.max}
      clampBehavior="strict"
      allowDecimal={false}
      thousandSeparator=","
      suffix={isDelay ? ` ${texts.milliseconds}` : ''}
      onChange={setTyped}
      {...described}
    />
  )
}

/** A value of one's own that follows the given one whenever that changes. */
function useFollowed<T>(given: T): [T, (value: T) => void] {
  const [own, setOwn] = useState({ given, value: given })
  if (own.given !== given) setOwn({ given, value: given })
  return [own.given === given ? own.value : given, (value) => setOwn({ given, value })]
}
