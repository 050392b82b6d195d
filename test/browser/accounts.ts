// People with accounts, made over the same calls as the pages', for tests that are about something else.
import type { BrowserContext } from 'playwright-core'

/** Somebody who can sign in. */
export type Person = { name: string; email: string; password: string }

/** Who owns the merchant in most tests. */
export const OWNER: Person = {
  name: 'Wanjiku Kamau',
  email: 'wanjiku@duka.example',
  password: 'a shop in Nairobi',
}

/** Signs up somebody with a merchant of their own; the context's pages are then theirs. */
export async function signUp(
  context: BrowserContext,
  url: string,
  { person = OWNER, merchantName }: { person?: Person; merchantName: string },
): Promise<void> {
  const { name, email, password } = person
  await send(context, url, '/auth/sign-up/email', { name, email, password, merchantName })
}

/** Signs in somebody who has an account. */
export async function signIn(
  context: BrowserContext,
  url: string,
  { email, password }: Person,
): Promise<void> {
  await send(context, url, '/auth/sign-in/email', { email, password })
}

/** Posts as a page of the dashboard would; resolves to the answer's body. Rejects unless it is a success. */
export async function send(
  context: BrowserContext,
  url: string,
  path: string,
  data: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const answer = await context.request.post(`${url}${path}`, { data, headers: { origin: url, ...headers } })
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok()) throw new Error(`${path} was answered with ${answer.status()}: ${JSON.stringify(body)}`)
  return typeof body === 'object' && body !== null ? { ...body } : {}
}
