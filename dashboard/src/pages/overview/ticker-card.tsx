// The latest payments, as they happen.
import { Anchor, Box, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useLiveNews } from '../../api/live-payments.tsx'
import type { Payment } from '../../api/payments.ts'
import { useTexts } from '../../texts/language.tsx'
import { Money } from '../../ui/money.tsx'
import { phoneText } from '../../ui/phone-number.ts'
import { SectionCard } from '../../ui/section-card.tsx'
import { LoadingRows, Unanswered } from '../../ui/states.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import { overviewTexts } from './texts.ts'
import classes from './ticker-card.module.css'
import type { useLatestPayments } from './use-latest-payments.ts'

/** A voice that speaks at every payment of a busy shop says nothing. */
const TOLD_EVERY_MS = 10_000

/** The card. Its news are told aloud in sum, seldom. */
export function TickerCard({ latest }: { latest: ReturnType<typeof useLatestPayments> }) {
  const texts = useTexts(overviewTexts)
  const told = useToldCount()
  return (
    <SectionCard
      title={texts.ticker}
      about={texts.tickerAbout}
      actions={
        <Anchor component={Link} to="/payments" size="sm">
          {texts.allPayments}
        </Anchor>
      }
    >
      <VisuallyHidden aria-live="polite">{told > 0 && texts.tickerNews(told)}</VisuallyHidden>
      {latest.data === undefined ? (
        <Unanswered query={latest} waiting={<LoadingRows />} />
      ) : (
        <Rows payments={latest.data.data} />
      )}
    </SectionCard>
  )
}

function Rows({ payments }: { payments: readonly Payment[] }) {
  const texts = useTexts(overviewTexts)
  if (payments.length === 0) return <Text size="sm">{texts.tickerNone}</Text>
  return (
    <Stack gap={0} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {payments.map((payment) => (
        <Box component="li" key={payment.id} className={classes.row}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Link to="/payments/$id" params={{ id: payment.id }} className={classes.link}>
              <Money amountKes={payment.amount} fw={600} size="sm" />
            </Link>
            <StatusBadge status={payment.status} />
          </Group>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="xs" c="dimmed" truncate>
              {phoneText(payment.phone)} · {payment.reference}
            </Text>
            <Time iso={payment.created_at} size="xs" c="dimmed" />
          </Group>
        </Box>
      ))}
    </Stack>
  )
}

/** How many payments changed in the last while; told once, then silent until there is more. */
function useToldCount(): number {
  const ids = useRef(new Set<string>())
  const [count, setCount] = useState(0)
  useLiveNews((news) => {
    if (news.kind === 'payment') ids.current.add(news.payment.id)
  })
  useEffect(() => {
    const timer = setInterval(() => {
      setCount(ids.current.size)
      ids.current.clear()
    }, TOLD_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return count
}
