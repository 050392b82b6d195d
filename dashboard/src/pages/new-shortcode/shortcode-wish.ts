// What is asked of a new paybill or till, and what can be wrong with it.
import type { Mode } from '../../api/request.ts'
import type { Environment } from '../../developer/resources.ts'
import { type CredentialValues, credentialProblem, NO_CREDENTIALS } from '../shortcode/credential-fields.tsx'
import type { shortcodeTexts } from '../shortcode/texts.ts'
import type { newShortcodeTexts } from './texts.ts'

/** The form's values, named as the gateway takes them. */
export type ShortcodeWish = CredentialValues & {
  environment: Environment
  kind: 'paybill' | 'till'
  number: string
  till_number: string
}

/** Where a shortcode of a side can be. */
export const environmentsOf = (mode: Mode): readonly Environment[] =>
  mode === 'live' ? ['production'] : ['simulator', 'sandbox']

/** An empty form. */
export const emptyWish = (mode: Mode): ShortcodeWish => ({
  ...NO_CREDENTIALS,
  environment: mode === 'live' ? 'production' : 'simulator',
  kind: 'paybill',
  number: '',
  till_number: '',
})

/** What the simulator takes: published, and of no use elsewhere. */
export const SIMULATOR_CREDENTIALS: CredentialValues = {
  consumer_key: 'simulator',
  consumer_secret: 'simulator-secret',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
}

type Words = (typeof newShortcodeTexts)['en']
type Errors = Partial<Record<keyof ShortcodeWish, string>>

/** What is wrong with the numbers, by field. */
export function numberErrors({ kind, number, till_number }: ShortcodeWish, texts: Words): Errors {
  if (kind === 'paybill') return /^\d{5,7}$/.test(number.trim()) ? {} : { number: texts.paybillWrong }
  return {
    ...(/^\d{5,8}$/.test(number.trim()) ? {} : { number: texts.storeWrong }),
    ...(/^\d{5,8}$/.test(till_number.trim()) ? {} : { till_number: texts.tillWrong }),
  }
}

/** What is wrong with the credentials, by field. */
export function credentialErrors(
  wish: ShortcodeWish,
  texts: Words,
  shared: (typeof shortcodeTexts)['en'],
): Errors {
  const errors: Errors = {}
  for (const field of ['consumer_key', 'consumer_secret', 'passkey'] as const) {
    const problem = wish[field].trim() === '' ? texts.missing : credentialProblem(field, wish[field], shared)
    if (problem !== null) errors[field] = problem
  }
  return errors
}
