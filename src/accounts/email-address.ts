// E-mail addresses, as far as anybody can tell without writing to one.

/** RFC 5321, section 4.5.3.1. */
export const EMAIL_LENGTH_MAX = 254
/** One `@`, a domain with a dot, and nothing that a header or a terminal would take for something else. */
const FORM = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+$/
/** What to tell somebody whose address was not taken. */
export const EMAIL_HINT = 'must be an e-mail address such as amina@example.org'

/** The address in lower case, which all of ours are kept in; null when it is none. */
export function parseEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  return email.length <= EMAIL_LENGTH_MAX && FORM.test(email) ? email : null
}
