// Walks a merchant's chain and names the first entry that does not fit: altered, taken out, or cut off.
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import { type ChainEntry, type ChainHead, findBeyondHead, readChain, readHead } from './audit-store.ts'
import { encodeEntry, FIRST_PREVIOUS_HASH, hashEntry } from './entry-encoding.ts'

/** Why an entry does not fit. */
export type ChainFault =
  /** Its hash is not that of what it says, or of what stood before it. */
  | 'altered'
  /** It is not there, though later ones are. */
  | 'missing'
  /** It was recorded last, and is not there. */
  | 'tail_missing'
  /** It is the last, but not the one that was recorded last. */
  | 'head_differs'
  /** It is there, but was not recorded: it stands behind the last one, or the end of the chain is gone. */
  | 'beyond_head'
  /** It is not the one that was told as the anchor. */
  | 'not_as_expected'

/** What came of a walk. */
export type ChainVerdict =
  /** `head` is the anchor to keep elsewhere; null when nothing was ever recorded. */
  | { code: 'intact'; entries: bigint; head: ChainHead | null }
  | { code: 'broken'; fault: ChainFault; sequence: bigint; entry: ChainEntry | null }

/** Rows read at a time: what a walk needs of memory, however long the chain is. */
const PAGE_ROWS = 500
/** Before every number that a row can have, also one that somebody made up. */
const BEFORE_ALL = -(2n ** 63n)

type Walk = { sequence: bigint; hash: Buffer }

/**
 * Checks one chain, beside a gateway that adds to it. `expected` is an entry that is known from elsewhere,
 * such as an anchor of an earlier walk: only that finds a chain that was made anew from some entry on by
 * somebody who may write to the database.
 */
export async function verifyChain(
  deps: { db: Database },
  merchantId: Uuid,
  options: { expected?: ChainHead; pageRows?: number } = {},
): Promise<ChainVerdict> {
  const head = await readHead(deps, merchantId)
  const walked = head === null ? null : await walk(deps, merchantId, head, options)
  if (walked?.code === 'broken') return walked
  const beyond = await findBeyondHead(deps, merchantId)
  if (beyond !== null) return broken('beyond_head', beyond)
  const { expected } = options
  const last = head?.sequence ?? 0n
  // It was recorded once, and the head with it was taken back since.
  if (expected !== undefined && expected.sequence > last) return broken('tail_missing', last + 1n)
  return { code: 'intact', entries: last, head }
}

async function walk(
  deps: { db: Database },
  merchantId: Uuid,
  head: ChainHead,
  options: { expected?: ChainHead; pageRows?: number },
): Promise<ChainVerdict> {
  const pageRows = options.pageRows ?? PAGE_ROWS
  const at: Walk = { sequence: 0n, hash: FIRST_PREVIOUS_HASH }
  for (let after = BEFORE_ALL; ; after = at.sequence) {
    const page = await readChain(deps, merchantId, after, pageRows)
    for (const entry of page) {
      // What was added since the head was read is another walk's.
      if (entry.sequence > head.sequence) break
      const fault = step(at, entry, options.expected)
      if (fault !== null) return fault
    }
    // Entries behind the head end the walk also where its own are missing: nothing would lead on to them.
    const reached = page.at(-1)?.sequence ?? head.sequence
    if (page.length < pageRows || reached >= head.sequence) break
  }
  if (at.sequence < head.sequence) return broken('tail_missing', at.sequence + 1n)
  if (!at.hash.equals(head.hash)) return broken('head_differs', head.sequence)
  return { code: 'intact', entries: at.sequence, head }
}

/** Goes on to `entry`, or says why it does not fit. */
function step(at: Walk, entry: ChainEntry, expected: ChainHead | undefined): ChainVerdict | null {
  const next = at.sequence + 1n
  if (entry.sequence > next) return broken('missing', next)
  if (entry.sequence < next) return broken('altered', entry.sequence, entry)
  const hash = hashEntry(at.hash, entry.sequence, encodeEntry(entry))
  if (!hash.equals(entry.hash)) return broken('altered', entry.sequence, entry)
  if (expected?.sequence === entry.sequence && !expected.hash.equals(entry.hash)) {
    return broken('not_as_expected', entry.sequence, entry)
  }
  at.sequence = entry.sequence
  at.hash = entry.hash
  return null
}

function broken(fault: ChainFault, sequence: bigint, entry: ChainEntry | null = null): ChainVerdict {
  return { code: 'broken', fault, sequence, entry }
}
