// `sukuma shortcodes set`: changes what is no secret of a shortcode.
import { changesBetween, shortcodeTarget, shownShortcode } from '../http/v1/audited.ts'
import { updateShortcode } from '../merchants/shortcodes.ts'
import { type Command, CommandError, UsageError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { findNamedShortcode } from './find-shortcode.ts'
import { printOne } from './output.ts'
import { record } from './record.ts'
import { openSession } from './session.ts'
import { showShortcode } from './show-shortcode.ts'

/** The command. */
export const set: Command = {
  name: 'shortcodes set',
  summary: "Turns the pulling of a shortcode's statement on or off.",
  positionals: ['id or number'],
  options: {
    merchant: MERCHANT_OPTION,
    'pull-transactions': {
      value: 'on|off',
      doc: 'Whether to pull. In production the Pull Transactions API must be ordered from Safaricom first.',
      required: true,
    },
  },
  async run(io, args) {
    const [named = ''] = args.positionals
    const wanted = args.required('pull-transactions')
    if (wanted !== 'on' && wanted !== 'off') throw new UsageError('--pull-transactions must be on or off')
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const before = await findNamedShortcode(session, merchantId, named, { disabled: true })
    const result = await updateShortcode(session, merchantId, before.id, {
      pullTransactions: wanted === 'on',
    })
    if (result.code !== 'updated') throw new CommandError('The shortcode is gone.')
    await record(session, io, {
      ...{ merchantId, live: before.live, action: 'shortcode.updated' },
      target: shortcodeTarget(result.shortcode),
      changes: changesBetween(shownShortcode(before), shownShortcode(result.shortcode)),
    })
    printOne(io, args, showShortcode(result.shortcode))
    return 0
  },
}
