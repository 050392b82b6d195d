// Waiting for something to become true, for tests.
import { setTimeout as pause } from 'node:timers/promises'

const POLL_MS = 5
/** Far beyond what anything here takes; it only ends a test that would hang. */
const GIVE_UP_MS = 20_000

/** Resolves as soon as `condition` holds, and rejects when it never does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('what was waited for never came')
    await pause(POLL_MS)
  }
}
