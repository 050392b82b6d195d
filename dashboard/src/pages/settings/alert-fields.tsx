// One alert: whether it is sent, and from which point on.
import { NumberInput, SimpleGrid, Stack, Switch } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { useTexts } from '../../texts/language.tsx'
import type { AlertValues } from './alerts-section.tsx'
import { settingsTexts } from './texts.ts'

type AlertForm = UseFormReturnType<AlertValues>
type SwitchName =
  | 'alert_failures'
  | 'alert_endpoint_disabled'
  | 'alert_contradiction'
  | 'alert_credentials'
  | 'alert_test_side'
/** What the thresholds may be. */
export const THRESHOLD_BOUNDS = {
  alert_failures_percent: { min: 1, max: 100 },
  alert_failures_minutes: { min: 5, max: 1440 },
  alert_failures_payments_min: { min: 1, max: 10_000 },
} as const
/** One of them, by its name in the settings. */
export type ThresholdName = keyof typeof THRESHOLD_BOUNDS

/** A switch, with what belongs to it below. */
export function AlertSwitch(props: {
  form: AlertForm
  name: SwitchName
  label: string
  hint: string
  children?: ReactNode
}) {
  const { form, name, label, hint, children } = props
  return (
    <Stack gap="sm">
      <Switch label={label} description={hint} {...form.getInputProps(name, { type: 'checkbox' })} />
      {children}
    </Stack>
  )
}

/** When so many payments fail that somebody should look. */
export function FailureThresholds({ form }: { form: AlertForm }) {
  const texts = useTexts(settingsTexts)
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" pl={{ base: 0, xs: 46 }}>
      <Threshold form={form} name="alert_failures_percent" label={texts.percent} />
      <Threshold form={form} name="alert_failures_minutes" label={texts.minutes} />
      <Threshold form={form} name="alert_failures_payments_min" label={texts.payments} />
    </SimpleGrid>
  )
}

/** One that is emptied stays empty: what is typed next is all of it. */
function Threshold({ form, name, label }: { form: AlertForm; name: ThresholdName; label: string }) {
  const { onChange, ...field } = form.getInputProps(name)
  return (
    <NumberInput
      label={label}
      {...THRESHOLD_BOUNDS[name]}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      disabled={!form.values.alert_failures}
      {...field}
      onChange={(value) => onChange(value === '' ? '' : Number(value))}
    />
  )
}
