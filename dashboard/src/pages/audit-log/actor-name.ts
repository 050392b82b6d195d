// Who did something, in words.
import { useTexts } from '../../texts/language.tsx'
import { auditTexts } from './texts.ts'
import type { AuditEntry } from './use-audit-log.ts'

/** Names an actor in the reader's language. */
export function useActorName(): (actor: AuditEntry['actor']) => string {
  const texts = useTexts(auditTexts)
  return ({ kind, id, name }) => {
    if (kind === 'cli') return texts.cli
    if (kind === 'system') return texts.system
    const known = name ?? id ?? '–'
    return kind === 'key' ? texts.key(known) : known
  }
}
