// The first step: where it is, what it is, and its number or numbers.
import { Radio, Stack, Text, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useGround } from '../../api/side.tsx'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { environmentsOf, type ShortcodeWish } from './shortcode-wish.ts'
import { newShortcodeTexts } from './texts.ts'

/** The fields of the step. */
export function NumberStep({ form }: { form: UseFormReturnType<ShortcodeWish> }) {
  const texts = useTexts(newShortcodeTexts)
  const { environments, kinds } = useTexts(developerTexts)
  const { mode } = useGround()
  const { kind } = form.getValues()
  const isTill = kind === 'till'
  return (
    <Stack>
      <Radio.Group label={texts.where} {...form.getInputProps('environment')}>
        <Stack gap="xs" mt="xs">
          {environmentsOf(mode).map((each) => (
            <Radio key={each} value={each} label={environments[each]} description={texts.whereHints[each]} />
          ))}
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {mode === 'live' ? texts.wrongSideLive : texts.wrongSide}
      </Text>
      <Radio.Group label={texts.kind} {...form.getInputProps('kind')}>
        <Stack gap="xs" mt="xs">
          {(['paybill', 'till'] as const).map((each) => (
            <Radio key={each} value={each} label={kinds[each]} description={texts.kindHints[each]} />
          ))}
        </Stack>
      </Radio.Group>
      <TextInput
        label={isTill ? texts.store : texts.paybill}
        {...(isTill ? { description: texts.storeHint } : {})}
        inputMode="numeric"
        required
        autoComplete="off"
        maxLength={12}
        {...form.getInputProps('number')}
      />
      {isTill && (
        <TextInput
          label={texts.till}
          description={texts.tillHint}
          inputMode="numeric"
          required
          autoComplete="off"
          maxLength={12}
          {...form.getInputProps('till_number')}
        />
      )}
    </Stack>
  )
}
