// The audit log: who did what, from where, and how one knows that it is whole.
import { Button, Center, Stack, Text } from '@mantine/core'
import { useContext, useState } from 'react'
import { useGround } from '../../api/side.tsx'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ForbiddenState, LoadingRows, ReadingProblem, Unanswered } from '../../ui/states.tsx'
import { TimeZoneContext } from '../../ui/time.tsx'
import { endOfDay, startOfDay } from '../payments/local-day.ts'
import { EntryList } from './entry-list.tsx'
import { type ChosenFilters, FilterBar, NO_FILTERS } from './filter-bar.tsx'
import { auditTexts } from './texts.ts'
import { type AuditEntry, type AuditFilters, useAuditLog } from './use-audit-log.ts'
import { VerifyCard } from './verify-card.tsx'

const ROW_PX = 88

/** For owners and developers. */
export function AuditLogPage() {
  const texts = useTexts(auditTexts)
  const { may } = useGround()
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      {may('audit') ? <Log /> : <ForbiddenState />}
    </>
  )
}

function Log() {
  const texts = useTexts(auditTexts)
  const timeZone = useContext(TimeZoneContext)
  const [chosen, setChosen] = useState<ChosenFilters>(NO_FILTERS)
  const log = useAuditLog(filtersOf(chosen, timeZone))
  const entries = log.data?.pages.flatMap(({ data }) => data) ?? []
  const isFiltered = Object.values(chosen).some((value) => value !== '')
  return (
    <Stack gap="lg">
      <FilterBar chosen={chosen} entries={entries} onChange={setChosen} />
      {log.data === undefined ? (
        <Unanswered query={log} waiting={<LoadingRows rows={6} height={ROW_PX} />} />
      ) : (
        <ReadingProblem query={log} />
      )}
      {log.data !== undefined && entries.length === 0 && <Nothing isFiltered={isFiltered} />}
      {entries.length > 0 && <EntryList entries={entries} />}
      {log.hasNextPage && (
        <Center>
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {texts.older}
          </Button>
        </Center>
      )}
      {isAtEnd(log.hasNextPage, entries) && (
        <Text size="sm" c="dimmed" ta="center">
          {texts.atEnd}
        </Text>
      )}
      <VerifyCard />
    </Stack>
  )
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const texts = useTexts(auditTexts)
  return isFiltered ? (
    <EmptyState title={texts.emptyFiltered} text={texts.emptyFilteredText} />
  ) : (
    <EmptyState title={texts.empty} text={texts.emptyText} />
  )
}

/** Nobody needs to be told about the end of a list that fits the screen. */
function isAtEnd(hasMore: boolean, entries: readonly AuditEntry[]): boolean {
  const fitsScreen = 8
  return !hasMore && entries.length > fitsScreen
}

/** Days are the merchant's own, and the last one is meant as a whole. */
function filtersOf({ action, actor, from, until }: ChosenFilters, timeZone: string): AuditFilters {
  return {
    action,
    actor,
    since: startOfDay(from, timeZone)?.toISOString() ?? '',
    until: endOfDay(until, timeZone)?.toISOString() ?? '',
  }
}
