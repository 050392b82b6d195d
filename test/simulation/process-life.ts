// The life of a gateway process in a world: it can die, stand still, and have a clock that is wrong. Whatever
// it awaits goes through here, so that nothing of it goes on after its death.
import type { VirtualTime } from './virtual-time.ts'

/** A process as the world sees it. */
export type ProcessLife = {
  isAlive(): boolean
  /** What its own clock says, in milliseconds since the Unix epoch. */
  nowMs(): number
  /** Nothing that it awaits ever comes back. */
  die(): void
  /** Everything that it awaits comes back only after `forMs`. */
  freeze(forMs: number): void
  /** Puts its clock forward, or back. */
  jump(byMs: number): void
  /** Runs `go` in the process: now, when it moves again, or never. */
  within(go: () => void): void
}

/** A new process. */
export function createProcessLife(time: VirtualTime, options: { onDeath: () => void }): ProcessLife {
  let alive = true
  let frozenUntilMs = 0
  let skewMs = 0
  function within(go: () => void): void {
    if (!alive) return
    if (time.nowMs() < frozenUntilMs) time.at(frozenUntilMs, () => within(go))
    else go()
  }
  return {
    isAlive: () => alive,
    nowMs: () => time.nowMs() + skewMs,
    die() {
      if (!alive) return
      alive = false
      options.onDeath()
    },
    freeze(forMs) {
      frozenUntilMs = Math.max(frozenUntilMs, time.nowMs() + forMs)
    },
    jump(byMs) {
      skewMs += byMs
    },
    within,
  }
}
