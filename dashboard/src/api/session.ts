// Who is signed in, and what this gateway offers to those who are not.
import { useQuery } from '@tanstack/react-query'
import { isProblem } from './problem.ts'
import { request } from './request.ts'

/** What a member of a merchant may do. */
export type Role = 'owner' | 'developer' | 'support'

/** A merchant that the user belongs to. */
export type Membership = { id: string; name: string; role: Role }

/** `GET /dashboard/session`. */
export type Session = {
  user: {
    id: string
    email: string
    name: string
    email_verified: boolean
    two_factor_enabled: boolean
    /** False for the demo's user, who came by a link. */
    has_password: boolean
    time_zone: string | null
  }
  merchants: Membership[]
  active_session_id: string
  may_create_merchants: boolean
}

/** `GET /dashboard/config`: known before anybody signs in. */
export type DashboardConfig = {
  version: string
  /** `first`: nobody has signed up yet, and who does owns the first merchant. */
  sign_up: 'first' | 'open' | 'invitation'
  /** False: mails are printed to the gateway's log. */
  mail: boolean
  /** Where the virtual phone is; null without a simulator. */
  simulator_url: string | null
  demo: boolean
  /** How long a password must be, and may be. */
  password: { min: number; max: number }
}

export const SESSION_KEY = ['session'] as const
/** How the session is asked for. */
export const SESSION_QUERY = { queryKey: SESSION_KEY, queryFn: readSession, staleTime: 60_000 }
export const CONFIG_KEY = ['config'] as const

/** The session; `data` is null when nobody is signed in. */
export function useSession() {
  return useQuery(SESSION_QUERY)
}

/** This gateway's configuration, as far as the pages need it. */
export function useDashboardConfig() {
  return useQuery({
    queryKey: CONFIG_KEY,
    queryFn: () => request<DashboardConfig>('/dashboard/config'),
    staleTime: 300_000,
  })
}

async function readSession(): Promise<Session | null> {
  try {
    return await request<Session>('/dashboard/session')
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null
    throw error
  }
}
