// Payments as rows of a table, or as cards where a table would not fit.
import { Card, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Payment } from '../../api/payments.ts'
import { useLanguage, useTexts } from '../../texts/language.tsx'
import { Money } from '../../ui/money.tsx'
import { phoneText } from '../../ui/phone-number.ts'
import { resultLabel } from '../../ui/result-label.ts'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { Time } from '../../ui/time.tsx'
import classes from './payment-rows.module.css'
import { paymentsTexts } from './texts.ts'

/** The rows of the list. `isBusy`: others are being looked for. */
export function PaymentRows(props: { payments: readonly Payment[]; isWide: boolean; isBusy: boolean }) {
  const texts = useTexts(paymentsTexts)
  const { payments, isWide, isBusy } = props
  const style = { opacity: isBusy ? 0.6 : 1, transition: 'opacity 150ms' }
  if (!isWide) {
    return (
      <Card withBorder padding={0} style={style}>
        <ul className={classes.list} aria-label={texts.list} aria-busy={isBusy}>
          {payments.map((payment) => (
            <PaymentCard key={payment.id} payment={payment} />
          ))}
        </ul>
      </Card>
    )
  }
  return (
    <Card withBorder padding={0} style={style}>
      <Table layout="fixed" verticalSpacing="sm" aria-busy={isBusy}>
        <Table.Caption p={0} m={0}>
          <VisuallyHidden>{texts.list}</VisuallyHidden>
        </Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="15%">{texts.when}</Table.Th>
            <Table.Th w="15%">{texts.status}</Table.Th>
            <Table.Th w="14%" ta="right">
              {texts.amount}
            </Table.Th>
            <Table.Th w="17%">{texts.phone}</Table.Th>
            <Table.Th w="17%">{texts.reference}</Table.Th>
            <Table.Th>{texts.receipt}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {payments.map((payment) => (
            <PaymentRow key={payment.id} payment={payment} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}

function PaymentRow({ payment }: { payment: Payment }) {
  return (
    <Table.Tr className={classes.row}>
      <Table.Td>
        <PaymentLink id={payment.id}>
          <Time iso={payment.created_at} size="sm" />
        </PaymentLink>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={payment.status} />
      </Table.Td>
      <Table.Td ta="right">
        <Money amountKes={payment.amount} size="sm" fw={600} />
      </Table.Td>
      <Table.Td>{phoneText(payment.phone)}</Table.Td>
      <Table.Td>
        <Text size="sm" truncate title={payment.reference}>
          {payment.reference}
        </Text>
      </Table.Td>
      <Table.Td>
        <End payment={payment} />
      </Table.Td>
    </Table.Tr>
  )
}

function PaymentCard({ payment }: { payment: Payment }) {
  return (
    <li className={`${classes.card} ${classes.row}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Stack gap={2} miw={0}>
          <PaymentLink id={payment.id}>
            <Money amountKes={payment.amount} fw={650} />
          </PaymentLink>
          <Text size="sm">{phoneText(payment.phone)}</Text>
          <Text size="sm" c="dimmed" truncate>
            {payment.reference}
          </Text>
        </Stack>
        <Stack gap={4} align="flex-end" miw={0}>
          <StatusBadge status={payment.status} />
          <Time iso={payment.created_at} size="xs" c="dimmed" />
          <End payment={payment} />
        </Stack>
      </Group>
    </li>
  )
}

function PaymentLink({ id, children }: { id: string; children: React.ReactNode }) {
  return (
    <Link to="/payments/$id" params={{ id }} className={classes.link}>
      {children}
    </Link>
  )
}

/** How it ended: its receipt, or why there is none. */
function End({ payment }: { payment: Payment }) {
  const { language } = useLanguage()
  if (payment.receipt !== null) {
    return (
      <Text size="sm" ff="monospace" truncate>
        {payment.receipt}
      </Text>
    )
  }
  if (payment.status !== 'failed' || payment.result === null) return null
  const label = resultLabel(payment.result, language)
  return (
    <Text size="sm" c="dimmed" truncate title={label}>
      {label}
    </Text>
  )
}
