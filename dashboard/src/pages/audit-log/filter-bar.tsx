// What narrows the audit log: what was done, by whom, and when.
import { Button, NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../../texts/language.tsx'
import { actionTexts } from './action-texts.ts'
import { useActorName } from './actor-name.ts'
import { auditTexts } from './texts.ts'
import type { AuditEntry } from './use-audit-log.ts'

/** As chosen: days and not instants. */
export type ChosenFilters = { action: string; actor: string; from: string; until: string }

export const NO_FILTERS: ChosenFilters = { action: '', actor: '', from: '', until: '' }

/** Actors are offered as they are seen in `entries`. */
export function FilterBar(props: {
  chosen: ChosenFilters
  entries: readonly AuditEntry[]
  onChange(chosen: ChosenFilters): void
}) {
  const { chosen, entries, onChange } = props
  const texts = useTexts(auditTexts)
  const actions = useTexts(actionTexts)
  const actors = useSeenActors(entries)
  const change = (part: Partial<ChosenFilters>) => onChange({ ...chosen, ...part })
  const isFiltered = Object.values(chosen).some((value) => value !== '')
  return (
    <SimpleGrid cols={{ base: 2, md: 5 }} spacing="sm" style={{ alignItems: 'end' }}>
      <NativeSelect
        label={texts.what}
        value={chosen.action}
        onChange={(event) => change({ action: event.currentTarget.value })}
        data={[
          { value: '', label: texts.anything },
          ...Object.entries(actions).map(([value, label]) => ({ value, label })),
        ]}
      />
      <NativeSelect
        label={texts.who}
        value={chosen.actor}
        onChange={(event) => change({ actor: event.currentTarget.value })}
        data={[{ value: '', label: texts.anybody }, ...actors]}
      />
      <TextInput
        type="date"
        label={texts.from}
        value={chosen.from}
        max={chosen.until || undefined}
        onChange={(event) => change({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={texts.until}
        value={chosen.until}
        min={chosen.from || undefined}
        onChange={(event) => change({ until: event.currentTarget.value })}
      />
      <Button variant="default" disabled={!isFiltered} onClick={() => onChange(NO_FILTERS)}>
        {texts.clear}
      </Button>
    </SimpleGrid>
  )
}

/** Everybody who was seen so far: a filter must not take the other choices away. */
function useSeenActors(entries: readonly AuditEntry[]): { value: string; label: string }[] {
  const actorName = useActorName()
  const [seen, setSeen] = useState<ReadonlyMap<string, AuditEntry['actor']>>(new Map())
  const fresh = entries.map(({ actor }) => actor).filter((actor) => !seen.has(actor.id ?? actor.kind))
  if (fresh.length > 0) {
    setSeen(new Map([...seen, ...fresh.map((actor) => [actor.id ?? actor.kind, actor] as const)]))
  }
  return [...seen].map(([value, actor]) => ({ value, label: actorName(actor) }))
}
