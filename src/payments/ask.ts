// Asking M-Pesa about payments whose callback has not come: the budget goes to those whose answer is worth
// most, what gets none of it is not written at all, and only a verdict settles.

import type { DarajaCredential } from '../daraja/credential.ts'
import type { Uuid } from '../ids.ts'
import { raiseContradiction } from './contradiction.ts'
import { SEND_LEASE_MS } from './create.ts'
import { type MoveDeps, type MoveFacts, moveOpen } from './move.ts'
import type { LastQuery, Payment } from './payment.ts'
import type { PaymentDeps } from './payment-deps.ts'
import type { Question, QuestionClaim } from './payment-question-store.ts'
import {
  askAgainAt,
  judgeAnswer,
  lastQueryOf,
  PAID_WHILE_OPEN,
  type QueryAnswer,
  SUCCESS_CODE,
} from './query-answer.ts'
import type { QueryBudget } from './query-budget.ts'
import { rankQuestions } from './question-rank.ts'
import { type LifeEvent, transition } from './state-table.ts'

/** The parts of the core that asking needs. */
export type AskDeps = MoveDeps & Pick<PaymentDeps, 'daraja' | 'shortcodes'> & { budget: QueryBudget }

/** Puts questions, within the budget. */
export type Asker = {
  /** Puts the questions that are due and may be put now, without waiting for answers; how many. */
  sweep(): Promise<number>
  /**
   * Puts a question about one payment at once, due or not, out of the same budget; resolves to what came of
   * it, or to why it was not put.
   */
  now(payment: Payment): Promise<AskedNow>
  /** Resolves when no question is under way. */
  idle(): Promise<void>
}

/**
 * What came of a question at once. `being_asked`: another process asks, or it was settled meanwhile.
 * `no_credentials`: there are none, or Daraja gives no token for them.
 */
export type AskedNow =
  | { ok: true; answer: LastQuery }
  | { ok: false; reason: 'no_credentials' | 'budget' | 'being_asked' }

/** Questions under way with one app: a Daraja that hangs is not asked more and more. */
const UNDER_WAY_MAX = 100
/**
 * Without a token no question of the app's can be put. Its permits are given back, so that nothing else keeps
 * a sweep from going through all that is due.
 */
const TOKEN_HOLD_MS = 10_000
/** Shortcodes looked at in one sweep; the next one goes on from there. A probe of an index each. */
const SHORTCODES_MAX = 1_000
/** Of each shortcode and order: more than the permits that a sweep can get, so that there is a choice. */
const EACH_MAX = 100

/** What waits with one app, and the app's credential in the eyes of each shortcode. */
type Group = { credential: DarajaCredential; questions: Question[] }

/** An asker over `deps`. */
export function createAsker(deps: AskDeps): Asker {
  const underWay = new Map<string, Set<Promise<void>>>()
  const holds = createTokenHolds(deps)
  let after: Uuid | null = null

  function start(credential: DarajaCredential, payment: Payment): Promise<LastQuery | null> {
    const asked = underWay.get(credential.id) ?? new Set()
    underWay.set(credential.id, asked)
    const answer = ask(deps, credential, payment)
    const asking = answer.then(
      (query) => holds.note(credential.id, query !== null),
      (error: unknown) => {
        deps.log.error({ step: 'query', payment: payment.id, err: error }, 'a question was not recorded')
      },
    )
    asked.add(asking)
    void asking.then(() => {
      asked.delete(asking)
      if (asked.size === 0) underWay.delete(credential.id)
    })
    return answer
  }

  const roomOf = (app: string) => UNDER_WAY_MAX - (underWay.get(app)?.size ?? 0)
  const sweepRoomOf = (app: string) => (holds.isHeld(app) ? 0 : roomOf(app))

  return {
    async sweep() {
      const now = new Date(deps.clock.now())
      const page = { now, after, shortcodesMax: SHORTCODES_MAX, eachMax: EACH_MAX }
      const { questions, next } = await deps.store.readQuestions(page)
      after = next
      const groups = await groupByApp(deps, questions)
      const chosen = await choose(deps, groups, sweepRoomOf)
      const claimed = await claim(deps, chosen)
      for (const { credential, payment } of claimed) start(credential, payment).catch(() => {})
      return claimed.length
    },
    async now(payment) {
      const { id: paymentId, merchantId, shortcodeId } = payment
      const credential = await credentialOf(deps, { merchantId, shortcodeId })
      if (credential === null) return { ok: false, reason: 'no_credentials' }
      const wanted = Math.min(1, Math.max(0, roomOf(credential.id)))
      const wish = { credentialId: credential.id, environment: credential.environment, wanted }
      const granted = (await deps.budget.take([wish])).get(credential.id) ?? 0
      if (granted === 0) return { ok: false, reason: 'budget' }
      const keys = [{ merchantId, paymentId }]
      const claimed = await claimOrGiveBack(deps, [{ credential }], { keys, early: true })
      const [free] = claimed
      if (free !== undefined) {
        const answer = await start(credential, free)
        return answer === null ? { ok: false, reason: 'no_credentials' } : { ok: true, answer }
      }
      await giveBack(deps, [{ credential }])
      return { ok: false, reason: 'being_asked' }
    },
    async idle() {
      while (underWay.size > 0) await Promise.all([...underWay.values()].flatMap((asked) => [...asked]))
    },
  }
}

/** The apps that had no token a moment ago, one entry each. */
function createTokenHolds({ clock }: Pick<AskDeps, 'clock'>) {
  const untilMs = new Map<string, number>()
  return {
    note(app: string, hadToken: boolean): void {
      if (hadToken) untilMs.delete(app)
      else untilMs.set(app, clock.now() + TOKEN_HOLD_MS)
    },
    isHeld(app: string): boolean {
      const leftMs = (untilMs.get(app) ?? 0) - clock.now()
      // A clock that was set back must not hold it.
      return leftMs > 0 && leftMs <= TOKEN_HOLD_MS
    },
  }
}

/** A shortcode without an address or credentials here, such as the simulator's when that is off, waits. */
async function groupByApp(deps: AskDeps, questions: readonly Question[]): Promise<Map<Uuid, Group>> {
  const groups = new Map<Uuid, Group>()
  for (const question of questions) {
    const group = groups.get(question.shortcodeId)
    if (group !== undefined) {
      group.questions.push(question)
      continue
    }
    const credential = await credentialOf(deps, question)
    if (credential !== null) groups.set(question.shortcodeId, { credential, questions: [question] })
  }
  return groups
}

async function credentialOf(
  deps: AskDeps,
  question: Pick<Question, 'merchantId' | 'shortcodeId'>,
): Promise<DarajaCredential | null> {
  try {
    return await deps.shortcodes.credentialOf(question.merchantId, question.shortcodeId)
  } catch (error) {
    deps.log.error({ shortcode: question.shortcodeId, err: error }, 'credentials could not be read')
    return null
  }
}

/** A question that has a permit. */
type Chosen = { credential: DarajaCredential; question: Question }

/** Takes permits for all apps at once, and spends each app's on what ranks first with it. */
async function choose(
  deps: AskDeps,
  groups: ReadonlyMap<Uuid, Group>,
  roomOf: (app: string) => number,
): Promise<Chosen[]> {
  const byApp = new Map<string, Chosen[]>()
  for (const { credential, questions } of groups.values()) {
    const sameApp = byApp.get(credential.id) ?? []
    for (const question of questions) sameApp.push({ credential, question })
    byApp.set(credential.id, sameApp)
  }
  const wishes = [...byApp].flatMap(([credentialId, [first, ...rest]]) => {
    if (first === undefined) return []
    const wanted = Math.min(1 + rest.length, Math.max(0, roomOf(credentialId)))
    return [{ credentialId, environment: first.credential.environment, wanted }]
  })
  const granted = await deps.budget.take(wishes)
  const nowMs = deps.clock.now()
  return [...byApp].flatMap(([credentialId, waiting]) => {
    const ranked = rankQuestions(
      waiting.map(({ credential, question }) => ({ ...question, credential, question })),
      nowMs,
    )
    return ranked.slice(0, granted.get(credentialId) ?? 0)
  })
}

/** Leases what is still free; a permit for what another process has taken meanwhile is given back. */
async function claim(
  deps: AskDeps,
  chosen: readonly Chosen[],
): Promise<{ credential: DarajaCredential; payment: Payment }[]> {
  if (chosen.length === 0) return []
  const keys = chosen.map(({ question }) => question)
  const payments = await claimOrGiveBack(deps, chosen, { keys, early: false })
  const byId = new Map(payments.map((payment) => [payment.id, payment]))
  await giveBack(
    deps,
    chosen.filter(({ question }) => !byId.has(question.paymentId)),
  )
  return chosen.flatMap(({ credential, question }) => {
    const payment = byId.get(question.paymentId)
    return payment === undefined ? [] : [{ credential, payment }]
  })
}

/** A question that will not be put had this permit. */
type Permit = { credential: DarajaCredential }

/** Claims; when that fails nothing is asked, and the permits are given back as far as they can be. */
async function claimOrGiveBack(
  deps: AskDeps,
  permits: readonly Permit[],
  claim: Pick<QuestionClaim, 'keys' | 'early'>,
): Promise<Payment[]> {
  try {
    return await deps.store.claimQuestions({ ...leaseOf(deps), ...claim })
  } catch (error) {
    await giveBack(deps, permits).catch(() => undefined)
    throw error
  }
}

async function giveBack(deps: AskDeps, permits: readonly Permit[]): Promise<void> {
  const counts = new Map<string, number>()
  for (const { credential } of permits) counts.set(credential.id, (counts.get(credential.id) ?? 0) + 1)
  for (const [credentialId, count] of counts) await deps.budget.giveBack(credentialId, count)
}

function leaseOf({ clock, process }: AskDeps) {
  const nowMs = clock.now()
  return { now: new Date(nowMs), process, leaseUntil: new Date(nowMs + SEND_LEASE_MS) }
}

/** Puts the question, records what came of it, and resolves to that; null: there was no token to ask with. */
async function ask(deps: AskDeps, credential: DarajaCredential, payment: Payment): Promise<LastQuery | null> {
  const { checkoutRequestId } = payment
  if (checkoutRequestId === null) throw new Error('a question was claimed that there is no id for')
  const askedMs = deps.clock.now()
  const answer = judgeAnswer(payment, await deps.daraja.query(credential, checkoutRequestId), askedMs)
  await report(deps, credential, payment, answer)
  const now = new Date(deps.clock.now())
  const query = lastQueryOf(answer, now)
  const key = { merchantId: payment.merchantId, paymentId: payment.id }
  if (answer.kind === 'open') {
    const isAsked = answer.reason !== 'token'
    const dueAt = askAgainAt(payment, answer, now)
    await deps.store.postpone({ ...key, leasedBy: deps.process, dueAt, query: isAsked ? query : null })
    if (isAsked) return query
    await deps.budget.giveBack(credential.id, 1)
    return null
  }
  const event = answer.resultCode === SUCCESS_CODE ? 'paid_confirmed' : 'declined'
  const moved = await moveOpen(deps, key, event, { ...verdictFacts(checkoutRequestId, answer), query })
  if (moved === undefined) await raiseIfContradicted(deps, payment, event)
  return query
}

/** Settled while the question was under way, perhaps by words that say otherwise. */
async function raiseIfContradicted(
  deps: AskDeps,
  { merchantId, id: paymentId }: Payment,
  event: LifeEvent,
): Promise<void> {
  const found = await deps.store.find({ merchantId, paymentId })
  if (found === null || transition(found.state, event) !== 'contradicted') return
  await raiseContradiction(deps, found, { step: 'query', eventId: deps.newUuid(), callback: null })
}

function verdictFacts(checkoutRequestId: string, answer: QueryAnswer & { kind: 'verdict' }): MoveFacts {
  const query = { result_code: answer.resultCode, result_desc: answer.resultDesc }
  return {
    checkoutRequestId,
    resultCode: answer.resultCode,
    resultDesc: answer.resultDesc,
    evidence: { source: 'query', confidence: 'confirmed', token: null, ip: null, query },
  }
}

async function report(
  deps: AskDeps,
  credential: DarajaCredential,
  payment: Payment,
  answer: QueryAnswer,
): Promise<void> {
  const what = answer.kind === 'verdict' ? 'verdict' : answer.reason
  deps.observe.queried(what, answer.durationMs)
  if (answer.kind === 'open' && what === 'rate_limited') {
    await deps.budget.refused(credential.id, answer.retryAfterMs)
  } else if (what === 'verdict' || what === 'in_flight' || what === PAID_WHILE_OPEN) {
    deps.budget.answered(credential.id)
  }
  deps.log.info(
    {
      step: 'query',
      payment: payment.id,
      merchant: payment.merchantId,
      outcome: what,
      code: answer.kind === 'verdict' ? answer.resultCode : answer.code,
      durationMs: Math.round(answer.durationMs),
    },
    'query answered',
  )
}
