// Replaces credentials, and asks Daraja at once whether it takes them.
import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useFormAct } from '../../accounts/use-form-act.ts'
import { useApi } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { developerTexts } from '../../developer/texts.ts'
import { useTexts } from '../../texts/language.tsx'
import { useShortcodesChanged } from '../shortcodes/use-shortcodes.ts'
import {
  CredentialFields,
  type CredentialValues,
  credentialProblem,
  NO_CREDENTIALS,
} from './credential-fields.tsx'
import { shortcodeTexts } from './texts.ts'
import { VerifyProblem } from './verify-problem.tsx'

/** The form; what was typed is forgotten once it is saved. */
export function CredentialChange({ shortcode }: { shortcode: Shortcode }) {
  const texts = useTexts(shortcodeTexts)
  const { save } = useTexts(developerTexts)
  const api = useApi()
  const changed = useShortcodesChanged()
  const [said, setSaid] = useState('')
  const form = useForm<CredentialValues>({
    initialValues: NO_CREDENTIALS,
    validate: {
      consumer_key: (value, all) =>
        Object.values(all).every((each) => each.trim() === '')
          ? texts.nothing
          : credentialProblem('consumer_key', value, texts),
      consumer_secret: (value) => credentialProblem('consumer_secret', value, texts),
      passkey: (value) => credentialProblem('passkey', value, texts),
    },
    onValuesChange: () => setSaid(''),
  })
  const { onSubmit, isBusy, error } = useFormAct(form, async (values) => {
    const given = Object.entries(values).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, value.trim()] as const],
    )
    const path = `/v1/shortcodes/${shortcode.id}`
    await api.patch(path, Object.fromEntries(given))
    form.setValues(NO_CREDENTIALS)
    try {
      await api.post(`${path}/verify`)
      setSaid(texts.changedAndChecked)
    } finally {
      await changed()
    }
  })
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm" align="stretch">
        <Text size="sm" c="dimmed">
          {texts.changeText}
        </Text>
        <CredentialFields required={false} inputOf={(field) => form.getInputProps(field)} />
        {error !== null && <VerifyProblem error={error} />}
        <Button type="submit" variant="default" loading={isBusy} style={{ alignSelf: 'flex-start' }}>
          {save}
        </Button>
        <Text size="sm" role="status">
          {said}
        </Text>
      </Stack>
    </form>
  )
}
