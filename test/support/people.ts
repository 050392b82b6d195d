// People in browsers: each has a jar of cookies, and asks as a page of the gateway's own would.
import { createHmac } from 'node:crypto'
import type { Answer } from './gateway.ts'

/** Settings of a gateway with accounts. */
export const WITH_ACCOUNTS = { SUKUMA_DASHBOARD: 'on' }
/** Everybody's. */
export const PASSWORD = 'kahawa-na-chai-9'

/** Somebody's browser. */
export type Person = {
  email: string
  cookies: Map<string, string>
  /** Asks with the cookies; `headers` over those of a page of the gateway's own. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** What was set, as it was sent, by the name of the cookie. */
  setCookies: Map<string, string>
}

/** A browser of somebody with this address, who has not signed in. `url` is where the gateway is. */
export function openBrowser(url: string, email = 'amina@shop.example'): Person {
  const cookies = new Map<string, string>()
  const setCookies = new Map<string, string>()
  const ask: Person['ask'] = async (method, path, body, headers = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { origin: url }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === '' ? {} : { cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const each of response.headers.getSetCookie()) keepCookie({ cookies, setCookies }, each)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    const read = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, body: read, text }
  }
  return {
    email,
    cookies,
    setCookies,
    ask,
    post: (path, body = {}) => ask('POST', path, body),
    get: (path, headers) => ask('GET', path, undefined, headers),
  }
}

function keepCookie(jar: Pick<Person, 'cookies' | 'setCookies'>, line: string): void {
  const [pair = ''] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at)
  jar.setCookies.set(name, line)
  if (/max-age=0/i.test(line) || pair.slice(at + 1) === '') jar.cookies.delete(name)
  else jar.cookies.set(name, pair.slice(at + 1))
}

/** Somebody who has signed up. Throws when they may not. */
export async function signUp(
  bed: { gateway: { url: string } },
  email: string,
  more: Record<string, unknown> = {},
): Promise<Person> {
  const person = openBrowser(bed.gateway.url, email)
  const body = { name: email.split('@')[0], email, password: PASSWORD, ...more }
  const answer = await person.post('/auth/sign-up/email', body)
  if (answer.status !== 200) throw new Error(`sign-up: ${answer.status} ${answer.text}`)
  return person
}

/** The same person in another browser. */
export async function signInAgain(bed: { gateway: { url: string } }, person: Person): Promise<Person> {
  const other = openBrowser(bed.gateway.url, person.email)
  const answer = await other.post('/auth/sign-in/email', { email: person.email, password: PASSWORD })
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`)
  return other
}

/** Headers with which a page asks /v1 as a merchant; `merchant` as it is shown, `mer_…`. */
export function asMerchant(merchant: string, mode: 'test' | 'live' = 'test'): Record<string, string> {
  return { 'sukuma-merchant': merchant, 'sukuma-mode': mode }
}

/** The merchants of somebody, as `GET /dashboard/session` lists them. */
export async function merchantsOf(person: Person): Promise<{ id: string; name: string; role: string }[]> {
  const { body } = await person.get('/dashboard/session')
  return body.merchants as { id: string; name: string; role: string }[]
}

/** A colleague of `owner`, invited to the merchant with this role, who has signed up by the link. */
export async function inviteColleague(
  bed: { gateway: { url: string } },
  owner: Person,
  { merchant, email, role }: { merchant: string; email: string; role: string },
): Promise<Person> {
  const headers = asMerchant(merchant)
  const invited = await owner.ask('POST', '/dashboard/team/invitations', { email, role }, headers)
  if (invited.status !== 201) throw new Error(`invitation: ${invited.status} ${invited.text}`)
  return signUp(bed, email, { invitation: tokenOf(String(invited.body.link)) })
}

/** The token at the end of a link. */
export function tokenOf(link: string): string {
  return /[A-Za-z0-9_-]+$/.exec(link)?.[0] ?? ''
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const TOTP_PERIOD_MS = 30_000

/** The code that an authenticator app shows for a `totpURI` now (RFC 6238; its own reading of the secret). */
export function totpCode(uri: string, nowMs: number = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret.replaceAll('=', '')].map((each) =>
    BASE32.indexOf(each).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / TOTP_PERIOD_MS)))
  const key = Buffer.from(bytes.map((each) => Number.parseInt(each, 2)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = (hash.at(-1) ?? 0) & 0xf
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
