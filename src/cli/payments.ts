// `sukuma payments show`: everything known about one payment, for an operator.
import { type PaymentTrailResource, paymentTrailResource } from '../http/v1/payment-trail-resource.ts'
import { bindPaymentTrails } from '../http/v1/payment-trails.ts'
import { parsePrefixedId, parseUuid } from '../ids.ts'
import { createStatementStore } from '../payments/statement-store.ts'
import { type Command, CommandError, type CommandIo, UsageError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { printJson } from './output.ts'
import { openSession } from './session.ts'

const show: Command = {
  name: 'payments show',
  summary:
    'Shows everything known about one payment: its life, what is uncertain and why, and what comes next.',
  positionals: ['id'],
  options: { merchant: MERCHANT_OPTION },
  async run(io, args) {
    const [named = ''] = args.positionals
    const id = parsePrefixedId('pay', named) ?? parseUuid(named)
    if (id === null) throw new UsageError(`"${named}" is no id of a payment (pay_…, or a tracking id)`)
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const trails = bindPaymentTrails({ ...session, statements: createStatementStore(session) })
    const found =
      (await trails.read({ merchantId, live: true }, id)) ??
      (await trails.read({ merchantId, live: false }, id))
    if (found === null) throw new CommandError(`The merchant has no payment ${named}`)
    const resource = paymentTrailResource(found.trail, found.deliveries)
    if (args.flag('json')) printJson(io, resource)
    else print(io, resource)
    return 0
  },
}

/**
 * Callbacks, references and answers of receivers come from outside: none of them moves the cursor of a
 * terminal, makes a line of its own, or turns its direction round.
 */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

function print(io: CommandIo, trail: PaymentTrailResource): void {
  const { payment, statement } = trail
  const say = (line: string) => io.stdout.write(`${line.toWellFormed().replace(UNSHOWN, ' ')}\n`)
  const list = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return
    say('')
    say(title)
    for (const line of lines) say(`  ${line}`)
  }
  say(`${payment.id}  ${payment.status}  KES ${payment.amount}  ${payment.phone}  ${payment.reference}`)
  if (payment.result !== null)
    say(`${payment.result.code}  ${payment.result.label}  ${payment.receipt ?? '-'}`)
  if (payment.evidence !== null) say(`Known by ${payment.evidence.source}, ${payment.evidence.confidence}`)
  if (trail.uncertain !== null)
    say(`Uncertain since ${trail.uncertain.since ?? '-'}: ${trail.uncertain.detail}`)
  list(
    'What happened',
    trail.life.map(({ at, what, detail }) => `${at}  ${what}  ${detail}`),
  )
  list(
    'What comes next',
    trail.next.map(({ at, what, detail }) => `${at ?? '-'}  ${what}  ${detail}`),
  )
  if (statement?.last_at) {
    list('Statement', [
      `${statement.last_at}  ${statement.last_outcome ?? '-'}  next ${statement.next_at ?? '-'}`,
    ])
  }
  const callbacks = trail.callbacks.map(
    ({ received_at: at, kind, ip, body }) => `${at}  ${kind}  ${ip}  ${body}`,
  )
  list('Callbacks that changed nothing', callbacks)
  const webhooks = trail.webhook_deliveries.map(
    ({ created_at: at, event_type: type, status, attempts, last_error: error }) =>
      `${at}  ${type}  ${status}  ${attempts} attempts  ${error ?? '-'}`,
  )
  list('Webhooks', webhooks)
}

/** The commands of this group. */
export const paymentCommands: readonly Command[] = [show]
