// Overview: what came in today, what failed and why, and whether M-Pesa works.
import { Alert, Button, Grid, Skeleton, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingCards, Unanswered } from '../../ui/states.tsx'
import { FailuresCard } from './failures-card.tsx'
import { Figures } from './figures.tsx'
import { MoneyCard } from './money-card.tsx'
import { NetworkCard } from './network-card.tsx'
import type { Overview } from './overview.ts'
import { overviewTexts } from './texts.ts'
import { TickerCard } from './ticker-card.tsx'
import { useLatestPayments } from './use-latest-payments.ts'
import { useOverview } from './use-overview.ts'

const FIGURE_PX = 122
const CHART_PX = 350
const CARD_PX = 300

/** The page. */
export function OverviewPage() {
  const texts = useTexts(overviewTexts)
  const { may } = useGround()
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
      {may('payments:read') ? <Today /> : <ForbiddenState />}
    </>
  )
}

function Today() {
  const overview = useOverview()
  const latest = useLatestPayments()
  if (overview.data === undefined) return <Unanswered query={overview} waiting={<LoadingOverview />} />
  if (latest.isPending) return <LoadingOverview />
  if (latest.data?.data.length === 0 && isEmpty(overview.data)) return <FirstSteps />
  return (
    <>
      <CatchingUp overview={overview.data} />
      <Figures overview={overview.data} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack>
            <MoneyCard overview={overview.data} />
            <FailuresCard overview={overview.data} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack>
            <TickerCard latest={latest} />
            <NetworkCard />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  )
}

function CatchingUp({ overview }: { overview: Overview }) {
  const texts = useTexts(overviewTexts)
  if (!overview.catching_up) return null
  return (
    <Alert color="blue" variant="light" mb="md" role="status">
      {texts.counting}
    </Alert>
  )
}

/** A merchant without payments: the way to the first. */
function FirstSteps() {
  const texts = useTexts(overviewTexts)
  const { may } = useGround()
  return (
    <EmptyState
      title={texts.none}
      text={texts.noneText}
      action={
        may('keys') && (
          <Button component={Link} to="/start">
            {texts.toStart}
          </Button>
        )
      }
    />
  )
}

function isEmpty({ days, open }: Overview): boolean {
  const isQuiet = days.every(({ paid, failed }) => paid + failed === 0)
  return isQuiet && open.queued.count + open.in_progress.count + open.uncertain.count === 0
}

function LoadingOverview() {
  return (
    <Stack role="status" aria-busy>
      <LoadingCards cards={4} height={FIGURE_PX} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Skeleton height={CHART_PX} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Skeleton height={CARD_PX} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}
