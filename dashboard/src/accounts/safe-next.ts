// Where to go after a sign-in: only ever a page of ours.

/** Where everybody starts. */
export const FIRST_PAGE = '/'

/** Pages of those who are not signed in: going back to one would lead in a circle. */
const ACCOUNT_PAGES = /^\/(sign-in|sign-up|forgot-password|reset-password)([/?#]|$)/
/** A browser reads `\` as `/`, and leaves control characters out: neither is in an address of ours. */
const CONTROL_LAST = 0x20
const DELETE = 0x7f

/**
 * `wanted` when it is a path of this dashboard, else the first page. Never another origin: what a browser
 * would read as one (`//host`, `/\host`, `/<tab>/host`, `https:…`) is refused, so that nobody can be sent
 * away by a link to our own sign-in.
 */
export function safeNext(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/') || wanted.startsWith('//')) return FIRST_PAGE
  if (wanted.includes('\\') || [...wanted].some(isControl)) return FIRST_PAGE
  return ACCOUNT_PAGES.test(wanted) ? FIRST_PAGE : wanted
}

function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return code <= CONTROL_LAST || code === DELETE
}
