// Turns: how many wait, and how much one of them asks for, must not decide when another is served.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFairPlaces } from './fair-places.ts'
import { createFairShare } from './fair-share.ts'

type Source = { name: string; waiting: number }
const keyOf = (source: Source) => source.name

test('between two turns of one source no other has more than two, however much it asks for', () => {
  const wish = fc.record({
    heads: fc.integer({ min: 2, max: 12 }),
    flood: fc.integer({ min: 100, max: 5_000 }),
    room: fc.integer({ min: 1, max: 30 }),
  })
  fc.assert(
    fc.property(wish, ({ heads, flood, room }) => {
      const fair = createFairShare()
      const sources = Array.from({ length: heads }, (_, n) => ({
        name: `m${n}`,
        waiting: n === 0 ? flood : 40,
      }))
      const order: string[] = []
      for (let sweep = 0; sweep < 40; sweep += 1) {
        let left = room
        const take = (source: Source) => {
          if (left === 0 || source.waiting === 0) return false
          left -= 1
          source.waiting -= 1
          order.push(source.name)
          return true
        }
        fair.shareOut(
          sources.filter(({ waiting }) => waiting > 0),
          { keyOf, take, countMax: 100 },
        )
      }
      for (const name of new Set(order.filter((each) => each !== 'm0'))) {
        const turns = order.flatMap((each, at) => (each === name ? [at] : []))
        turns.reduce((before, at) => {
          assert.ok(at - before <= 2 * heads, `${name} waited for ${at - before} turns of ${heads}`)
          return at
        }, -1)
      }
    }),
  )
})

test('a newcomer goes before everybody who was served before', () => {
  const fair = createFairShare()
  const once = (names: string[]) =>
    [...fair.shareOut(names, { keyOf: (name) => name, take: () => true, countMax: 1 }).keys()][0]
  assert.equal(once(['flood', 'b']), 'flood')
  assert.equal(once(['flood', 'b']), 'b')
  assert.equal(once(['flood', 'b', 'new']), 'new')
  assert.equal(once(['flood', 'b', 'new']), 'flood')
})

test('one without room does not stop the others', () => {
  const fair = createFairShare()
  const take = (name: string) => name !== 'closed'
  const shares = fair.shareOut(['closed', 'a', 'b'], { keyOf: (name) => name, take, countMax: 5 })
  assert.deepEqual(
    [...shares],
    [
      ['a', 3],
      ['b', 2],
    ],
  )
})

test('of the places one party never has all, and another always finds one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 1, max: 6 }), (max, floods) => {
      const places = createFairPlaces({ max: () => max })
      for (let round = 0; round < max; round += 1) {
        for (let flood = 0; flood < floods; flood += 1) {
          const party = [{ name: `flood ${flood}`, timesFree: 4 }]
          if (places.hasRoom(party)) places.enter(party)
        }
      }
      assert.ok(places.used() <= max)
      if (max > 4 * floods + 1 || floods === 1)
        assert.ok(places.hasRoom([{ name: 'another', timesFree: 4 }]), `${places.used()} of ${max}`)
    }),
  )
})
