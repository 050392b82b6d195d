import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fixture } from '../daraja/testing/stub-daraja.ts'
import { DEFAULT_FAULTS, drawFault, type Faults, PUSH_FAULTS, parseFaults } from './faults.ts'
import { openTestbed, stkCallback, type Testbed } from './testbed.ts'

test('no switch named means no fault', () => {
  assert.deepEqual(parseFaults({}), { ok: true, faults: DEFAULT_FAULTS })
})

test('unknown switches and bad values are all named', () => {
  const parsed = parseFaults({
    lostCalback: 1,
    lostCallback: 1.1,
    promptLifeMs: -1,
    callbackCopies: 2.5,
    queryRateLimit: 'yes',
    expiresIn: 'text',
    constructor: 1,
    flakyQuery: null,
  })
  assert.ok(!parsed.ok)
  assert.deepEqual(parsed.errors, [
    'lostCalback: there is no such switch',
    'lostCallback: must be a number from 0 to 1',
    'promptLifeMs: must be a whole number from 0 to 3600000',
    'callbackCopies: must be a whole number from 1 to 4',
    'queryRateLimit: must be true or false',
    'expiresIn: must be one of string, number',
    'constructor: there is no such switch',
    'flakyQuery: must be a number from 0 to 1',
  ])
})

test('faults of which one push meets only one may not add up to more than 1', () => {
  assert.ok(parseFaults({ spikeArrest: 0.1, systemBusy: 0.2, droppedResponse: 0.7 }).ok)
  const parsed = parseFaults({ spikeArrest: 0.5, droppedResponse: 0.6 })
  assert.ok(!parsed.ok)
  assert.match(parsed.errors[0] ?? '', /^spikeArrest, .*droppedResponse: one push meets at most one of these/)
  assert.ok(!parseFaults({ lostCallback: 0.6, doubleCallback: 0.6 }).ok)
})

test('each fault is drawn over exactly its share', () => {
  const shares = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 7, maxLength: 7 })
  fc.assert(
    fc.property(shares, fc.integer({ min: 0, max: 99 }), (weights, percent) => {
      const named: Partial<Faults> = {}
      for (const [index, name] of PUSH_FAULTS.entries()) named[name] = (weights[index] ?? 0) / 100
      const faults = { ...DEFAULT_FAULTS, ...named }
      const deck = PUSH_FAULTS.flatMap((name, index) =>
        Array.from({ length: weights[index] ?? 0 }, () => name),
      )
      // The middle of a percent, clear of the edges that rounding blurs.
      const drawn = drawFault({ random: () => (percent + 0.5) / 100 }, faults, PUSH_FAULTS)
      assert.equal(drawn, deck[percent] ?? null)
    }),
  )
})

const refusing: [Partial<Faults>, number, string][] = [
  [{ spikeArrest: 1 }, 429, 'spike_arrest'],
  [{ spikeArrest: 1, spikeArrestForm: 'error' }, 500, '500.003.03'],
  [{ spikeArrest: 1, spikeArrestForm: 'busy' }, 500, '500.003.02'],
  [{ systemBusy: 1 }, 500, '500.003.02'],
  [{ htmlError: 1 }, 503, 'html_503'],
  [{ htmlError: 1, htmlErrorForm: 'html_403' }, 403, 'html_403'],
  [{ htmlError: 1, htmlErrorForm: 'fault_502' }, 502, 'fault_502'],
  [{ internalErrorUnprompted: 1 }, 500, '500.003.1001'],
]
for (const [faults, status, answer] of refusing) {
  test(`${JSON.stringify(faults)} answers ${status} and begins no payment`, async () => {
    await using bed = await openTestbed({ faults })
    assert.equal((await bed.push()).status, status)
    const entry = bed.latest()
    assert.deepEqual([entry.answer, entry.promptShown, entry.checkoutRequestId], [answer, false, null])
  })
}

test('internalErrorPrompted and htmlErrorPrompted hide a payment that goes on', async () => {
  await using bed = await openTestbed({ faults: { internalErrorPrompted: 1 } })
  assert.equal((await bed.push()).body.errorCode, '500.003.1001')
  await bed.received(1)
  bed.simulator.setFaults({ htmlErrorPrompted: 1 })
  const page = await bed.push()
  assert.deepEqual([page.status, page.contentType], [503, 'text/html'])
  const callbacks = await bed.received(2)
  assert.deepEqual(
    callbacks.map((callback) => stkCallback(callback).ResultCode),
    [0, 0],
  )
})

test('htmlErrorForm says what stands before Daraja answers, and the payment goes on behind it', async () => {
  await using bed = await openTestbed()
  const forms = [
    ['html_502', 502, 'text/html'],
    ['html_504', 504, 'text/html'],
    ['html_403', 403, 'text/html'],
    ['fault_502', 502, 'application/json'],
  ] as const
  for (const [index, [htmlErrorForm, status, contentType]] of forms.entries()) {
    bed.simulator.setFaults({ htmlErrorPrompted: 1, htmlErrorForm })
    const answer = await bed.push()
    assert.deepEqual([answer.status, answer.contentType], [status, contentType])
    if (htmlErrorForm === 'html_403') assert.equal(answer.text, fixture('edge-403.html').trim())
    if (htmlErrorForm === 'fault_502') assert.doesNotMatch(answer.text, /ratelimit/)
    const callbacks = await bed.received(index + 1)
    assert.equal(stkCallback(callbacks[index]).ResultCode, 0)
    assert.equal(bed.latest().answer, htmlErrorForm)
  }
})

test('droppedResponse closes the connection, and the payment goes on', async () => {
  await using bed = await openTestbed({ faults: { droppedResponse: 1 } })
  await assert.rejects(bed.push())
  assert.equal(stkCallback((await bed.received(1))[0]).ResultCode, 0)
})

test('callbacks can be lost, doubled, early and late', async () => {
  await using bed = await openTestbed({ faults: { lostCallback: 1 } })
  await pays(bed)
  assert.equal(bed.latest().callbacksAttempted, 0)
  bed.simulator.setFaults({ doubleCallback: 1 })
  await pays(bed)
  await bed.received(2)
  bed.simulator.setFaults({ earlyCallback: 1, callbackDelayMs: 3_600_000, promptLifeMs: 3_600_000 })
  await pays(bed)
  assert.equal(bed.callbacks.length, 3)
  bed.simulator.setFaults({ lateCallback: 1 })
  await pays(bed)
  await bed.received(4)
})

test('test phones of behaviour 1 to 9 do as they always do, whatever the shares', async () => {
  await using bed = await openTestbed({ faults: { spikeArrest: 1, lostCallback: 1 } })
  assert.equal((await bed.push({ PhoneNumber: '254700020000' })).status, 200)
  await bed.received(3)
  assert.equal((await bed.push({ PhoneNumber: '254700000000' })).status, 429)
})

test('answers can be delayed', async () => {
  await using bed = await openTestbed({
    faults: { pushDelayMs: 1000, queryDelayMs: 1000, queryTooEarlyMs: 0 },
  })
  const id = String((await bed.push()).body.CheckoutRequestID)
  assert.equal((await bed.query(id)).status, 200)
})

async function pays(bed: Testbed): Promise<void> {
  assert.equal((await bed.push()).status, 200)
  assert.equal((await bed.ended()).resultCode, '0')
}
