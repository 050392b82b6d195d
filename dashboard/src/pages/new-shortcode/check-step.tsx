// The credentials are kept and shown to Daraja; refused ones can be mended on the spot.
import { Alert, Anchor, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { isProblem } from '../../api/problem.ts'
import { useApi } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { shortcodeTexts } from '../shortcode/texts.ts'
import { VerifyProblem } from '../shortcode/verify-problem.tsx'
import { useShortcodesChanged } from '../shortcodes/use-shortcodes.ts'
import { FormStep } from './form-step.tsx'
import type { ShortcodeWish } from './shortcode-wish.ts'
import { newShortcodeTexts } from './texts.ts'

/** `shortcode` once it was added, though it may have been refused. */
export function CheckStep(props: {
  form: UseFormReturnType<ShortcodeWish>
  shortcode: Shortcode | null
  children: ReactNode
  onAdded(shortcode: Shortcode): void
  onGood(shortcode: Shortcode): void
  onBack: (() => void) | null
}) {
  const texts = useTexts(newShortcodeTexts)
  const api = useApi()
  const changed = useShortcodesChanged()
  const { form, shortcode, onAdded, onGood } = props

  async function keep(wish: ShortcodeWish): Promise<Shortcode> {
    const credentials = {
      consumer_key: wish.consumer_key.trim(),
      consumer_secret: wish.consumer_secret.trim(),
      passkey: wish.passkey.trim(),
    }
    if (shortcode !== null) return api.patch<Shortcode>(`/v1/shortcodes/${shortcode.id}`, credentials)
    const { environment, kind, number, till_number: till } = wish
    return api.post<Shortcode>('/v1/shortcodes', {
      ...{ environment, kind, number: number.trim() },
      ...(kind === 'till' ? { till_number: till.trim() } : {}),
      ...credentials,
    })
  }

  async function act(wish: ShortcodeWish): Promise<void> {
    const kept = await keep(wish)
    onAdded(kept)
    try {
      const verified = await api.post<Shortcode>(`/v1/shortcodes/${kept.id}/verify`)
      form.setValues({ consumer_key: '', consumer_secret: '', passkey: '' })
      onGood(verified)
    } finally {
      await changed()
    }
  }

  return (
    <FormStep
      form={form}
      act={shortcode === null ? texts.addAndCheck : texts.checkAgain}
      onValid={act}
      onBack={props.onBack}
      problem={(error) => <CheckProblem error={error} />}
    >
      {shortcode !== null && (
        <Alert color="orange" variant="light" p="xs">
          <Text size="sm">{texts.refused}</Text>
        </Alert>
      )}
      {props.children}
    </FormStep>
  )
}

function CheckProblem({ error }: { error: unknown }) {
  const texts = useTexts(newShortcodeTexts)
  const shared = useTexts(shortcodeTexts)
  if (!isProblem(error, 'duplicate_shortcode')) return <VerifyProblem error={error} />
  return (
    <Alert color="red" variant="light" role="alert">
      <Text size="sm">{texts.duplicate}</Text>
      <Anchor size="sm" renderRoot={(props) => <Link to="/shortcodes" {...props} />}>
        {shared.all}
      </Anchor>
    </Alert>
  )
}
