// Which merchant and which mode the pages are about, and `/v1` as seen from there.
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { can, type Permission } from './permissions.ts'
import { type Mode, type RequestOptions, request, type Side } from './request.ts'
import type { Membership } from './session.ts'

/** The gateway's API for one side. Each throws `ApiProblem` when it is refused. */
export type Api = {
  side: Side
  get<T>(path: string, options?: RequestOptions): Promise<T>
  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  remove<T>(path: string): Promise<T>
  /** The key of a query: two sides never share an answer. */
  key(...parts: readonly unknown[]): readonly unknown[]
}

/** What the pages stand on. */
export type Ground = {
  merchant: Membership
  mode: Mode
  api: Api
  may(permission: Permission): boolean
  setMode(mode: Mode): void
  setMerchant(id: string): void
}

const GroundContext = createContext<Ground | null>(null)

/** Gives the pages under it their merchant and mode. */
export function GroundProvider(props: {
  merchant: Membership
  mode: Mode
  setMode(mode: Mode): void
  setMerchant(id: string): void
  children: ReactNode
}) {
  const { merchant, mode, setMode, setMerchant } = props
  const ground = useMemo<Ground>(
    () => ({
      merchant,
      mode,
      setMode,
      setMerchant,
      api: createApi({ merchantId: merchant.id, mode }),
      may: (permission) => can(merchant.role, permission),
    }),
    [merchant, mode, setMode, setMerchant],
  )
  return <GroundContext value={ground}>{props.children}</GroundContext>
}

/** The merchant and mode that the pages are about. Throws outside of the shell. */
export function useGround(): Ground {
  const ground = useContext(GroundContext)
  if (ground === null) throw new Error('this page is shown outside of the shell')
  return ground
}

/** The API for the merchant and mode that the pages are about. */
export const useApi = (): Api => useGround().api

function createApi(side: Side): Api {
  return {
    side,
    get: (path, options) => request(path, { ...options, side }),
    post: (path, body, options) => request(path, { ...options, method: 'POST', body, side }),
    patch: (path, body) => request(path, { method: 'PATCH', body, side }),
    remove: (path) => request(path, { method: 'DELETE', side }),
    key: (...parts) => [side.merchantId, side.mode, ...parts],
  }
}
