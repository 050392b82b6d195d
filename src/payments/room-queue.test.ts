// Who may wait for room at all: memory for the requests that wait is bounded, and no crowd takes all of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createRoomQueue } from './room-queue.ts'

type Room = 'place' | 'none' | 'full'

/** A queue for room that comes when the test says so. */
function createBed() {
  const clock = manualClock(1_000_000)
  const queue = createRoomQueue<Room>({ clock, pause: () => new Promise(() => undefined) })
  let hasRoom = false
  const told: Room[] = []
  const options = {
    attempt: (): Room => (hasRoom ? 'place' : 'none'),
    isWorthWaitingFor: (room: Room) => room !== 'place',
    full: 'full' as const,
  }
  return {
    clock,
    queue,
    told,
    /** So many callers of a merchant come to a lane; what those of them were told who need not wait. */
    async come(count: number, lane: string, merchantId: string): Promise<Room[]> {
      const before = told.length
      for (let caller = 0; caller < count; caller += 1) {
        void queue.wait({ lane, merchantId }, options).then((room) => told.push(room))
      }
      await nextTurn()
      return told.slice(before)
    },
    async roomCame(): Promise<void> {
      hasRoom = true
      queue.serve()
      hasRoom = false
      await nextTurn()
    },
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('of one merchant two hundred callers wait in a lane, and the others in it all the same', async () => {
  const { come } = createBed()
  assert.deepEqual(await come(200, 'x', 'crowd'), [])
  assert.deepEqual(await come(3, 'x', 'crowd'), ['full', 'full', 'full'])
  assert.deepEqual(await come(1, 'x', 'other'), [])
  assert.deepEqual(await come(1, 'y', 'crowd'), [])
})

test('a thousand callers wait in a process, and more when some of them have gone', async () => {
  const { come, roomCame, told, clock, queue } = createBed()
  for (const lane of ['a', 'b', 'c', 'd', 'e']) assert.deepEqual(await come(200, lane, 'crowd'), [])
  assert.deepEqual(await come(1, 'a', 'other'), ['full'])
  // Nobody waits in its lane, so it has looked itself.
  assert.deepEqual(await come(1, 'f', 'other'), ['none'])
  told.length = 0
  await roomCame()
  assert.deepEqual([told.length, new Set(told)], [1_000, new Set(['place'])])
  assert.deepEqual(await come(200, 'a', 'crowd'), [])
  told.length = 0
  clock.advance(2_000)
  queue.serve()
  await nextTurn()
  assert.deepEqual([told.length, new Set(told)], [200, new Set(['none'])])
  assert.equal(queue.isWaiting('a'), false)
})
