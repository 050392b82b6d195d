// The headers under which a browser runs our pages: scripts of our own alone, no talk with other origins, and
// no page of somebody else's around ours.

/** What differs between the gateway's pages and the simulator's. */
export type PagePolicy = {
  /** Origins whose pages may be shown inside of ours. */
  frames: readonly string[]
  /** Origins that may show our page inside of theirs; none unless told. */
  framedBy: readonly string[]
  /** Whether browsers reach us over TLS, and are to do so from now on. */
  isHttps: boolean
}

/** Two years, which is what browsers ask of those on their own lists. */
const HTTPS_ONLY_SECONDS = 63_072_000
/** Nothing of a machine but its screen and its clipboard is ever wanted. */
const UNWANTED = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'browsing-topics']

/** The headers of an HTML page. */
export function pageHeaders({ frames, framedBy, isHttps }: PagePolicy): Record<string, string> {
  const list = (origins: readonly string[]) => (origins.length === 0 ? "'none'" : origins.join(' '))
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // The components write their styles, never their scripts, into the page as they are shown.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    `frame-src ${list(frames)}`,
    `frame-ancestors ${list(framedBy)}`,
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'permissions-policy': UNWANTED.map((name) => `${name}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
    ...(isHttps ? { 'strict-transport-security': `max-age=${HTTPS_ONLY_SECONDS}` } : {}),
  }
}
