// The first minute of a new merchant: key, payment, phone, webhook.
import { Alert, Anchor, Button, Progress, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useGround } from '../../api/side.tsx'
import { CodeTabs } from '../../developer/code-tabs.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, Unanswered } from '../../ui/states.tsx'
import { KeyStep } from './key-step.tsx'
import { paymentSamples } from './payment-samples.ts'
import { PhoneFrame } from './phone-frame.tsx'
import { ShortcodeNotice } from './shortcode-notice.tsx'
import { StepCard } from './step-card.tsx'
import { startTexts } from './texts.ts'
import { type FirstMinute, useFirstMinute } from './use-first-minute.ts'
import { WebhookStep } from './webhook-step.tsx'

/** The number of the virtual phone of this page. */
const PHONE = '254712345678'
const STEPS = 4
const PERCENT = 100

/** The steps, in test mode, for those who may make keys. */
export function StartPage() {
  const texts = useTexts(startTexts)
  const { may, mode, setMode } = useGround()
  if (!may('keys')) {
    return (
      <>
        <PageHeader title={texts.title} />
        <ForbiddenState />
      </>
    )
  }
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      {mode === 'live' ? (
        <EmptyState
          title={texts.liveTitle}
          text={texts.liveText}
          action={<Button onClick={() => setMode('test')}>{texts.toTest}</Button>}
        />
      ) : (
        <Minute />
      )}
    </>
  )
}

function Minute() {
  const minute = useFirstMinute()
  if (minute.data === undefined) return <Unanswered query={minute} waiting={<LoadingSteps />} />
  return <Steps minute={minute.data} />
}

function LoadingSteps() {
  return (
    <Stack>
      <Skeleton height={24} />
      <Skeleton height={220} />
      <Skeleton height={260} />
      <Skeleton height={780} />
      <Skeleton height={260} />
    </Stack>
  )
}

function Steps({ minute }: { minute: FirstMinute }) {
  const texts = useTexts(startTexts)
  const [secret, setSecret] = useState('')
  const { key, sent, paid, isReceived } = minute
  const done = [key !== null, sent !== null, paid !== null, isReceived]
  const count = done.filter(Boolean).length
  const now = done.indexOf(false)
  const shownKey = secret === '' ? `sk_test_…${key?.hint ?? ''}` : secret
  const step = (nth: number) => ({ nth: nth + 1, isDone: done[nth] ?? false, isNow: now === nth })
  return (
    <Stack>
      <Stack gap={4}>
        <Text size="sm" role="status">
          {texts.progress(count, STEPS)}
        </Text>
        <Progress value={(count / STEPS) * PERCENT} aria-label={texts.title} />
      </Stack>
      {!minute.hasShortcode && <ShortcodeNotice />}
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Stack>
          <StepCard
            {...step(0)}
            title={texts.key}
            text={texts.keyText}
            outcome={key === null ? '' : key.name}
          >
            <KeyStep known={key} secret={secret} onSecret={setSecret} />
          </StepCard>
          <StepCard
            {...step(1)}
            title={texts.send}
            text={texts.sendText}
            outcome={sent === null ? texts.waitingSend : <PaymentLink id={sent.id} text={texts.sent} />}
          >
            <CodeTabs samples={paymentSamples(location.origin, shownKey, PHONE)} label={texts.sample} />
          </StepCard>
        </Stack>
        <StepCard
          {...step(2)}
          title={texts.phone}
          text={texts.phoneText}
          outcome={<PhoneOutcome sent={sent} paid={paid} />}
        >
          <PhoneFrame number={PHONE} />
        </StepCard>
      </SimpleGrid>
      <StepCard
        {...step(3)}
        title={texts.webhook}
        text={texts.webhookText}
        outcome={isReceived ? texts.received : minute.endpoint === null ? '' : texts.waitingWebhook}
      >
        <WebhookStep minute={minute} />
      </StepCard>
      {count === STEPS && <AllDone />}
    </Stack>
  )
}

function PhoneOutcome({ sent, paid }: Pick<FirstMinute, 'sent' | 'paid'>) {
  const texts = useTexts(startTexts)
  if (paid !== null) {
    const receipt = paid.receipt === null ? '' : `, ${texts.receipt} ${paid.receipt}`
    return <PaymentLink id={paid.id} text={`${texts.paid}${receipt}`} />
  }
  return <>{sent?.status === 'failed' ? texts.lastFailed : texts.waitingPhone}</>
}

function PaymentLink({ id, text }: { id: string; text: string }) {
  return (
    <Anchor
      inherit
      underline="always"
      renderRoot={(props) => <Link to="/payments/$id" params={{ id }} {...props} />}
    >
      {text}
    </Anchor>
  )
}

function AllDone() {
  const texts = useTexts(startTexts)
  return (
    <Alert color="green" variant="light" title={texts.allDone} role="status">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{texts.allDoneText}</Text>
        <Button size="xs" renderRoot={(props) => <Link to="/shortcodes/new" {...props} />}>
          {texts.toShortcodes}
        </Button>
      </Stack>
    </Alert>
  )
}
