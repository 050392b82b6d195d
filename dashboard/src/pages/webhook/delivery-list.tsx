// What was sent to an endpoint: filters, and one line a delivery that opens.
import { Accordion, Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Delivery, DeliveryStatus, Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { EmptyState, LoadingRows, ReadingProblem, Unanswered } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { webhooksTexts } from '../webhooks/texts.ts'
import { DeliveryDetails } from './delivery-details.tsx'
import { ReplayForm } from './replay-form.tsx'
import { webhookTexts } from './texts.ts'
import { type DeliveryFilter, useDeliveries } from './use-deliveries.ts'

const STATUSES: readonly DeliveryStatus[] = ['pending', 'delivered', 'failed', 'cancelled']
const COLORS: Record<DeliveryStatus, string> = {
  pending: 'blue',
  delivered: 'green',
  failed: 'red',
  cancelled: 'gray',
}
const EVERYTHING: DeliveryFilter = { status: '', payment: '' }
const PAYMENT_ID = /^pay_[0-9a-f]{32}$/
const ROW_PX = 58

/** The deliveries of an endpoint. */
export function DeliveryList({ endpoint }: { endpoint: Endpoint }) {
  const [filter, setFilter] = useState(EVERYTHING)
  return (
    <Stack>
      <Filters filter={filter} onChange={setFilter} />
      <Rows endpoint={endpoint} filter={filter} />
      <ReplayForm endpoint={endpoint} />
    </Stack>
  )
}

function Filters(props: { filter: DeliveryFilter; onChange(filter: DeliveryFilter): void }) {
  const texts = useTexts(webhookTexts)
  const { filter, onChange } = props
  const [payment, setPayment] = useState('')
  const isWrong = payment !== '' && !PAYMENT_ID.test(payment)
  function choosePayment(text: string) {
    setPayment(text)
    if (text === '' || PAYMENT_ID.test(text)) onChange({ ...filter, payment: text })
  }
  return (
    <Group align="flex-start">
      <NativeSelect
        label={texts.status}
        value={filter.status}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...filter, status: STATUSES.find((each) => each === value) ?? '' })
        }
        data={[
          { value: '', label: texts.anyStatus },
          ...STATUSES.map((value) => ({ value, label: texts.statuses[value] })),
        ]}
      />
      <TextInput
        label={texts.payment}
        placeholder={texts.paymentHint}
        value={payment}
        error={isWrong ? texts.paymentWrong : null}
        onChange={(event) => choosePayment(event.currentTarget.value.trim())}
        style={{ flex: '1 1 14rem' }}
        maw={420}
        spellCheck={false}
      />
    </Group>
  )
}

function Rows({ endpoint, filter }: { endpoint: Endpoint; filter: DeliveryFilter }) {
  const texts = useTexts(webhookTexts)
  const shared = useTexts(webhooksTexts)
  const deliveries = useDeliveries(endpoint.id, filter)
  const [opened, setOpened] = useState<string | null>(null)
  if (deliveries.data === undefined) {
    return <Unanswered query={deliveries} waiting={<LoadingRows rows={6} height={ROW_PX} />} />
  }
  const rows = deliveries.data.pages.flatMap(({ data }) => data)
  if (rows.length === 0) {
    const isFiltered = filter.status !== '' || filter.payment !== ''
    return (
      <EmptyState
        title={isFiltered ? texts.noneFit : texts.noDeliveries}
        text={isFiltered ? texts.noneFitText : texts.noDeliveriesText}
      />
    )
  }
  return (
    <>
      <Accordion variant="contained" value={opened} onChange={setOpened} keepMounted={false} order={2}>
        {rows.map((delivery) => (
          <Accordion.Item key={delivery.id} value={delivery.id}>
            <Accordion.Control>
              <Line delivery={delivery} name={shared.eventTexts[delivery.event_type]} />
            </Accordion.Control>
            <Accordion.Panel>
              {opened === delivery.id && <DeliveryDetails delivery={delivery} endpoint={endpoint} />}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      <ReadingProblem query={deliveries} />
      {deliveries.hasNextPage && (
        <Button
          variant="default"
          loading={deliveries.isFetchingNextPage}
          onClick={() => void deliveries.fetchNextPage()}
        >
          {texts.more}
        </Button>
      )}
    </>
  )
}

function Line({ delivery, name }: { delivery: Delivery; name: string | undefined }) {
  const texts = useTexts(webhookTexts)
  const { status, attempts, event_type: type, last_error: error } = delivery
  return (
    <Group justify="space-between" gap="xs">
      <Stack gap={0}>
        <Text size="sm" fw={600}>
          {name ?? type}{' '}
          <Text span size="xs" c="dimmed" fw={400}>
            {type}
          </Text>
        </Text>
        <Text size="xs" c="dimmed">
          <Time iso={delivery.created_at} inherit /> · {texts.attempts(attempts)}
          {status !== 'delivered' && error !== null && ` · ${error}`}
        </Text>
      </Stack>
      <Badge color={COLORS[status]} variant="light" tt="none" radius="sm" title={texts.statusHints[status]}>
        {texts.statuses[status]}
      </Badge>
    </Group>
  )
}
