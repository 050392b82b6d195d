// The shortcode of the simulator, with which a new merchant is paid without any credentials.
import type { Uuid } from '../ids.ts'
import type { SettingsDeps } from './merchants.ts'
import type { Sealer } from './sealed.ts'
import type { ShortcodeCredentials } from './shortcode.ts'
import { createShortcode } from './shortcodes.ts'

/** The app that the simulator knows from its start. */
export const SIMULATOR_CREDENTIALS: ShortcodeCredentials = {
  consumerKey: 'simulator',
  consumerSecret: 'simulator-secret',
  // Safaricom publishes it for its sandbox (Daraja, STK push).
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
}
const SIMULATOR_NUMBER = '174379'

/** Gives a merchant the simulator's paybill; one that has it keeps it. */
export async function createSimulatorShortcode(
  deps: SettingsDeps & { sealer: Sealer },
  merchantId: Uuid,
): Promise<void> {
  const made = await createShortcode(deps, {
    merchantId,
    environment: 'simulator',
    kind: 'paybill',
    number: SIMULATOR_NUMBER,
    credentials: SIMULATOR_CREDENTIALS,
    pullTransactions: true,
  })
  if (made.code === 'created' || made.code === 'duplicate') return
  throw new Error(`the simulator's shortcode was not made: ${made.code}`)
}
