// `sukuma shortcodes …`
import { shortcodeTarget, shownShortcode } from '../http/v1/audited.ts'
import { prefixedId } from '../ids.ts'
import { SHORTCODE_ENVIRONMENTS, SHORTCODE_KINDS, type ShortcodeEnvironment } from '../merchants/shortcode.ts'
import { listShortcodes } from '../merchants/shortcode-store.ts'
import { createShortcode } from '../merchants/shortcodes.ts'
import { SIMULATOR_CREDENTIALS } from '../merchants/simulator-shortcode.ts'
import { type Arguments, type Command, CommandError, UsageError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { cutList, LIMIT_OPTION, newestFirst, readLimit } from './list-limit.ts'
import { fieldErrors, printList, printOne } from './output.ts'
import { record } from './record.ts'
import { readSecrets, secretOptions } from './secret-input.ts'
import { openSession } from './session.ts'
import { set } from './set-shortcode.ts'
import { showShortcode } from './show-shortcode.ts'
import { verify } from './verify-shortcode.ts'

const SECRETS = [
  { option: 'consumer-key', variable: 'DARAJA_CONSUMER_KEY' },
  { option: 'consumer-secret', variable: 'DARAJA_CONSUMER_SECRET' },
  { option: 'passkey', variable: 'DARAJA_PASSKEY' },
]

function choice<const C extends string>(args: Arguments, name: string, choices: readonly C[]): C {
  const found = choices.find((each) => each === args.required(name))
  if (found === undefined) throw new UsageError(`--${name} must be one of ${choices.join(', ')}`)
  return found
}

/** The simulator takes its own credentials for any shortcode that it knows; Safaricom's are asked for. */
function fallbacksFor(environment: ShortcodeEnvironment): string[] {
  if (environment !== 'simulator') return []
  const { consumerKey, consumerSecret, passkey } = SIMULATOR_CREDENTIALS
  return [consumerKey, consumerSecret, passkey]
}

const add: Command = {
  name: 'shortcodes add',
  summary:
    'Adds a paybill or till, with the credentials of its Daraja app. They are sealed, and never shown again.',
  options: {
    merchant: MERCHANT_OPTION,
    environment: { value: SHORTCODE_ENVIRONMENTS.join('|'), doc: 'Which Daraja.', required: true },
    kind: { value: SHORTCODE_KINDS.join('|'), doc: 'What customers pay to.', required: true },
    number: {
      value: 'DIGITS',
      doc: 'The paybill; for a till its store (head office) number.',
      required: true,
    },
    'till-number': { value: 'DIGITS', doc: 'The till number, for a till.' },
    'pull-transactions': { doc: 'Pull M-Pesa’s list of its payments (to be ordered from Safaricom).' },
    ...secretOptions(SECRETS),
  },
  async run(io, args) {
    const environment = choice(args, 'environment', SHORTCODE_ENVIRONMENTS)
    const kind = choice(args, 'kind', SHORTCODE_KINDS)
    const secrets = await readSecrets(io, args, SECRETS, fallbacksFor(environment))
    const [consumerKey = '', consumerSecret = '', passkey = ''] = secrets
    await using session = await openSession(io)
    const merchant = await findNamedMerchant(session, args)
    const made = await createShortcode(session, {
      merchantId: merchant.id,
      environment,
      kind,
      number: args.required('number'),
      tillNumber: args.text('till-number'),
      credentials: { consumerKey, consumerSecret, passkey },
      pullTransactions: args.flag('pull-transactions'),
    })
    if (made.code === 'invalid') throw fieldErrors(made.errors)
    if (made.code === 'unknown_merchant') throw new CommandError('The merchant is gone.')
    if (made.code === 'duplicate') {
      throw new CommandError(`${merchant.name} has it already: ${prefixedId('sc', made.shortcode.id)}`)
    }
    await record(session, io, {
      ...{ merchantId: merchant.id, live: made.shortcode.live, action: 'shortcode.created' },
      target: shortcodeTarget(made.shortcode),
      detail: shownShortcode(made.shortcode),
    })
    printOne(io, args, showShortcode(made.shortcode))
    return 0
  },
}

const list: Command = {
  name: 'shortcodes list',
  summary: "Lists a merchant's shortcodes, newest first, without their credentials.",
  options: { merchant: MERCHANT_OPTION, limit: LIMIT_OPTION },
  async run(io, args) {
    const limit = readLimit(args)
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const page = { limit: limit + 1, before: null }
    const live = await listShortcodes(session, { merchantId, live: true }, page)
    const test = await listShortcodes(session, { merchantId, live: false }, page)
    const shown = cutList(io, newestFirst([...live, ...test]), limit).map(showShortcode)
    printList(io, args, shown, [
      'id',
      'environment',
      'kind',
      'number',
      'till_number',
      'pull_transactions',
      'verified_at',
      'disabled_at',
    ])
    return 0
  },
}

/** The commands of this group. */
export const shortcodeCommands: readonly Command[] = [add, list, set, verify]
