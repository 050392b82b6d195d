// The governor: room for pushes, against a Daraja that has limits of its own and does not tell them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { manualClock } from '../clock.ts'
import type { PushResult } from '../daraja/push-outcome.ts'
import { createPushBucket } from './push-bucket.ts'
import { createPushGovernor, type Place, type PlaceOrNot } from './push-governor.ts'
import type { LaneName } from './push-lane.ts'

const LANE: LaneName = { environment: 'simulator', shortcode: '174379', credentialId: 'app_1' }
const OTHER_LANE = { ...LANE, shortcode: '600123' }
const ACCEPTED: PushResult = {
  kind: 'accepted',
  merchantRequestId: 'm',
  checkoutRequestId: 'c',
  responseCode: '0',
  responseDescription: '',
  customerMessage: '',
}
const SPIKE: PushResult = { kind: 'not_processed', reason: 'rate_limited', retryAfterMs: null, detail: '' }
const DOWN: PushResult = { kind: 'not_processed', reason: 'not_connected', retryAfterMs: null, detail: '' }
const REFUSED: PushResult = {
  kind: 'refused',
  errorCode: '400.002.02',
  errorMessage: 'Bad Request - Invalid PhoneNumber',
  httpStatus: 400,
  cause: 'invalid',
}

function bed() {
  const clock = manualClock(1_000_000)
  const governor = createPushGovernor({ clock, random: () => 0.5, pause: () => sleep(1) })
  const enter = (merchant: string, kind: 'direct' | 'queued' = 'direct', lane = LANE) =>
    governor.enter(lane, merchant, kind)
  return { clock, governor, enter }
}

function placeOf(room: PlaceOrNot): Place | null {
  return room.code === 'place' ? room.place : null
}

/** Takes what there is; how much that was. */
function takeAll(enter: () => PlaceOrNot): Place[] {
  const places: Place[] = []
  for (let place = placeOf(enter()); place !== null; place = placeOf(enter())) places.push(place)
  return places
}

/** Pushes as much as there is room for, against a Daraja that takes `perSecond`; how much was refused. */
function pushFor(seconds: number, { clock, enter }: ReturnType<typeof bed>, perSecond: number) {
  const counts = { accepted: 0, refused: 0 }
  let allowance = 0
  for (let tick = 0; tick < seconds * 20; tick += 1) {
    allowance = Math.min(perSecond / 4, allowance + perSecond / 20)
    for (const place of takeAll(() => enter('a'))) {
      const isAccepted = allowance >= 1
      if (isAccepted) allowance -= 1
      counts[isAccepted ? 'accepted' : 'refused'] += 1
      place.leave({ outcome: isAccepted ? ACCEPTED : SPIKE, phone: '254712345678' })
    }
    clock.advance(50)
  }
  return counts
}

test('it finds the rate that Daraja takes, whatever it is, and is refused little once it knows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 400 }), (perSecond) => {
      const parts = bed()
      pushFor(20, parts, perSecond)
      const { accepted, refused } = pushFor(30, parts, perSecond)
      assert.ok(accepted / 30 >= perSecond * 0.3, `${accepted / 30} of ${perSecond} a second`)
      assert.ok(refused < accepted * 0.25, `${refused} refused, ${accepted} accepted at ${perSecond}`)
    }),
    { numRuns: 25 },
  )
})

test('when Daraja takes more again, so does it, by itself', () => {
  const parts = bed()
  pushFor(20, parts, 10)
  pushFor(60, parts, 200)
  const { accepted } = pushFor(10, parts, 200)
  assert.ok(accepted / 10 > 60, `${accepted / 10} a second`)
})

test('what is given back unused counts for nothing', () => {
  const { enter, governor } = bed()
  for (let n = 0; n < 10_000; n += 1) placeOf(enter('a'))?.leave(null)
  assert.equal(takeAll(() => enter('a')).length, 480)
  assert.equal(governor.snapshot()[0]?.inFlight, 480)
})

test('a merchant with as much as it gets leaves room for others, and so does a shortcode', () => {
  const { enter } = bed()
  assert.equal(takeAll(() => enter('flood')).length, 480)
  assert.notEqual(placeOf(enter('another')), null)
  const lanes = bed()
  for (const merchant of ['a', 'b', 'c', 'd', 'e']) takeAll(() => lanes.enter(merchant))
  assert.notEqual(placeOf(lanes.enter('f', 'direct', OTHER_LANE)), null, 'one shortcode never has all')
})

test('a crowd that comes in does not starve the queue, nor the queue what comes in', () => {
  for (const [crowd, other] of [
    ['direct', 'queued'],
    ['queued', 'direct'],
  ] as const) {
    const parts = bed()
    // Down to a rate at which every token counts.
    pushFor(20, parts, 8)
    let served = 0
    for (let tick = 0; tick < 200; tick += 1) {
      const kinds = [crowd, crowd, crowd, other]
      for (const [n, kind] of kinds.entries()) {
        const place = placeOf(parts.enter(`m${n}`, kind))
        if (place !== null && kind === other) served += 1
        place?.leave({ outcome: ACCEPTED, phone: '254712345678' })
      }
      parts.clock.advance(50)
    }
    assert.ok(served >= 5, `${served} of the ${other} ones`)
  }
})

test('refusals of the payments themselves neither slow it nor open the breaker', () => {
  const { enter, governor, clock } = bed()
  for (let n = 0; n < 1_000; n += 1) {
    placeOf(enter('a'))?.leave({ outcome: REFUSED, phone: `2547123${n}` })
    clock.advance(10)
  }
  const [lane] = governor.snapshot()
  assert.deepEqual([lane?.breaker, lane?.ratePerSecond, lane?.slowStart], ['closed', 4_500, false])
})

test('out of reach, pushes fail fast; back in reach, they come back one by one, then more and more', () => {
  const { enter, governor, clock } = bed()
  for (const place of takeAll(() => enter('a'))) place.leave({ outcome: DOWN, phone: '254712345678' })
  const closed = enter('b')
  assert.equal(closed.code, 'breaker_open')
  assert.equal(enter('b', 'direct', OTHER_LANE).code, 'place', 'another shortcode goes on')
  clock.advance(10_000)
  const probes = takeAll(() => enter('a'))
  assert.equal(probes.length, 1, 'one goes ahead')
  probes[0]?.leave({ outcome: ACCEPTED, phone: '254712345678' })
  assert.equal(governor.snapshot()[0]?.slowStart, true)
  const crowds = [1, 2, 3, 4, 5].map(() => {
    let sent = 0
    for (let tick = 0; tick < 20; tick += 1) {
      for (const place of takeAll(() => enter('a'))) {
        sent += 1
        place.leave({ outcome: ACCEPTED, phone: '254712345678' })
      }
      clock.advance(50)
    }
    return sent
  })
  const [first = 0, , , , fifth = 0] = crowds
  assert.ok(first <= 5, `no herd: ${crowds}`)
  assert.ok(fifth > 2 * first, `more and more: ${crowds}`)
})

test('Daraja says for how long it wants to be left alone, and is', () => {
  const { enter, clock } = bed()
  placeOf(enter('a'))?.leave({ outcome: { ...SPIKE, retryAfterMs: 8_000 }, phone: '254712345678' })
  clock.advance(7_999)
  assert.equal(enter('a').code, 'busy')
  clock.advance(3_000)
  assert.equal(enter('a').code, 'place')
})

const NO_TOKEN: PushResult = { kind: 'not_processed', reason: 'token', retryAfterMs: null, detail: '' }
const WRONG_KEYS: PushResult = { ...NO_TOKEN, reason: 'credentials' }
const PHONE = '254712345678'

test('without an access token a lane is closed for 2 s, or as Daraja wishes for up to a minute', () => {
  // Everybody waits up to a quarter longer, by chance: here an eighth.
  const cases: [wishMs: number | null, closedMs: number][] = [
    [null, 2_250],
    [8_000, 9_000],
    [3_600_000, 67_500],
  ]
  for (const [retryAfterMs, closedMs] of cases) {
    const { enter, clock } = bed()
    placeOf(enter('a'))?.leave({ outcome: { ...NO_TOKEN, retryAfterMs }, phone: PHONE })
    assert.deepEqual(enter('b'), { code: 'busy', retryAfterMs: closedMs })
    assert.equal(enter('b', 'direct', OTHER_LANE).code, 'place', 'another shortcode goes on')
    clock.advance(closedMs - 1)
    assert.deepEqual(enter('b'), { code: 'busy', retryAfterMs: 1 })
    clock.advance(1)
    assert.equal(enter('b').code, 'place')
  }
})

test('while refused credentials close a lane, answers to earlier pushes do not say otherwise', () => {
  for (const straggler of [ACCEPTED, REFUSED, SPIKE, DOWN, NO_TOKEN]) {
    const { enter, clock } = bed()
    const [first, late] = [placeOf(enter('a')), placeOf(enter('a'))]
    first?.leave({ outcome: WRONG_KEYS, phone: PHONE })
    const refused = { code: 'credentials_refused', retryAfterMs: 2_250 }
    assert.deepEqual(enter('b'), refused)
    late?.leave({ outcome: straggler, phone: PHONE })
    assert.deepEqual(enter('b'), refused, JSON.stringify(straggler))
    clock.advance(10_000)
    assert.equal(enter('b').code, 'place')
  }
})

test('what closes a lane for longer says why', () => {
  const { enter } = bed()
  const places = [enter('a'), enter('a'), enter('a')].map(placeOf)
  const outcomes = [WRONG_KEYS, { ...SPIKE, retryAfterMs: 8_000 }, { ...WRONG_KEYS, retryAfterMs: 16_000 }]
  const codes = outcomes.map((outcome, index) => {
    places[index]?.leave({ outcome, phone: PHONE })
    return enter('b').code
  })
  assert.deepEqual(codes, ['credentials_refused', 'busy', 'credentials_refused'])
})

test('who waits is served in turns of merchants, and for a short time only', async () => {
  const { enter, governor, clock } = bed()
  const held = ['x', 'y', 'z', 'u', 'v', 'w', 's', 't'].flatMap((each) => takeAll(() => enter(each)))
  const blockers = takeAll(() => enter('last'))
  const order: string[] = []
  const wait = (merchant: string) =>
    governor.waitForRoom(LANE, merchant).then((room) => {
      order.push(`${merchant} ${room.code}`)
      return room
    })
  const waits = [...Array.from({ length: 50 }, () => wait('flood')), wait('b')]
  assert.equal(enter('soon').code, 'busy', 'those who wait come first')
  for (const place of [...held, ...blockers].slice(0, 80)) place.leave(null)
  await sleep(0)
  assert.ok(order.indexOf('b place') >= 0 && order.indexOf('b place') <= 1, order.join(', '))
  clock.advance(2_001)
  const rooms = await Promise.all(waits)
  assert.equal(rooms.length, 51)
  for (const room of rooms) placeOf(room)?.leave(null)
})

test('who waits in vain hears so when the time is up, and at once when the breaker is open', async () => {
  const { enter, governor, clock } = bed()
  for (const merchant of 'abcdefghijklmnopqrstuvwxyz'.repeat(3)) takeAll(() => enter(merchant))
  const waiting = governor.waitForRoom(LANE, 'newcomer')
  clock.advance(2_001)
  assert.equal((await waiting).code, 'busy')
  const down = bed()
  for (const place of takeAll(() => down.enter('a'))) place.leave({ outcome: DOWN, phone: '254712345678' })
  assert.equal((await down.governor.waitForRoom(LANE, 'b')).code, 'breaker_open')
})

test('lanes are remembered in bounded number', () => {
  const { governor } = bed()
  for (let n = 0; n < 10_050; n += 1) {
    placeOf(governor.enter({ ...LANE, shortcode: String(n) }, 'a', 'direct'))?.leave(null)
  }
  assert.equal(governor.snapshot().length, 10_000)
})

test('a clock that is set back shuts no lane and keeps nobody waiting', async () => {
  const later = { kind: 'not_processed', reason: 'rate_limited', retryAfterMs: 60_000, detail: '' } as const
  const { clock, enter, governor } = bed()
  clock.advance(3 * 3_600_000)
  placeOf(enter('a'))?.leave({ outcome: later, phone: '254712345678' })
  assert.equal(enter('a').code, 'busy')
  clock.advance(-3 * 3_600_000)
  const place = placeOf(enter('a')) ?? assert.fail('the lane is shut')
  place.leave({ outcome: later, phone: '254712345678' })
  assert.equal(enter('a').code, 'busy', 'what Daraja says now still counts')
  clock.advance(3 * 3_600_000)
  const held = takeAll(() => enter('a'))
  const waiting = governor.waitForRoom(LANE, 'a')
  clock.advance(-3 * 3_600_000)
  assert.equal((await waiting).code, 'busy')
  for (const each of held) each.leave(null)
})

test('what was used before a clock was set back does not count for ever', () => {
  const bucket = createPushBucket({ ratePerSecond: () => 100 }, 3_600_000)
  for (let n = 0; n < 10; n += 1) bucket.take(3_600_000 + n, 'direct')
  for (let second = 0; second < 10; second += 1) {
    for (let n = 0; n < 5; n += 1) bucket.take(second * 1_000, 'direct')
  }
  assert.equal(bucket.usedPerSecond(9_000), 5)
})
