// Adds a paybill or till step by step: number, credentials, Daraja's word, a shilling.
import { Anchor, Card, Stack, Stepper } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useGround } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ForbiddenState } from '../../ui/states.tsx'
import { shortcodeTexts } from '../shortcode/texts.ts'
import { CheckStep } from './check-step.tsx'
import { FormStep } from './form-step.tsx'
import { KeysStep } from './keys-step.tsx'
import { NumberStep } from './number-step.tsx'
import { PushStep } from './push-step.tsx'
import { credentialErrors, emptyWish, numberErrors, type ShortcodeWish } from './shortcode-wish.ts'
import { newShortcodeTexts } from './texts.ts'

/** The four steps. */
export function NewShortcodePage() {
  const texts = useTexts(newShortcodeTexts)
  const shared = useTexts(shortcodeTexts)
  const { may } = useGround()
  return (
    <Stack gap="xs">
      <Anchor size="sm" renderRoot={(props) => <Link to="/shortcodes" {...props} />}>
        ← {shared.all}
      </Anchor>
      <PageHeader title={texts.title} {...(may('shortcodes') ? { about: texts.about } : {})} />
      {may('shortcodes') ? <Steps /> : <ForbiddenState />}
    </Stack>
  )
}

const STEPS = ['number', 'keys', 'check', 'push'] as const

function Steps() {
  const texts = useTexts(newShortcodeTexts)
  const shared = useTexts(shortcodeTexts)
  const { mode } = useGround()
  const [step, setStep] = useState(0)
  const [added, setAdded] = useState<Shortcode | null>(null)
  const finish = useCallback(() => setStep(STEPS.length), [])
  const form = useForm<ShortcodeWish>({
    initialValues: emptyWish(mode),
    validate: (wish) => (step === 0 ? numberErrors(wish, texts) : credentialErrors(wish, texts, shared)),
  })
  return (
    <Stack>
      <Stepper
        active={step}
        onStepClick={(to) => added === null && to < step && setStep(to)}
        size="xs"
        wrap
        allowNextStepsSelect={false}
      >
        {STEPS.map((each) => (
          <Stepper.Step key={each} label={texts.steps[each]} />
        ))}
      </Stepper>
      <Card withBorder maw={640}>
        {step === 0 && (
          <FormStep form={form} onValid={async () => setStep(1)}>
            <NumberStep form={form} />
          </FormStep>
        )}
        {step === 1 && (
          <CheckStep
            form={form}
            shortcode={added}
            onAdded={setAdded}
            onBack={added === null ? () => setStep(0) : null}
            onGood={(shortcode) => {
              setAdded(shortcode)
              setStep(3)
            }}
          >
            <KeysStep form={form} />
          </CheckStep>
        )}
        {step >= 3 && added !== null && <PushStep shortcode={added} onPaid={finish} />}
      </Card>
    </Stack>
  )
}
