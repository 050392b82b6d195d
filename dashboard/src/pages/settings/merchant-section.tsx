// The merchant's name, time zone and language of mails.
import { Button, Group, NativeSelect, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { AccountProblem } from '../../accounts/account-problem.tsx'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { Section } from './section.tsx'
import { settingsTexts } from './texts.ts'
import type { MerchantSettings, SaveSettings } from './use-merchant-settings.ts'

const NAME_LENGTH_MAX = 80
const HOME = 'Africa/Nairobi'

/** `settings` as they are kept. */
export function MerchantSection({ settings, save }: { settings: MerchantSettings; save: SaveSettings }) {
  const texts = useTexts(settingsTexts)
  const { language } = useLanguage()
  const zones = useMemo(() => timeZones(settings.time_zone), [settings.time_zone])
  const { name, time_zone, language: mails } = settings
  const form = useForm({
    initialValues: { name, time_zone, language: mails },
    validate: { name: (text) => (text.trim() === '' ? texts.nameMissing : null) },
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async (values) => {
    await save({ ...values, name: values.name.trim() })
    notifications.show({ message: texts.saved })
  })
  const now = new Intl.DateTimeFormat(localeOf(language), {
    timeZone: form.values.time_zone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date())
  return (
    <Section title={texts.merchant} about={texts.merchantAbout}>
      <form onSubmit={onSubmit} noValidate>
        <Stack gap="md">
          <AccountProblem error={error} />
          <TextInput
            label={texts.name}
            name="organization"
            autoComplete="organization"
            maxLength={NAME_LENGTH_MAX}
            required
            withAsterisk={false}
            {...form.getInputProps('name')}
          />
          <Select
            label={texts.timeZone}
            description={texts.timeZoneHint(now)}
            data={zones}
            searchable
            allowDeselect={false}
            nothingFoundMessage={texts.timeZoneNone}
            {...form.getInputProps('time_zone')}
          />
          <NativeSelect
            label={texts.language}
            description={texts.languageHint}
            data={[
              { value: 'en', label: 'English' },
              { value: 'sw', label: 'Kiswahili' },
            ]}
            {...form.getInputProps('language')}
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

/** Every zone that this browser knows, with ours and the chosen one, which it may know by another name. */
function timeZones(chosen: string): string[] {
  const rest = Intl.supportedValuesOf('timeZone').filter((zone) => zone !== HOME && zone !== chosen)
  return [...new Set([HOME, chosen, ...rest])]
}
