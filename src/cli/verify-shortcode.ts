// `sukuma shortcodes verify`: asks Daraja for a token.
import type { Config } from '../config.ts'
import { shortcodeTarget } from '../http/v1/audited.ts'
import { prefixedId } from '../ids.ts'
import { readDemoFile } from '../merchants/demo-file.ts'
import type { DarajaUrls } from '../merchants/shortcode-directory.ts'
import { type VerifyShortcodeResult, verifyShortcode } from '../merchants/verify-shortcode.ts'
import { type Command, CommandError } from './command.ts'
import { findNamedMerchant, MERCHANT_OPTION } from './find-merchant.ts'
import { findNamedShortcode } from './find-shortcode.ts'
import { printOne } from './output.ts'
import { record } from './record.ts'
import { openSession } from './session.ts'
import { showShortcode } from './show-shortcode.ts'

/** The command. */
export const verify: Command = {
  name: 'shortcodes verify',
  summary:
    'Asks Daraja for a token, which proves consumer key and secret. Only a payment proves the passkey.',
  positionals: ['id or number'],
  options: { merchant: MERCHANT_OPTION },
  async run(io, args) {
    const [named = ''] = args.positionals
    await using session = await openSession(io)
    const { id: merchantId } = await findNamedMerchant(session, args)
    const shortcode = await findNamedShortcode(session, merchantId, named, { disabled: true })
    const urls = await findUrls(session.config)
    const { createCore } = await import('../compose-core.ts')
    const core = createCore({
      ...session,
      db: session.db,
      asked: session.db,
      simulatorUrl: urls.simulator,
      publicUrl: () => session.config.publicUrl ?? '',
    })
    await using ending = new AsyncDisposableStack()
    ending.defer(() => core.close())
    const result = await verifyShortcode({ ...session, urls, daraja: core.daraja }, merchantId, shortcode.id)
    await record(session, io, {
      ...{ merchantId, live: shortcode.live, action: 'shortcode.verified' },
      target: shortcodeTarget(shortcode),
      detail: { result: result.code },
    })
    if (result.code !== 'verified') throw new CommandError(explain(result, prefixedId('sc', shortcode.id)))
    printOne(io, args, showShortcode(result.shortcode))
    return 0
  },
}

/** The simulator runs inside a gateway; one on a free port has told its address in demo.json. */
async function findUrls(config: Config): Promise<DarajaUrls> {
  const told =
    config.databaseUrl === null ? ((await readDemoFile(config.dataDir))?.simulatorUrl ?? null) : null
  const expected = config.simulatorPort === null ? null : `http://127.0.0.1:${config.simulatorPort}`
  const simulator = config.simulatorPort === 0 ? told : expected
  return { simulator, sandbox: config.darajaSandboxUrl, production: config.darajaProductionUrl }
}

function explain(result: Exclude<VerifyShortcodeResult, { code: 'verified' }>, id: string): string {
  if (result.code === 'refused') return `Daraja gave no token: ${result.detail}`
  if (result.code === 'no_address') return 'The simulator is off (SIMULATOR_PORT), so there is nobody to ask.'
  if (result.code === 'changed') return 'The credentials were changed meanwhile: verify again.'
  return `There is no shortcode ${id}.`
}
