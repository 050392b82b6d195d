// The one stream of a side's payments: every page that is open hears of a change as it happens.
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Payment, PaymentTrail } from './payments.ts'
import { SESSION_KEY } from './session.ts'
import { type Api, useApi } from './side.tsx'
import { followStream, type StreamState } from './stream.ts'

/** What is told as it happens: a payment, whole, as it is now; or that changes were missed. */
export type LiveNews = { kind: 'payment'; payment: Payment } | { kind: 'reset' }

/** `off`: this role or gateway has no stream. */
export type LiveState = StreamState | 'off'

type Listener = (news: LiveNews) => void
type Live = { state: LiveState; subscribe(listener: Listener): () => void }

/** Nothing was heard for three heartbeats: the line is dead, whatever the browser thinks. */
const SILENCE_MAX_MS = 30_000
/**
 * A page that nobody looks at gives its connection back: a browser has six for all its windows. Nothing is
 * lost with it, as the stream goes on where it was; who looks away for a moment need not connect again.
 */
const HIDDEN_MAX_MS = 5_000

const LiveContext = createContext<Live>({ state: 'off', subscribe: () => () => undefined })

/** Keeps one stream for the pages under it, and the answers that are kept as fresh as the stream is. */
export function LivePaymentsProvider({ children }: { children: ReactNode }) {
  const api = useApi()
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const listeners = useRef(new Set<Listener>())
  const isShown = useIsShown()
  const lastId = useRef<{ of: Api; id: string } | null>(null)

  useEffect(() => {
    if (!isShown) return
    const ended = new AbortController()
    const tell = (news: LiveNews) => {
      for (const listener of listeners.current) listener(news)
    }
    const options = {
      side: api.side,
      signal: ended.signal,
      silenceMaxMs: SILENCE_MAX_MS,
      lastEventId: lastId.current?.of === api ? lastId.current.id : null,
    }
    void followStream('/v1/payments/stream', options, {
      onState: setState,
      onMessage({ id, event, data }) {
        if (id !== '') {
          // What is told begins here; what was read before may lack what happened between the two.
          if (lastId.current?.of !== api) void readAnew(queries, api.key('payments'))
          lastId.current = { of: api, id }
        }
        if (event === 'payment') {
          const payment = JSON.parse(data) as Payment
          keepPayment(queries, api, payment)
          tell({ kind: 'payment', payment })
        } else if (event === 'reset') {
          void readAnew(queries, api.key())
          tell({ kind: 'reset' })
        }
      },
      onRefused() {
        setState('off')
        // Most likely the session ended: the shell finds out, and asks to sign in.
        void queries.invalidateQueries({ queryKey: SESSION_KEY })
      },
    })
    return () => ended.abort()
  }, [api, queries, isShown])

  const subscribe = useCallback((listener: Listener) => {
    listeners.current.add(listener)
    return () => {
      listeners.current.delete(listener)
    }
  }, [])
  const live = useMemo<Live>(() => ({ state, subscribe }), [state, subscribe])
  return <LiveContext value={live}>{children}</LiveContext>
}

/** How the stream is. */
export const useLiveState = (): LiveState => useContext(LiveContext).state

/** Calls `onNews` for everything that the stream tells while the component is shown. */
export function useLiveNews(onNews: Listener): void {
  const { subscribe } = useContext(LiveContext)
  const latest = useRef(onNews)
  useEffect(() => {
    latest.current = onNews
  })
  useEffect(() => subscribe((news) => latest.current(news)), [subscribe])
}

/** Puts a payment as it is now where pages have kept it as it was. */
export function keepPayment(queries: QueryClient, api: Api, payment: Payment): void {
  queries.setQueryData<Payment>(api.key('payment', payment.id), payment)
  const trailKey = api.key('payment', payment.id, 'trail')
  queries.setQueryData<PaymentTrail>(trailKey, (trail) => trail && { ...trail, payment })
  void queries.invalidateQueries({ queryKey: trailKey })
}

/** Also what is being read for the first time, which an invalidation alone would wait for and then keep. */
async function readAnew(queries: QueryClient, queryKey: readonly unknown[]): Promise<void> {
  await queries.cancelQueries({ queryKey })
  await queries.invalidateQueries({ queryKey })
}

/** False once the page has been hidden for a while, and of one that was opened behind another at once. */
function useIsShown(): boolean {
  const [isShown, setShown] = useState(isVisible)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (isVisible()) setShown(true)
      else timer = setTimeout(() => setShown(false), HIDDEN_MAX_MS)
    }
    document.addEventListener('visibilitychange', look)
    look()
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return isShown
}

const isVisible = () => document.visibilityState === 'visible'
