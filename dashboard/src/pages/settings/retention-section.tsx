// How long the phone numbers of customers are kept.
import { Button, Group, NumberInput, Radio, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useTexts } from '../../texts/language.tsx'
import { Section } from './section.tsx'
import { settingsTexts } from './texts.ts'
import type { MerchantSettings, SaveSettings } from './use-merchant-settings.ts'

const DAYS_MIN = 7
const DAYS_MAX = 3650
/** What is offered to somebody who has chosen none yet: a year. */
const DAYS_OFFERED = 365

type Choice = 'keep' | 'erase'

/** `settings` as they are kept. */
export function RetentionSection({ settings, save }: { settings: MerchantSettings; save: SaveSettings }) {
  const texts = useTexts(settingsTexts)
  const kept = settings.phone_retention_days
  const form = useForm<{ choice: Choice; phone_retention_days: number | string }>({
    initialValues: { choice: kept === null ? 'keep' : 'erase', phone_retention_days: kept ?? DAYS_OFFERED },
    validate: {
      phone_retention_days: (days, { choice }) =>
        choice === 'erase' && !isDays(days) ? texts.daysWrong : null,
    },
  })
  const isErasing = form.values.choice === 'erase'
  const { onSubmit, isBusy, error } = useFormAct(form, async ({ choice, phone_retention_days: days }) => {
    await save({ phone_retention_days: choice === 'keep' ? null : Number(days) })
    notifications.show({ message: texts.saved })
  })
  return (
    <Section title={texts.retention} about={texts.retentionAbout}>
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <AccountProblem error={error} />
          <Radio.Group aria-label={texts.retention} {...form.getInputProps('choice')}>
            <Stack gap="sm">
              <Radio value="keep" label={texts.keep} description={texts.keepHint} />
              <Radio value="erase" label={texts.erase} description={texts.eraseHint} />
            </Stack>
          </Radio.Group>
          <NumberInput
            label={texts.days}
            maw="16rem"
            min={DAYS_MIN}
            max={DAYS_MAX}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            disabled={!isErasing}
            {...form.getInputProps('phone_retention_days')}
          />
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

function isDays(days: number | string): boolean {
  const count = Number(days)
  return Number.isInteger(count) && count >= DAYS_MIN && count <= DAYS_MAX
}
