// What one shortcode needs to speak to Daraja, and the id under which its token is shared.
import { createHash } from 'node:crypto'

/** A shortcode with the credentials of its Daraja app, unsealed. Never logged. */
export type DarajaCredential = {
  /**
   * Names the shared token. Shortcodes of one Daraja app carry the same id, since a new token may end the
   * one before; changed keys carry another id. `credentialIdOf` makes such an id.
   */
  id: string
  environment: 'simulator' | 'sandbox' | 'production'
  /** `https://sandbox.safaricom.co.ke`; a path prefix is kept, a slash at the end is not. */
  baseUrl: string
  consumerKey: string
  consumerSecret: string
  passkey: string
  kind: 'paybill' | 'till'
  /** The paybill; for a till its head-office or store number. */
  businessShortCode: string
  /** The paybill again; for a till the till number. */
  partyB: string
}

/** Hexadecimal digits of an id: 128 bits, so that two apps never meet. */
const ID_DIGITS = 32

/** The id of a Daraja app: the same for the same address, key and secret, whoever owns the shortcode. */
export function credentialIdOf(
  credential: Pick<DarajaCredential, 'baseUrl' | 'consumerKey' | 'consumerSecret'>,
): string {
  const parts = [credential.baseUrl, credential.consumerKey, credential.consumerSecret]
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `app_${digest.slice(0, ID_DIGITS)}`
}

/** The address of one of Daraja's paths (`/mpesa/…`). Throws when `baseUrl` is no URL. */
export function darajaUrl(credential: Pick<DarajaCredential, 'baseUrl'>, path: string): URL {
  return new URL(credential.baseUrl.replace(/\/+$/, '') + path)
}
