// What an address tells a page: `?next=…`, which may be shown and shared, and `#token=…`, which must not
// stay there.
import { useEffect, useState } from 'react'
import { safeNext } from './safe-next.ts'

/** The page of ours to go to when this one is done, as it was first: the way there changes the address. */
export function useNextPath(): string {
  const [next] = useState(() => safeNext(new URLSearchParams(location.search).get('next')))
  return next
}

/**
 * A secret that a link carried behind `#`, where no server or proxy sees it; null without one. It is taken
 * out of the address at once, so that it stands in no history, bookmark or picture of the screen.
 */
export function useFragmentSecret(name: string): string | null {
  const [secret] = useState(() => new URLSearchParams(location.hash.slice(1)).get(name))
  useEffect(() => {
    if (secret === null) return
    history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  }, [secret])
  return secret
}
