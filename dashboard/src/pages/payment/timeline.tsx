// A payment's life, step by step, each with its time and what it rests on.
import {
  BellAlertIcon,
  ChatBubbleLeftRightIcon,
  CheckCircleIcon,
  DevicePhoneMobileIcon,
  DocumentTextIcon,
  ExclamationTriangleIcon,
  InboxArrowDownIcon,
  PaperAirplaneIcon,
  XCircleIcon,
} from '@heroicons/react/24/outline'
import { Badge, Group, Text } from '@mantine/core'
import type { ComponentType, SVGProps } from 'react'
import type { Payment, PaymentTrail, TrailStep } from '../../api/payments.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Disclosure } from '../../ui/disclosure.tsx'
import { durationText } from '../../ui/duration.ts'
import { resultLabel } from '../../ui/result-label.ts'
import { SectionCard } from '../../ui/section-card.tsx'
import { ExactTime } from '../../ui/time.tsx'
import { prettyJson } from './pretty-json.ts'
import classes from './timeline.module.css'
import { type ShownStep, type StepTone, stepsOf } from './timeline-steps.ts'
import { timelineTexts } from './timeline-texts.ts'

type Icon = ComponentType<SVGProps<SVGSVGElement>>

const ICONS: Readonly<Record<TrailStep['what'], Icon>> = {
  created: InboxArrowDownIcon,
  sent: PaperAirplaneIcon,
  prompted: DevicePhoneMobileIcon,
  event: BellAlertIcon,
  question: ChatBubbleLeftRightIcon,
  callback: InboxArrowDownIcon,
  statement: DocumentTextIcon,
}
const TONE_ICONS: Readonly<Record<StepTone, Icon | null>> = {
  plain: null,
  good: CheckCircleIcon,
  bad: XCircleIcon,
  doubt: ExclamationTriangleIcon,
}

/** The steps of a payment. */
export function Timeline({ trail }: { trail: PaymentTrail }) {
  const texts = useTexts(timelineTexts)
  return (
    <SectionCard title={texts.title} about={texts.about}>
      <ol className={classes.steps}>
        {stepsOf(trail).map((step) => (
          <Step key={step.key} step={step} payment={trail.payment} />
        ))}
      </ol>
    </SectionCard>
  )
}

function Step({ step, payment }: { step: ShownStep; payment: Payment }) {
  const texts = useTexts(timelineTexts)
  const StepIcon = TONE_ICONS[step.tone] ?? ICONS[step.what]
  const named =
    step.what === 'event' ? texts.events : step.what === 'callback' ? texts.callbacks : texts.steps
  return (
    <li className={classes.step}>
      <StepIcon className={classes.icon} data-tone={step.tone} aria-hidden />
      <Text fw={600} size="sm">
        {named[step.kind ?? step.what] ?? texts.steps[step.what] ?? step.what}
      </Text>
      <Group gap="xs">
        <ExactTime iso={step.at} size="xs" c="dimmed" />
        {step.sincePreviousMs !== null && step.sincePreviousMs > 0 && (
          <Text size="xs" c="dimmed">
            {texts.after(durationText(step.sincePreviousMs))}
          </Text>
        )}
      </Group>
      {step.detail !== null && <Text size="sm">{step.detail}</Text>}
      {step.isVerdict && <Evidence payment={payment} />}
      {step.callback !== null && (
        <>
          <Text size="sm">
            {step.callback.reason}
            {step.callback.ip !== null && ` (${texts.evidence.from} ${step.callback.ip})`}
          </Text>
          <Disclosure label={texts.body}>
            <CodeBlock code={prettyJson(step.callback.body)} label={texts.body} maxHeight={240} />
          </Disclosure>
        </>
      )}
    </li>
  )
}

function Evidence({ payment }: { payment: Payment }) {
  const texts = useTexts(timelineTexts)
  const { language } = useLanguage()
  const { evidence, result } = payment
  if (evidence === null) return null
  const checks = [
    [texts.evidence.token, evidence.token],
    [texts.evidence.ids, evidence.ids_match],
    [texts.evidence.amount, evidence.amount_match],
  ] as const
  return (
    <>
      <Text size="sm">
        {result !== null && `${resultLabel(result, language)} (${result.code}), `}
        {texts.sources[evidence.source] ?? evidence.source}
        {evidence.ip !== null && `, ${texts.evidence.from} ${evidence.ip}`}
      </Text>
      <Group gap={6} mt={4}>
        <Badge variant="light" color="green" radius="sm" tt="none">
          {texts.evidence[evidence.confidence]}
        </Badge>
        {checks.map(([name, isMatch]) =>
          isMatch === null ? null : (
            <Badge key={name} variant="default" radius="sm" tt="none">
              {isMatch ? `${name} ✓` : `${name}: ${texts.evidence.no}`}
            </Badge>
          ),
        )}
      </Group>
    </>
  )
}
