// The proof that Daraja takes a shortcode's consumer key and secret.
import type { Clock } from '../clock.ts'
import type { DarajaClient } from '../daraja/client.ts'
import type { Database } from '../db/database.ts'
import type { Uuid } from '../ids.ts'
import type { Sealer } from './sealed.ts'
import type { Shortcode } from './shortcode.ts'
import { type DarajaUrls, toCredential } from './shortcode-directory.ts'
import { findSealedShortcode, markShortcodeVerified } from './shortcode-store.ts'

/** What became of it. */
export type VerifyShortcodeResult =
  | { code: 'verified'; shortcode: Shortcode }
  | { code: 'not_found' }
  /** Daraja gave no token; `detail` says why, for the merchant to read. */
  | { code: 'refused'; detail: string }
  /** The simulator is off here, so there is nobody to ask. */
  | { code: 'no_address' }
  /** They were changed while Daraja was asked. */
  | { code: 'changed' }

/**
 * Asks Daraja for a new token with the credentials as they are in the database now. That proves consumer key
 * and secret; whether the passkey fits only a push can tell.
 */
export async function verifyShortcode(
  deps: {
    db: Database
    clock: Clock
    sealer: Sealer
    urls: DarajaUrls
    daraja: Pick<DarajaClient, 'verify'>
  },
  merchantId: Uuid,
  id: Uuid,
): Promise<VerifyShortcodeResult> {
  const found = await findSealedShortcode(deps, merchantId, id)
  if (found === null) return { code: 'not_found' }
  const credential = toCredential(deps, found)
  if (credential === null) return { code: 'no_address' }
  const answer = await deps.daraja.verify(credential)
  if (!answer.ok) return { code: 'refused', detail: answer.detail }
  const shortcode = await markShortcodeVerified(deps, found, new Date(deps.clock.now()))
  return shortcode === null ? { code: 'changed' } : { code: 'verified', shortcode }
}
