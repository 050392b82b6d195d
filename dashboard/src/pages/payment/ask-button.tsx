// Asks M-Pesa about one payment now, and says what it answered or why it was not asked.
import { ChatBubbleLeftRightIcon } from '@heroicons/react/24/outline'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keepPayment } from '../../api/live-payments.tsx'
import type { PaymentQuestion } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { askTexts } from './ask-texts.ts'

const ICON_PX = 18
const SECOND_MS = 1_000

/** The button, and what came of it. */
export function AskButton({ paymentId }: { paymentId: string }) {
  const texts = useTexts(askTexts)
  const api = useApi()
  const queries = useQueryClient()
  const ask = useMutation({
    mutationFn: () => api.post<PaymentQuestion>(`/v1/payments/${paymentId}/ask`),
    onSuccess: ({ payment }) => keepPayment(queries, api, payment),
  })
  const waitSeconds = useSecondsUntil(ask.data?.ask_again_at ?? null)
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
      {ask.data !== undefined && <Answer question={ask.data} />}
    </Stack>
  )
}

function Answer({ question }: { question: PaymentQuestion }) {
  const texts = useTexts(askTexts)
  const { asked, answer, reason, detail, ask_again_at } = question
  const isVerdict = answer?.kind === 'verdict'
  const text = asked ? (isVerdict ? texts.verdict : texts.open) : (texts.reasons[reason ?? ''] ?? detail)
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

/** Whole seconds until `iso`, counted down; 0 once it is past. */
function useSecondsUntil(iso: string | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  const leftMs = iso === null ? 0 : Date.parse(iso) - nowMs
  const isWaiting = leftMs > 0
  useEffect(() => {
    setNowMs(Date.now())
    if (iso === null || !isWaiting) return
    const timer = setInterval(() => setNowMs(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [iso, isWaiting])
  return Math.max(0, Math.ceil(leftMs / SECOND_MS))
}
