// Alerts by mail: to whom, about what, and from which point on.
import { Alert, Button, Divider, Group, Stack, TagsInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { emailProblem } from '../../accounts/field-problems.ts'
import { accountTexts } from '../../accounts/texts.ts'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useTexts } from '../../texts/language.tsx'
import { AlertSwitch, FailureThresholds, THRESHOLD_BOUNDS, type ThresholdName } from './alert-fields.tsx'
import { Section } from './section.tsx'
import { settingsTexts } from './texts.ts'
import type { MerchantSettings, SaveSettings } from './use-merchant-settings.ts'

const RECIPIENTS_MAX = 20

/** What of the settings this form changes; a threshold is empty while it is typed anew. */
export type AlertValues = Pick<
  MerchantSettings,
  | 'alert_emails'
  | 'alert_failures'
  | 'alert_endpoint_disabled'
  | 'alert_contradiction'
  | 'alert_credentials'
  | 'alert_test_side'
> &
  Record<ThresholdName, number | ''>

/** `settings` as they are kept. */
export function AlertsSection({ settings, save }: { settings: MerchantSettings; save: SaveSettings }) {
  const texts = useTexts(settingsTexts)
  const shared = useTexts(accountTexts)
  const form = useForm<AlertValues>({
    initialValues: alertValues(settings),
    validate: {
      alert_emails: (emails) => {
        const wrong = emails.find((email) => emailProblem(email, shared) !== null)
        return wrong === undefined ? null : texts.recipientWrong(wrong)
      },
      ...thresholdRules(texts.thresholdWrong),
    },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async (values) => {
    await save(changesOf(values))
    notifications.show({ message: texts.saved })
  })
  const isNobody = form.values.alert_emails.length === 0
  return (
    <Section title={texts.alerts} about={texts.alertsAbout}>
      {!settings.mail && (
        <Alert color="orange" variant="light">
          {texts.noMail}
        </Alert>
      )}
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="lg">
          <AccountProblem error={error} />
          <TagsInput
            label={texts.recipients}
            description={isNobody ? `${texts.recipientsHint} ${texts.recipientsNone}` : texts.recipientsHint}
            type="email"
            inputMode="email"
            maxTags={RECIPIENTS_MAX}
            splitChars={[',', ';', ' ']}
            {...form.getInputProps('alert_emails')}
          />
          <AlertSwitch form={form} name="alert_failures" label={texts.failures} hint={texts.failuresHint}>
            <FailureThresholds form={form} />
          </AlertSwitch>
          <AlertSwitch
            form={form}
            name="alert_endpoint_disabled"
            label={texts.endpoint}
            hint={texts.endpointHint}
          />
          <AlertSwitch
            form={form}
            name="alert_contradiction"
            label={texts.contradiction}
            hint={texts.contradictionHint}
          />
          <AlertSwitch
            form={form}
            name="alert_credentials"
            label={texts.credentials}
            hint={texts.credentialsHint}
          />
          <Divider />
          <AlertSwitch form={form} name="alert_test_side" label={texts.testSide} hint={texts.testSideHint} />
          <Group>
            <Button type="submit" loading={isBusy}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

/** They matter while the alert is on. */
function thresholdRules(textOf: (min: number, max: number) => string) {
  const rule = (name: ThresholdName) => (value: number | '', values: AlertValues) => {
    const { min, max } = THRESHOLD_BOUNDS[name]
    const isFine = !values.alert_failures || (value !== '' && value >= min && value <= max)
    return isFine ? null : textOf(min, max)
  }
  return {
    alert_failures_percent: rule('alert_failures_percent'),
    alert_failures_minutes: rule('alert_failures_minutes'),
    alert_failures_payments_min: rule('alert_failures_payments_min'),
  }
}

/** A threshold that was emptied and then switched off stays as it is kept. */
function changesOf(values: AlertValues): Partial<MerchantSettings> {
  const {
    alert_failures_percent: percent,
    alert_failures_minutes: minutes,
    alert_failures_payments_min: payments,
    ...others
  } = values
  return {
    ...others,
    ...(percent !== '' && { alert_failures_percent: percent }),
    ...(minutes !== '' && { alert_failures_minutes: minutes }),
    ...(payments !== '' && { alert_failures_payments_min: payments }),
  }
}

function alertValues(settings: MerchantSettings): AlertValues {
  return {
    alert_emails: settings.alert_emails,
    alert_failures: settings.alert_failures,
    alert_failures_percent: settings.alert_failures_percent,
    alert_failures_minutes: settings.alert_failures_minutes,
    alert_failures_payments_min: settings.alert_failures_payments_min,
    alert_endpoint_disabled: settings.alert_endpoint_disabled,
    alert_contradiction: settings.alert_contradiction,
    alert_credentials: settings.alert_credentials,
    alert_test_side: settings.alert_test_side,
  }
}
