// The chart of money, in a file of its own, as its library is larger than the page.
import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useComputedColorScheme } from '@mantine/core'
import { localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { moneyText } from '../../ui/money.tsx'
import type { MoneyRow } from './money-card.tsx'
import { overviewTexts } from './texts.ts'

/** Bars that are hovered, or walked through by the arrow keys. */
export function MoneyChart(props: { rows: MoneyRow[]; isByHour: boolean; height: number }) {
  const texts = useTexts(overviewTexts)
  const { language } = useLanguage()
  const isDark = useComputedColorScheme() === 'dark'
  const compact = new Intl.NumberFormat(localeOf(language), { notation: 'compact' })
  const now = {
    name: 'now',
    label: props.isByHour ? texts.today : texts.chart,
    color: isDark ? 'sukuma.5' : 'sukuma.7',
  }
  const before = { name: 'before', label: texts.yesterday, color: isDark ? 'gray.6' : 'gray.5' }
  return (
    <BarChart
      h={props.height}
      data={props.rows}
      dataKey="label"
      series={props.isByHour ? [before, now] : [now]}
      withLegend={props.isByHour}
      legendProps={{ verticalAlign: 'top', height: 28 }}
      valueFormatter={(value) => moneyText(value, language)}
      yAxisProps={{ tickFormatter: (value: number) => compact.format(value), width: 48 }}
      barChartProps={{ accessibilityLayer: true, title: texts.chart }}
      tooltipAnimationDuration={0}
    />
  )
}
