// Payments: found by whatever a customer can name, and there as soon as they are made.
import { ArrowDownTrayIcon } from '@heroicons/react/24/outline'
import { Button, Center, Text, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Link, useNavigate } from '@tanstack/react-router'
import { useContext, useEffect, useState } from 'react'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingRows, ReadingProblem, Unanswered } from '../../ui/states.tsx'
import { uiTexts } from '../../ui/texts.ts'
import { Time, TimeZoneContext } from '../../ui/time.tsx'
import { ExportPanel } from './export-panel.tsx'
import { exportTexts } from './export-texts.ts'
import { FilterBar } from './filter-bar.tsx'
import { FreshPayments } from './fresh-payments.tsx'
import { dayOf } from './local-day.ts'
import { filtersAsQuery, type PaymentFilters } from './payment-filters.ts'
import { PaymentRows } from './payment-rows.tsx'
import { paymentsTexts } from './texts.ts'
import { useExport } from './use-export.ts'
import { usePaymentList } from './use-payment-list.ts'
import { useUrlFilters } from './use-url-filters.ts'

const ICON_PX = 18
const ROW_PX = 46
const CARD_PX = 94
/** A table of six columns fits from here on. */
const WIDE = '(min-width: 62em)'

/** The list, its search and its export. */
export function PaymentsPage() {
  const { may } = useGround()
  return may('payments:read') ? <Payments /> : <ForbiddenState />
}

function Payments() {
  const texts = useTexts(paymentsTexts)
  const { may } = useGround()
  const [filters, change] = useUrlFilters()
  const timeZone = useContext(TimeZoneContext)
  const found = usePaymentList(filters, timeZone)
  const openWhenFound = useOpenWhenFound(found, filters.search)
  return (
    <>
      <PageHeader
        title={texts.title}
        about={texts.about}
        actions={
          may('payments:write') && (
            <Button component={Link} to="/payments/new">
              {texts.newPayment}
            </Button>
          )
        }
      />
      <FilterBar filters={filters} onChange={change} onEnter={openWhenFound} />
      {may('payments:export') && <Export filters={filters} timeZone={timeZone} />}
      <FoundPayments found={found} filters={filters} />
    </>
  )
}

/** Opens the only payment that a search finds, once it has been looked for. */
function useOpenWhenFound(found: ReturnType<typeof usePaymentList>, search: string) {
  const navigate = useNavigate()
  const [wanted, setWanted] = useState<string | null>(null)
  const { list, payments } = found
  useEffect(() => {
    if (wanted === null || wanted !== search || list.isFetching) return
    setWanted(null)
    const [only, ...others] = payments
    if (only === undefined || others.length > 0 || list.hasNextPage || list.isError) return
    void navigate({ to: '/payments/$id', params: { id: only.id } })
  }, [wanted, search, list.isFetching, list.isError, list.hasNextPage, payments, navigate])
  return setWanted
}

function FoundPayments(props: { found: ReturnType<typeof usePaymentList>; filters: PaymentFilters }) {
  const texts = useTexts(paymentsTexts)
  const { list, payments, searchedUntil } = props.found
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false })
  const isFiltered = filtersAsQuery(props.filters, 'UTC').size > 0
  if (list.data === undefined) {
    return <Unanswered query={list} waiting={<LoadingRows rows={10} height={isWide ? ROW_PX : CARD_PX} />} />
  }
  return (
    <>
      <VisuallyHidden role="status">
        {list.isFetching ? '' : texts.shown(payments.length, list.hasNextPage)}
      </VisuallyHidden>
      <FreshPayments found={props.found} />
      {payments.length > 0 ? (
        <PaymentRows payments={payments} isWide={isWide} isBusy={list.isPlaceholderData} />
      ) : (
        <NoPayments isFiltered={isFiltered} />
      )}
      <ReadingProblem query={list} />
      <Further list={list} searchedUntil={searchedUntil} />
    </>
  )
}

function Further({
  list,
  searchedUntil,
}: {
  list: ReturnType<typeof usePaymentList>['list']
  searchedUntil: string | null
}) {
  const texts = useTexts(paymentsTexts)
  const words = useTexts(uiTexts)
  if (!list.hasNextPage) return null
  return (
    <Center mt="md" style={{ flexDirection: 'column', gap: '0.5rem' }}>
      {searchedUntil !== null && (
        <Text size="sm" c="dimmed">
          {texts.searchedBackTo} <Time iso={searchedUntil} />
        </Text>
      )}
      <Button variant="default" loading={list.isFetching} onClick={() => void list.fetchNextPage()}>
        {searchedUntil === null ? words.loadMore : texts.searchOn}
      </Button>
    </Center>
  )
}

function NoPayments({ isFiltered }: { isFiltered: boolean }) {
  const texts = useTexts(paymentsTexts)
  const { may } = useGround()
  if (isFiltered) return <EmptyState title={texts.nothing} text={texts.nothingText} />
  return (
    <EmptyState
      title={texts.nothingYet}
      text={texts.nothingYetText}
      action={
        may('payments:write') && (
          <Button component={Link} to="/start">
            {texts.toStart}
          </Button>
        )
      }
    />
  )
}

function Export({ filters, timeZone }: { filters: PaymentFilters; timeZone: string }) {
  const texts = useTexts(exportTexts)
  const { api } = useGround()
  const { state, start, cancel, close } = useExport(api.side)
  return (
    <>
      <Button
        mb="md"
        variant="default"
        size="xs"
        leftSection={<ArrowDownTrayIcon width={ICON_PX} aria-hidden />}
        disabled={state.kind === 'running'}
        onClick={() => {
          const query = filtersAsQuery(filters, timeZone)
          query.set('time_zone', timeZone)
          void start(query, `payments-${api.side.mode}-${dayOf(new Date(), timeZone)}.csv`)
        }}
      >
        {texts.act}
      </Button>
      <ExportPanel state={state} onStop={cancel} onClose={close} />
    </>
  )
}
