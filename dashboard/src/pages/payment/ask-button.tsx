// Asks M-Pesa about one payment now, and says what it answered or why it was not asked.
import { ChatBubbleLeftRightIcon } from '@heroicons/react/24/outline'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keepPayment } from '../../api/live-payments.tsx'
import type { PaymentQuestion } from '../../api/payments.ts'
import { call, readJson } from '../../api/request.ts'
import { useApi } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { askTexts } from './ask-texts.ts'

const ICON_PX = 18
const SECOND_MS = 1_000
/** M-Pesa said "paid" before the prompt's time was over. */
const PAID_WHILE_OPEN = 'paid_while_open'

/** The button, and what came of it. */
export function AskButton({ paymentId }: { paymentId: string }) {
  const texts = useTexts(askTexts)
  const api = useApi()
  const queries = useQueryClient()
  const ask = useMutation({
    mutationFn: async () => {
      const response = await call(`/v1/payments/${paymentId}/ask`, { method: 'POST', side: api.side })
      const question = await readJson<PaymentQuestion>(response)
      return { question, againAtMs: onThisClock(question.ask_again_at, response) }
    },
    onSuccess: ({ question }) => keepPayment(queries, api, question.payment),
  })
  const waitSeconds = useSecondsUntil(ask.data?.againAtMs ?? null)
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        loading={ask.isPending}
        disabled={waitSeconds > 0}
        onClick={() => ask.mutate()}
        leftSection={<ChatBubbleLeftRightIcon width={ICON_PX} aria-hidden />}
      >
        {waitSeconds > 0 ? texts.again(waitSeconds) : texts.act}
      </Button>
      {ask.isError && <ErrorState error={ask.error} title={texts.failed} />}
      {ask.data !== undefined && <Answer question={ask.data.question} />}
    </Stack>
  )
}

function Answer({ question }: { question: PaymentQuestion }) {
  const texts = useTexts(askTexts)
  const { asked, answer, reason, detail, ask_again_at } = question
  const isVerdict = answer?.kind === 'verdict'
  const said = isVerdict ? texts.verdict : answer?.kind === PAID_WHILE_OPEN ? texts.paidWhileOpen : texts.open
  const text = asked ? said : (texts.reasons[reason ?? ''] ?? detail)
  return (
    <Alert color={isVerdict ? 'green' : 'blue'} variant="light" role="status">
      <Text size="sm">{text}</Text>
      {asked && (
        <Text size="sm" c="dimmed">
          {answer?.detail ?? detail}
        </Text>
      )}
      {ask_again_at !== null && (
        <Text size="sm">
          {texts.tryAt} <Time iso={ask_again_at} fw={600} />
        </Text>
      )}
    </Alert>
  )
}

/** `iso`, which is told by the gateway's clock, by this device's, which may be hours off. */
function onThisClock(iso: string | null, response: Response): number | null {
  if (iso === null) return null
  const gatewayMs = Date.parse(response.headers.get('date') ?? '')
  const aheadMs = Number.isNaN(gatewayMs) ? 0 : gatewayMs - Date.now()
  return Date.parse(iso) - aheadMs
}

/** Whole seconds until `atMs` of this device's clock, counted down; 0 once it is past. */
function useSecondsUntil(atMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  const leftMs = atMs === null ? 0 : atMs - nowMs
  const isWaiting = leftMs > 0
  useEffect(() => {
    setNowMs(Date.now())
    if (atMs === null || !isWaiting) return
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [atMs, isWaiting])
  return Math.max(0, Math.ceil(leftMs / SECOND_MS))
}
