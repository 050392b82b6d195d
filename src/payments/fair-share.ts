// Who is served next when many wait: whoever was served longest ago. However much one asks for, another waits
// for at most one turn of everybody's.

/** Turns by source, remembered from batch to batch. */
export type FairShare = {
  /**
   * Hands out up to `countMax` turns, one a source and round. `take` is asked before each and says whether
   * there is room; a source that was refused gets nothing more. What each got, in the order of serving.
   */
  shareOut<S>(
    sources: readonly S[],
    options: { keyOf: (source: S) => string; take: (source: S) => boolean; countMax: number },
  ): Map<S, number>
}

/** Sources remembered; one forgotten counts as never served, and so goes first. */
const REMEMBERED_MAX = 20_000

/** Nobody was served yet. */
export function createFairShare(): FairShare {
  // In the order of serving: the first was served longest ago.
  const served = new Map<string, number>()
  let turns = 0

  function note(key: string): void {
    turns += 1
    served.delete(key)
    served.set(key, turns)
    for (const oldest of served.keys()) {
      if (served.size <= REMEMBERED_MAX) break
      served.delete(oldest)
    }
  }

  return {
    shareOut(sources, { keyOf, take, countMax }) {
      const shares = new Map<(typeof sources)[number], number>()
      let waiting = sources
        .map((source) => ({ source, key: keyOf(source), turn: served.get(keyOf(source)) ?? 0 }))
        .sort((a, b) => a.turn - b.turn)
      let left = countMax
      while (left > 0 && waiting.length > 0) {
        const next: typeof waiting = []
        for (const each of waiting) {
          if (left === 0) break
          if (!take(each.source)) continue
          left -= 1
          note(each.key)
          shares.set(each.source, (shares.get(each.source) ?? 0) + 1)
          next.push(each)
        }
        waiting = next
      }
      return shares
    },
  }
}
