// `sukuma audit verify`: whether the audit log is as it was written.
import type { ChainHead } from '../audit/audit-store.ts'
import { type ChainFault, type ChainVerdict, verifyChain } from '../audit/verify-chain.ts'
import { prefixedId } from '../ids.ts'
import { listMerchants, type Merchant } from '../merchants/merchant-store.ts'
import { type Arguments, type Command, CommandError, type CommandIo, UsageError } from './command.ts'
import { findNamedMerchant } from './find-merchant.ts'
import { printJson } from './output.ts'
import { openSession, type Session } from './session.ts'

const MERCHANTS_PAGE = 100
const ANCHOR_FORM = /^(\d{1,18}):([0-9a-f]{64})$/

/** A fault in words; the number of the entry stands before them. */
const FAULT_TEXTS: Record<ChainFault, string> = {
  altered: 'does not fit its hash: it, or what stood before it, was altered',
  missing: 'is missing: it was taken out',
  tail_missing: 'is missing: the end of the log was cut off',
  head_differs: 'is not the one that was recorded last',
  beyond_head: 'stands behind the last one that was recorded',
  not_as_expected: 'is not the one that you expect: the log was written anew from there or before',
}

const verify: Command = {
  name: 'audit verify',
  summary: 'Checks that no entry of the audit log was altered or taken away. Exit code 1 when one was.',
  options: {
    merchant: { value: 'ID|NAME', doc: 'Whose log; every merchant’s without it.' },
    expect: {
      value: 'NUMBER:HASH',
      doc: 'An anchor that was printed before and kept elsewhere: that entry must stand unchanged.',
    },
  },
  async run(io, args) {
    const expected = readAnchor(args)
    await using session = await openSession(io)
    const isOne = args.text('merchant') !== null || expected !== undefined
    const merchants = isOne ? [await findNamedMerchant(session, args)] : allMerchants(session)
    let brokenChains = 0
    for await (const merchant of merchants) {
      const verdict = await verifyChain(session, merchant.id, expected === undefined ? {} : { expected })
      if (verdict.code === 'broken') brokenChains += 1
      print(io, args, merchant, verdict)
    }
    return brokenChains === 0 ? 0 : 1
  },
}

function readAnchor(args: Arguments): ChainHead | undefined {
  const text = args.text('expect')
  if (text === null) return undefined
  const [, sequence, hash] = ANCHOR_FORM.exec(text) ?? []
  if (sequence === undefined || hash === undefined) {
    throw new UsageError('--expect must be an anchor that this command has printed, NUMBER:HASH')
  }
  if (BigInt(sequence) === 0n) throw new CommandError('Entries are numbered from 1.')
  return { sequence: BigInt(sequence), hash: Buffer.from(hash, 'hex') }
}

async function* allMerchants(session: Session): AsyncGenerator<Merchant> {
  for (let before: Merchant['id'] | null = null; ; ) {
    const page: Merchant[] = await listMerchants(session, { limit: MERCHANTS_PAGE, before })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < MERCHANTS_PAGE) return
    before = last.id
  }
}

/** One line a merchant, so that any number of them can be checked. */
function print(io: CommandIo, args: Arguments, { id, name }: Merchant, verdict: ChainVerdict): void {
  const merchant = prefixedId('mer', id)
  if (verdict.code === 'intact') {
    const { entries, head } = verdict
    const anchor = head === null ? null : `${head.sequence}:${head.hash.toString('hex')}`
    if (args.flag('json')) {
      printJson(io, { object: 'audit_verdict', merchant, intact: true, entries: Number(entries), anchor })
    } else {
      io.stdout.write(`${merchant}  intact  ${entries} entries  anchor ${anchor ?? '-'}  ${name}\n`)
    }
    return
  }
  const { fault, sequence, entry } = verdict
  const first = { sequence: Number(sequence), action: entry?.action ?? null, at: entry?.at ?? null }
  if (args.flag('json')) {
    printJson(io, { object: 'audit_verdict', merchant, intact: false, fault, entry: first })
  } else {
    const what = entry === null ? '' : ` (${entry.action}, ${entry.at})`
    io.stdout.write(`${merchant}  BROKEN  entry ${sequence}${what} ${FAULT_TEXTS[fault]}  ${name}\n`)
  }
}

/** The commands of this group. */
export const auditCommands: readonly Command[] = [verify]
