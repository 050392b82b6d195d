// What is wrong with an endpoint's address, as far as it can be told before it is sent.
import type { Mode } from '../../api/request.ts'
import type { webhooksTexts } from './texts.ts'

/** Null when nothing is; the gateway looks again, and at where the name leads. */
export function urlProblem(text: string, mode: Mode, texts: (typeof webhooksTexts)['en']): string | null {
  if (text.trim() === '') return texts.urlMissing
  const url = URL.parse(text.trim())
  if (url === null || !/^https?:$/.test(url.protocol)) return texts.urlNoUrl
  if (mode === 'live' && url.protocol !== 'https:') return texts.urlNotHttps
  if (url.username !== '' || url.password !== '') return texts.urlCredentials
  return null
}
