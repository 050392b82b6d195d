// Streams last: whoever may no longer read what one tells is to be told no more of it.
import type { Writable } from 'node:stream'

/**
 * What is known of a key or a session is up to 4 s old, and a revoked one is to be refused within 5 s: a
 * look each second at what is known anyway leaves no stream behind.
 */
export const PERMISSION_LOOK_EVERY_MS = 750

/** Ends `stream` once `isAllowed` says no. While it cannot be told, as without the database, it goes on. */
export function endWhenForbidden(stream: Writable, isAllowed: () => Promise<boolean>): void {
  const look = setInterval(() => {
    isAllowed().then(
      (allowed) => {
        if (!allowed) stream.end()
      },
      // The next look can tell.
      () => {},
    )
  }, PERMISSION_LOOK_EVERY_MS).unref()
  stream.once('close', () => clearInterval(look))
}
