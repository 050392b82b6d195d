// Phones with a prompt up: known while it is up, and no longer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../clock.ts'
import { createUuidSource } from '../ids.ts'
import { parsePhone } from '../phone.ts'
import { PROMPT_LIFE_MS } from './ask-schedule.ts'
import { createLivePrompts } from './live-prompts.ts'

const clock = manualClock(1_000_000)
const newUuid = createUuidSource(clock)
const number = parsePhone('0712345678') ?? assert.fail('a phone')
const phone = { environment: 'production', phone: number } as const

test('a phone is busy for every payment but its own, until the verdict', () => {
  const prompts = createLivePrompts({ clock })
  const [id, other] = [newUuid(), newUuid()]
  assert.equal(prompts.isBusy(phone, null), false)
  prompts.began({ ...phone, id })
  assert.deepEqual(
    [id, other, null].map((each) => prompts.isBusy(phone, each)),
    [false, true, true],
  )
  prompts.ended({ ...phone, id: other })
  assert.equal(prompts.isBusy(phone, other), true, "another's end frees nothing")
  prompts.ended({ ...phone, id })
  assert.equal(prompts.isBusy(phone, other), false)
})

test('a prompt whose verdict never comes here is forgotten when its life is over', () => {
  const prompts = createLivePrompts({ clock })
  prompts.began({ ...phone, id: newUuid() })
  clock.advance(PROMPT_LIFE_MS - 1)
  assert.equal(prompts.isBusy(phone, null), true)
  clock.advance(1)
  assert.equal(prompts.isBusy(phone, null), false)
})

test('a clock that is set back keeps no phone busy', () => {
  const ahead = manualClock(10 * 3_600_000)
  const prompts = createLivePrompts({ clock: ahead })
  prompts.began({ ...phone, id: newUuid() })
  ahead.advance(-3 * 3_600_000)
  assert.equal(prompts.isBusy(phone, null), false)
  prompts.began({ ...phone, id: newUuid() })
  assert.equal(prompts.isBusy(phone, null), true)
})

test('a prompt of the simulator or the sandbox keeps no phone of production’s busy', () => {
  const prompts = createLivePrompts({ clock })
  const elsewhere = (['simulator', 'sandbox'] as const).map((environment) => {
    return { environment, phone: number, id: newUuid() }
  })
  for (const payment of elsewhere) prompts.began(payment)
  assert.equal(prompts.isBusy(phone, null), false)
  const payment = { ...phone, id: newUuid() }
  prompts.began(payment)
  for (const each of elsewhere) prompts.ended({ ...each, id: payment.id })
  assert.equal(prompts.isBusy(phone, null), true)
  for (const each of elsewhere) assert.equal(prompts.isBusy(each, null), true, each.environment)
})
