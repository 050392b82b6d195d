// What an address tells a page: `?next=…`, which may be shown and shared, and `#token=…`, which must not stay there.
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { safeNext } from './safe-next.ts'

/** The page of ours to go to when this one is done. */
export function useNextPath(): string {
  const search = useRouterState({ select: (state) => state.location.searchStr })
  return safeNext(new URLSearchParams(search).get('next'))
}

/**
 * A secret that a link carried behind `#`, where no server or proxy sees it; null without one. It is taken out of
 * the address at once, so that it stands in no history, bookmark or picture of the screen.
 */
export function useFragmentSecret(name: string): string | null {
  const [secret] = useState(() => new URLSearchParams(location.hash.slice(1)).get(name))
  useEffect(() => {
    if (secret === null) return
    history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  }, [secret])
  return secret
}
