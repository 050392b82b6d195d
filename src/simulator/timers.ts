// Timers whose delays are divided by the simulator's speed, and which all end when it closes.

/**
 * Every timer of one simulator. Delays are given in simulated milliseconds; what is called real is measured
 * by the simulator's clock.
 */
export type Timers = {
  /** Runs `run` after `delayMs` of simulated time; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void
  /** Waits `delayMs` of simulated time; never settles once the timers are closed. */
  delay(delayMs: number): Promise<void>
  /** Simulated milliseconds as real ones, at the present speed. */
  realMs(delayMs: number): number
  /** Real milliseconds as simulated ones, at the present speed. */
  simulatedMs(realMs: number): number
  speed(): number
  /** Changes the speed of timers set from now on. */
  setSpeed(speed: number): void
  close(): void
}

/**
 * Timers that run `speed` times as fast as written. `clockFactor` says that the simulator's clock runs so
 * many times as fast as the machine's: timers then keep to that clock.
 */
export function createTimers(initialSpeed: number, clockFactor = 1): Timers {
  const waiting = new Set<NodeJS.Timeout>()
  let speed = checkedSpeed(initialSpeed)
  checkedSpeed(clockFactor)
  let closed = false
  const realMs = (delayMs: number): number => delayMs / speed
  const after = (delayMs: number, run: () => void): (() => void) => {
    if (closed) return () => undefined
    const timer = setTimeout(() => {
      waiting.delete(timer)
      run()
    }, realMs(delayMs) / clockFactor)
    waiting.add(timer)
    return () => {
      clearTimeout(timer)
      waiting.delete(timer)
    }
  }
  return {
    after,
    delay: (delayMs) => new Promise((resolve) => void after(delayMs, resolve)),
    realMs,
    simulatedMs: (passedMs) => passedMs * speed,
    speed: () => speed,
    setSpeed(next) {
      speed = checkedSpeed(next)
    },
    close() {
      closed = true
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
    },
  }
}

function checkedSpeed(speed: number): number {
  if (Number.isFinite(speed) && speed > 0) return speed
  throw new Error(`the simulator's speed must be a number above 0, not ${speed}`)
}
