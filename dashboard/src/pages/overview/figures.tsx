// The four figures of today, each against yesterday up to this hour.
import { Anchor, Card, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { localeOf, useLanguage, useTexts } from '../../texts/language.tsx'
import { durationText } from '../../ui/duration.ts'
import { moneyText } from '../../ui/money.tsx'
import classes from './figures.module.css'
import type { OpenCount, Overview } from './overview.ts'
import { overviewTexts } from './texts.ts'

/** Money, success, time to verdict, and what is not settled. */
export function Figures({ overview }: { overview: Overview }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} mb="md">
      <MoneyFigure overview={overview} />
      <SuccessFigure overview={overview} />
      <SpeedFigure overview={overview} />
      <OpenFigure open={overview.open} />
    </SimpleGrid>
  )
}

function MoneyFigure({ overview: { today, yesterday } }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  const { language } = useLanguage()
  const { number, percent } = useNumbers()
  const before = yesterday.until_now.amount
  const change = before === 0 ? null : (today.amount - before) / before
  return (
    <Figure name={texts.money} value={moneyText(today.amount, language)}>
      <Text size="sm">{texts.moneyOf(number(today.paid))}</Text>
      <Text size="sm" c="dimmed">
        {change === null && texts.nothingYesterday}
        {change === 0 && texts.sameAs}
        {change !== null && change > 0 && texts.moreThan(percent(change))}
        {change !== null && change < 0 && texts.lessThan(percent(-change))}
      </Text>
    </Figure>
  )
}

function SuccessFigure({ overview: { today, yesterday } }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  const { number, percent } = useNumbers()
  const ratioText = (ratio: number | null) => (ratio === null ? '–' : percent(ratio / 100))
  return (
    <Figure name={texts.success} value={ratioText(today.success_ratio)}>
      <Text size="sm">
        {today.success_ratio === null
          ? texts.noVerdicts
          : texts.successOf(number(today.paid), number(today.paid + today.failed))}
      </Text>
      <Text size="sm" c="dimmed">
        {texts.yesterdayWas(ratioText(yesterday.until_now.success_ratio))}
      </Text>
    </Figure>
  )
}

function SpeedFigure({ overview: { today, yesterday } }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  const now = today.time_to_verdict_ms
  const before = yesterday.time_to_verdict_ms
  return (
    <Figure name={texts.speed} value={now === null ? '–' : durationText(now.p50)}>
      <Text size="sm">{now === null ? texts.noVerdicts : texts.speedOf(durationText(now.p95))}</Text>
      <Text size="sm" c="dimmed">
        {texts.yesterday}: {before === null ? '–' : durationText(before.p50)}
      </Text>
    </Figure>
  )
}

function OpenFigure({ open }: { open: Overview['open'] }) {
  const texts = useTexts(overviewTexts)
  const { number } = useNumbers()
  const countText = ({ count, is_capped }: OpenCount) => `${number(count)}${is_capped ? '+' : ''}`
  const onTheWay = {
    count: open.queued.count + open.in_progress.count,
    is_capped: open.queued.is_capped || open.in_progress.is_capped,
    oldest_at: null,
  }
  const all = { ...onTheWay, count: onTheWay.count + open.uncertain.count }
  return (
    <Figure
      name={texts.open}
      value={countText({ ...all, is_capped: all.is_capped || open.uncertain.is_capped })}
    >
      <Text size="sm" fw={open.uncertain.count > 0 ? 700 : 400}>
        {all.count === 0 ? texts.noOpen : texts.inProgress(countText(onTheWay))}
        {open.uncertain.count > 0 && (
          <>
            {' · '}
            <Anchor
              inherit
              renderRoot={(props) => <Link {...props} to="/payments" search={{ status: 'uncertain' }} />}
            >
              {texts.uncertain(countText(open.uncertain))}
            </Anchor>
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {all.count === 0 ? ' ' : texts.openSure}
      </Text>
    </Figure>
  )
}

function Figure({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
        <Text className={classes.value}>{value}</Text>
        {children}
      </Stack>
    </Card>
  )
}

/** Numbers and shares as the reader's language writes them. */
export function useNumbers() {
  const { language } = useLanguage()
  const locale = localeOf(language)
  return {
    number: (value: number) => new Intl.NumberFormat(locale).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(share),
  }
}
