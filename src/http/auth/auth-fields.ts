// What the routes of sign-in read from their bodies: nothing reaches the sign-in library unread.
import { EMAIL_HINT, EMAIL_LENGTH_MAX, parseEmail } from '../../accounts/email-address.ts'
import { NAME_HINT, parseName } from '../../merchants/name.ts'
import { type FieldReader, readFields, type ValueReader } from '../field-reader.ts'
import { booleanOf, timeZoneOf } from '../field-values.ts'

/** Above what may be set, so that the one who refuses a long password is the one who knows the limit. */
const PASSWORD_LENGTH_MAX = 1_000
const CODE_LENGTH_MAX = 40
const TOKEN_LENGTH_MAX = 200

/** What is sent on. */
export type AuthBody = Record<string, string | boolean | null>

/** A text as it was typed: blanks belong to a password. */
function rawTextOf(max: number): ValueReader<string> {
  return (value) => {
    if (typeof value !== 'string') return { ok: false, problem: 'must be a string' }
    const isFine = value !== '' && value.length <= max && value.isWellFormed() && !value.includes('\u0000')
    return isFine ? { ok: true, value } : { ok: false, problem: `must have 1 to ${max} characters` }
  }
}

const passwordOf = rawTextOf(PASSWORD_LENGTH_MAX)

const emailOf: ValueReader<string> = (value) => {
  const isShort = typeof value === 'string' && value.length <= 2 * EMAIL_LENGTH_MAX
  const email = isShort ? parseEmail(value) : null
  return email === null ? { ok: false, problem: EMAIL_HINT } : { ok: true, value: email }
}

const nameOf: ValueReader<string> = (value) => {
  const name = typeof value === 'string' ? parseName(value) : null
  return name === null ? { ok: false, problem: NAME_HINT } : { ok: true, value: name }
}

function reader(body: unknown): FieldReader {
  return readFields(body === undefined || body === null ? {} : body)
}

/** No field at all. */
export function readNothing(body: unknown): AuthBody {
  reader(body).checkAll()
  return {}
}

/** Who signs in. */
export function readSignIn(body: unknown): AuthBody & { email: string } {
  const fields = reader(body)
  const email = fields.required('email', emailOf) ?? ''
  const password = fields.required('password', passwordOf)
  const rememberMe = fields.optional('rememberMe', booleanOf) ?? true
  fields.checkAll()
  return { email, password, rememberMe }
}

/** Who signs up, and what is theirs to be. */
export type SignUp = {
  body: AuthBody & { email: string }
  merchantName: string | null
  invitation: string | null
}

/** Who signs up. */
export function readSignUp(body: unknown): SignUp {
  const fields = reader(body)
  const name = fields.required('name', nameOf)
  const email = fields.required('email', emailOf) ?? ''
  const password = fields.required('password', passwordOf)
  const merchantName = fields.optional('merchantName', nameOf)
  const invitation = fields.optional('invitation', rawTextOf(TOKEN_LENGTH_MAX))
  fields.checkAll()
  return { body: { name, email, password }, merchantName, invitation }
}

/** A code of an authenticator app, or of recovery. */
export function readCode(body: unknown): AuthBody & { code: string } {
  const fields = reader(body)
  const code = fields.text('code', { max: CODE_LENGTH_MAX }).replaceAll(' ', '')
  const trustDevice = fields.optional('trustDevice', booleanOf) ?? false
  fields.checkAll()
  return { code, trustDevice }
}

/** The password, once more. */
export function readPassword(body: unknown): AuthBody {
  const fields = reader(body)
  const password = fields.required('password', passwordOf)
  fields.checkAll()
  return { password }
}

/** A new password for the present one. */
export function readPasswordChange(body: unknown): AuthBody {
  const fields = reader(body)
  const currentPassword = fields.required('currentPassword', passwordOf)
  const newPassword = fields.required('newPassword', passwordOf)
  const revokeOtherSessions = fields.optional('revokeOtherSessions', booleanOf) ?? false
  fields.checkAll()
  return { currentPassword, newPassword, revokeOtherSessions }
}

/** Whose password is to be set anew. */
export function readResetWish(body: unknown): AuthBody & { email: string } {
  const fields = reader(body)
  const email = fields.required('email', emailOf) ?? ''
  fields.checkAll()
  return { email }
}

/** A new password, by a mailed token. */
export function readReset(body: unknown): AuthBody {
  const fields = reader(body)
  const token = fields.text('token', { max: TOKEN_LENGTH_MAX })
  const newPassword = fields.required('newPassword', passwordOf)
  fields.checkAll()
  return { token, newPassword }
}

/** The token of a link. */
export function readLink(body: unknown): AuthBody {
  const fields = reader(body)
  const token = fields.text('token', { max: TOKEN_LENGTH_MAX })
  fields.checkAll()
  return { token }
}

/** What somebody says of themselves. */
export function readProfile(body: unknown): AuthBody {
  const fields = reader(body)
  const change: AuthBody = {}
  if (fields.has('name')) change.name = fields.required('name', nameOf)
  if (fields.has('timeZone')) change.timeZone = fields.optional('timeZone', timeZoneOf)
  if (Object.keys(change).length === 0) fields.fault('name', 'or timeZone must be given')
  fields.checkAll()
  return change
}
