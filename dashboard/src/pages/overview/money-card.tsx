// Money by hour or by day, as a chart or as a table.
import { Box, Group, SegmentedControl, Skeleton, Table } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { type Language, localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { moneyText } from '../../ui/money.tsx'
import { SectionCard } from '../../ui/section-card.tsx'
import type { Overview } from './overview.ts'
import { overviewTexts } from './texts.ts'

const MoneyChart = lazy(() => import('./money-chart.tsx').then(({ MoneyChart }) => ({ default: MoneyChart })))

const CHART_PX = 260

/** One column of the chart, and one row of the table. */
export type MoneyRow = {
  label: string
  now: number | null
  before: number | null
  paid: number
  failed: number
}

/** The card. The chart's room is kept while its code comes. */
export function MoneyCard({ overview }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  const { language } = useLanguage()
  const [span, setSpan] = useState('hours')
  const [look, setLook] = useState('chart')
  const rows = span === 'hours' ? hourRows(overview) : dayRows(overview, language)
  return (
    <SectionCard
      title={texts.chart}
      about={texts.chartAbout}
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={texts.chart}
            value={span}
            onChange={setSpan}
            data={[
              { value: 'hours', label: texts.byHour },
              { value: 'days', label: texts.byDay },
            ]}
          />
          <SegmentedControl
            size="xs"
            aria-label={texts.shownAs}
            value={look}
            onChange={setLook}
            data={[
              { value: 'chart', label: texts.asChart },
              { value: 'table', label: texts.asTable },
            ]}
          />
        </Group>
      }
    >
      <Box h={CHART_PX} style={{ overflowY: look === 'table' ? 'auto' : 'visible' }}>
        {look === 'table' ? (
          <MoneyTable rows={rows} isByHour={span === 'hours'} />
        ) : (
          <Suspense fallback={<Skeleton height={CHART_PX} />}>
            <MoneyChart rows={rows} isByHour={span === 'hours'} height={CHART_PX} />
          </Suspense>
        )}
      </Box>
    </SectionCard>
  )
}

function MoneyTable({ rows, isByHour }: { rows: readonly MoneyRow[]; isByHour: boolean }) {
  const texts = useTexts(overviewTexts)
  const { language } = useLanguage()
  const money = (amountKes: number | null) => (amountKes === null ? '–' : moneyText(amountKes, language))
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={`${texts.chart} (${texts.asTable})`}
      mah="100%"
      style={{ overflowY: 'auto' }}
    >
      <Table stickyHeader fz="sm" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{isByHour ? texts.hour : texts.day}</Table.Th>
            <Table.Th ta="right">{isByHour ? texts.today : texts.chart}</Table.Th>
            {isByHour && <Table.Th ta="right">{texts.yesterday}</Table.Th>}
            <Table.Th ta="right">{texts.paid}</Table.Th>
            <Table.Th ta="right">{texts.failed}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.label}>
              <Table.Th scope="row" fw={400}>
                {row.label}
              </Table.Th>
              <Table.Td ta="right">{money(row.now)}</Table.Td>
              {isByHour && <Table.Td ta="right">{money(row.before)}</Table.Td>}
              <Table.Td ta="right">{row.paid}</Table.Td>
              <Table.Td ta="right">{row.failed}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  )
}

function hourRows({ hours }: Overview): MoneyRow[] {
  return hours.map(({ hour, today, yesterday }) => ({
    label: hour,
    now: today?.amount ?? null,
    before: yesterday.amount,
    paid: today?.paid ?? 0,
    failed: today?.failed ?? 0,
  }))
}

function dayRows({ days }: Overview, language: Language): MoneyRow[] {
  const format = new Intl.DateTimeFormat(localeOf(language), {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
  return days.map(({ date, amount, paid, failed }) => ({
    label: format.format(new Date(`${date}T00:00:00Z`)),
    now: amount,
    before: null,
    paid,
    failed,
  }))
}
