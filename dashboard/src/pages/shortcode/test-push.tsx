// A push of one shilling to the owner's own phone, watched as it happens.
import { Anchor, Button, Code, Group, Loader, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { isSettled, type Payment } from '../../api/payments.ts'
import { useApi } from '../../api/side.tsx'
import type { Shortcode } from '../../developer/resources.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { normalisePhone } from '../../ui/phone-number.ts'
import { ErrorState } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { useSendPayment } from '../new-payment/use-send-payment.ts'
import { AdviceAlert } from './advice-alert.tsx'
import { adviceOf } from './push-advice.ts'
import { shortcodeTexts } from './texts.ts'

const LOOK_MS = 2_000

/** The form, and under it the last push. `onPaid` once one was paid. */
export function TestPush({ shortcode, onPaid }: { shortcode: Shortcode; onPaid?: () => void }) {
  const texts = useTexts(shortcodeTexts)
  const [phone, setPhone] = useState(shortcode.environment === 'simulator' ? '0700 000 000' : '')
  const [isWrong, setWrong] = useState(false)
  const pushing = useSendPayment()
  function send(event: React.SyntheticEvent) {
    event.preventDefault()
    const to = normalisePhone(phone)
    setWrong(to === null)
    if (to === null) return
    if (pushing.data !== undefined) pushing.startAnother()
    pushing.send({ amount: 1, phone: to, reference: 'TEST', shortcode: shortcode.id })
  }
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {texts.pushText}
      </Text>
      <Text size="sm" fw={shortcode.live ? 600 : 400}>
        {shortcode.live ? texts.pushLive : shortcode.environment === 'simulator' ? texts.pushSimulated : ''}
      </Text>
      <form onSubmit={send} noValidate>
        <Group align="flex-start">
          <TextInput
            type="tel"
            aria-label={texts.phone}
            placeholder="0712 345 678"
            autoComplete="tel"
            value={phone}
            error={isWrong ? texts.phoneWrong : null}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Button type="submit" loading={pushing.isPending}>
            {texts.send}
          </Button>
        </Group>
      </form>
      {pushing.isError && <ErrorState error={pushing.error} title={texts.push} />}
      {pushing.data !== undefined && (
        <Pushed key={pushing.data.id} first={pushing.data} {...(onPaid && { onPaid })} />
      )}
    </Stack>
  )
}

function Pushed({ first, onPaid }: { first: Payment; onPaid?: () => void }) {
  const texts = useTexts(shortcodeTexts)
  const { language } = useLanguage()
  const api = useApi()
  // The stream of payments writes into this answer as well; asking is for when it is cut.
  const { data: payment } = useQuery({
    queryKey: api.key('payment', first.id),
    queryFn: () => api.get<Payment>(`/v1/payments/${first.id}`),
    initialData: first,
    refetchInterval: ({ state }) => (state.data && isSettled(state.data) ? false : LOOK_MS),
  })
  const isPaid = payment.status === 'succeeded'
  useEffect(() => {
    if (isPaid) onPaid?.()
  }, [isPaid, onPaid])
  const { result } = payment
  return (
    <Stack gap="sm">
      <Group gap="xs" role="status">
        {!isSettled(payment) && <Loader size="xs" aria-hidden />}
        <StatusBadge status={payment.status} />
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/payments/$id" params={{ id: payment.id }} {...props} />}
        >
          {texts.follow}
        </Anchor>
      </Group>
      {isSettled(payment) && (
        <AdviceAlert advice={adviceOf(payment)}>
          {result !== null && payment.status === 'failed' && (
            <Text size="sm">
              <Code>{result.code}</Code> {result.label}: {result.message[language]}
            </Text>
          )}
        </AdviceAlert>
      )}
    </Stack>
  )
}
