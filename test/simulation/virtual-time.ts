// Virtual time: a queue of what happens when, and a clock that is always at the event under way. Between two
// events every promise that can settle does so; nothing here waits for the machine's own time.
import { setImmediate as microtasksDone } from 'node:timers/promises'

/** Virtual time. */
export type VirtualTime = {
  nowMs(): number
  /** Runs `happen` at `atMs`, or at the next turn when that has passed. Equal times keep their order. */
  at(atMs: number, happen: () => void): void
  after(delayMs: number, happen: () => void): void
  /** Lets `isOver` or the end of the queue come, one event after the other. */
  run(isOver: () => boolean): Promise<void>
  /** Events run so far. */
  turns(): number
}

type Happening = { atMs: number; order: number; happen: () => void }

/** So many of the next events may change places. */
const CHANGE_PLACES_MAX = 4

/**
 * Virtual time from `startMs` on. With `pickNext` the next event is one of the next few, and the clock never
 * goes back: what comes too early was early, and what it overtakes is late.
 */
export function createVirtualTime(startMs: number, pickNext?: (count: number) => number): VirtualTime {
  const heap: Happening[] = []
  let nowMs = startMs
  let order = 0
  let turns = 0
  const at = (atMs: number, happen: () => void) => {
    order += 1
    push(heap, { atMs: Math.max(atMs, nowMs), order, happen })
  }
  return {
    nowMs: () => nowMs,
    at,
    after: (delayMs, happen) => at(nowMs + delayMs, happen),
    async run(isOver) {
      while (!isOver()) {
        const next = pickNext === undefined ? pop(heap) : popOneOf(heap, pickNext)
        if (next === undefined) return
        nowMs = Math.max(nowMs, next.atMs)
        turns += 1
        next.happen()
        await microtasksDone()
      }
    },
    turns: () => turns,
  }
}

function popOneOf(heap: Happening[], pickNext: (count: number) => number): Happening | undefined {
  const few: Happening[] = []
  while (few.length < CHANGE_PLACES_MAX) {
    const next = pop(heap)
    if (next === undefined) break
    few.push(next)
  }
  const [picked] = few.length > 1 ? few.splice(pickNext(few.length), 1) : few.splice(0, 1)
  for (const other of few) push(heap, other)
  return picked
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
}

function push(heap: Happening[], added: Happening): void {
  let index = heap.push(added) - 1
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = heap[parentIndex]
    if (parent === undefined || isBefore(parent, added)) break
    heap[index] = parent
    index = parentIndex
  }
  heap[index] = added
}

function pop(heap: Happening[]): Happening | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let index = 0
  for (;;) {
    const leftIndex = 2 * index + 1
    const left = heap[leftIndex]
    if (left === undefined) break
    const right = heap[leftIndex + 1]
    const isRight = right !== undefined && isBefore(right, left)
    const child = isRight ? right : left
    if (isBefore(last, child)) break
    heap[index] = child
    index = isRight ? leftIndex + 1 : leftIndex
  }
  heap[index] = last
  return first
}
