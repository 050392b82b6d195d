// Every address of the dashboard, for what is asked of each of them.
import { readFile } from 'node:fs/promises'

/** Ids of things that there are, to look at. */
export type Things = { payment: string; webhook: string; shortcode: string; invitation: string }

/** For those who are not signed in. */
const SIGNED_OUT = ['/sign-in', '/sign-up', '/forgot-password', '/reset-password', '/accept-invitation/$id']
/** For members of a merchant. */
const SIGNED_IN = [
  '/',
  '/start',
  '/payments',
  '/payments/new',
  '/payments/$id',
  '/api-keys',
  '/webhooks',
  '/webhooks/$id',
  '/shortcodes',
  '/shortcodes/new',
  '/shortcodes/$id',
  '/team',
  '/audit-log',
  '/settings',
]
const ROUTER = new URL('../../dashboard/src/router.tsx', import.meta.url)

/** An address, by its pattern and as it is opened, and what to call it; `isOpen` needs nobody signed in. */
export type Route = { name: string; pattern: string; path: string; isOpen: boolean }

/** All of them, each with a thing that there is. */
export function everyRoute(things: Things): Route[] {
  const ids: Record<string, string> = {
    payments: things.payment,
    webhooks: things.webhook,
    shortcodes: things.shortcode,
    'accept-invitation': things.invitation,
  }
  const fill = (isOpen: boolean) => (pattern: string) => {
    const path = pattern.replace(/^\/([a-z-]+)\/\$id$/, (_, folder: string) => `/${folder}/${ids[folder]}`)
    const name = pattern === '/' ? 'overview' : pattern.slice(1).replace('/$id', '-one').replaceAll('/', '-')
    return { name, pattern, path, isOpen }
  }
  return [...SIGNED_OUT.map(fill(true)), ...SIGNED_IN.map(fill(false))]
}

/** Addresses that the dashboard's router knows and this list does not, or the other way round. */
export async function findForgottenRoutes(): Promise<string[]> {
  const text = await readFile(ROUTER, 'utf8')
  const routed = [...text.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path ?? '')
  const listed = [...SIGNED_OUT, ...SIGNED_IN]
  return [
    ...routed.filter((path) => !listed.includes(path)),
    ...listed.filter((path) => !routed.includes(path)),
  ]
}
