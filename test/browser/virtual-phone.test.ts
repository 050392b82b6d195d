// The virtual phone and the console beside it, in a real browser, with the gateway behind them.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/gateway.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import { findBarriers, findOverflow } from './judge-page.ts'
import type { VisitorOptions } from './visitor.ts'

const NUMBER = '254712345678'
const OTHER_NUMBER = '254799888777'
/** Prompts stay up for a minute of the test's own time. */
const AT_LEISURE = { env: { SIMULATOR_SPEED: '1' } }

async function push(bed: BrowserBed, phone = NUMBER): Promise<string> {
  const made = await bed.post('/v1/payments', { phone, amount: 1250, reference: 'CUP-1' })
  assert.equal(made.status, 201, made.text)
  return String(made.body.id)
}

async function ended(bed: BrowserBed, id: string): Promise<string> {
  return until('its verdict', async () => {
    const { body } = await bed.get(`/v1/payments/${id}?wait=5`)
    if (body.status === 'succeeded') return 'succeeded'
    return body.status === 'failed' ? `failed ${Object(body.result).code}` : null
  })
}

const prompt = (page: Page) => page.getByRole('dialog')
const gone = (page: Page) => prompt(page).waitFor({ state: 'detached' })

test('a customer reads the prompt, types the PIN, and has less money and a message after it', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone()
  await open('/')
  const id = await push(bed)
  await prompt(page).getByText('Do you want to pay Kshs. 1250 to Daraja-Sandbox Account no. CUP-1?').waitFor()
  await page.keyboard.type('1235')
  await page.keyboard.press('Backspace')
  await page.keyboard.type('4')
  await page.keyboard.press('Enter')
  await gone(page)
  assert.equal(await ended(bed, id), 'succeeded')
  await page
    .getByRole('log')
    .getByText(/Confirmed\. Ksh1,250\.00 sent to Daraja-Sandbox/)
    .waitFor()
  await page.getByText('KES 3,750').first().waitFor()
})

test('the pad takes the PIN too: three wrong ones lock it, and the right one no longer helps', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone({ width: 360, height: 740 })
  await open('/')
  const enter = async (pin: string): Promise<string> => {
    const id = await push(bed)
    for (const digit of pin) await prompt(page).getByRole('button', { name: digit, exact: true }).click()
    await prompt(page).getByRole('button', { name: 'Send' }).last().click()
    await gone(page)
    return ended(bed, id)
  }
  const first = await push(bed)
  await prompt(page).getByRole('button', { name: '1', exact: true }).click()
  await page.keyboard.type('23')
  await prompt(page).getByText('3 of 4 digits entered').waitFor()
  await page.keyboard.press('Escape')
  await gone(page)
  assert.equal(await ended(bed, first), 'failed 1032')
  for (const pin of ['0000', '9999', '1111']) assert.equal(await enter(pin), 'failed 2001')
  await page.getByText('The PIN is locked: three wrong ones in a row.').waitFor()
  assert.equal(await enter('1234'), 'failed 8006')
  await page.getByRole('button', { name: 'Unlock the PIN' }).click()
  await page.getByText('The PIN is locked: three').waitFor({ state: 'detached' })
  assert.equal(await enter('1234'), 'succeeded')
})

test('Escape closes a form beside the phone, and leaves the prompt to the customer', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone()
  await open('/')
  const id = await push(bed)
  const question = page.getByText('Do you want to pay Kshs. 1250')
  await question.waitFor()
  for (const [button, field] of [
    [/^PIN of this phone/, 'PIN of this phone'],
    [/^M-PESA balance/, 'Balance in KES'],
    ['Another number', 'Another number'],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    const asked = page.getByRole('textbox', { name: field })
    await asked.waitFor()
    await page.keyboard.press('Escape')
    await asked.waitFor({ state: 'detached' })
  }
  await page.getByLabel('Enter M-PESA PIN:').fill('1234')
  await page.keyboard.press('Enter')
  assert.equal(await ended(bed, id), 'succeeded')
})

test('a prompt is cancelled, money runs short, and a phone is switched off', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone()
  await open('/')
  const cancelled = await push(bed)
  await prompt(page).getByRole('button', { name: 'Cancel' }).click()
  assert.equal(await ended(bed, cancelled), 'failed 1032')
  await page.getByRole('button', { name: /^M-PESA balance/ }).click()
  await page.getByRole('textbox', { name: 'Balance in KES' }).fill('1249')
  await page.keyboard.press('Enter')
  await page.getByText('KES 1,249').first().waitFor()
  const short = await push(bed)
  await prompt(page).waitFor()
  await page.getByLabel('Enter M-PESA PIN:').fill('1234')
  await prompt(page).getByRole('button', { name: 'Send' }).first().click()
  assert.equal(await ended(bed, short), 'failed 1')
  await gone(page)
  await page.getByRole('button', { name: 'Switch the phone off' }).click()
  await page.getByText('This phone is switched off.').waitFor()
  await bed.simulator('PUT', '/simulator/faults', { promptLifeMs: 500 })
  assert.equal(await ended(bed, await push(bed)), 'failed 1037')
  assert.equal(await prompt(page).count(), 0)
})

test('each phone of a page has its own PIN and its own prompt that is ignored', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone()
  await open('/')
  const look = (number: string) => page.getByRole('button', { name: number, exact: true }).click()
  const pin = page.getByRole('textbox', { name: 'PIN of this phone' })
  const changePin = page.getByRole('button', { name: /^PIN of this phone/ })
  await changePin.click()
  await pin.fill('4321')
  await page.keyboard.press('Enter')
  await pin.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Another number' }).click()
  await page.getByRole('textbox', { name: 'Another number' }).fill(OTHER_NUMBER)
  await page.keyboard.press('Enter')
  await gone(page)
  await changePin.click()
  assert.equal(await pin.inputValue(), '1234')
  await page.keyboard.press('Escape')
  await gone(page)

  const ignore = page.getByRole('button', { name: 'Ignore it' })
  const picked = page.getByRole('button', { name: 'Look again' })
  await push(bed, OTHER_NUMBER)
  await prompt(page).waitFor()
  await ignore.click()
  await look('0712 345 678')
  await push(bed)
  await prompt(page).waitFor()
  await ignore.click()
  for (const number of ['0799 888 777', '0712 345 678']) {
    await look(number)
    await picked.waitFor()
    assert.equal(await prompt(page).count(), 0, number)
  }
})

test('a phone whose PIN is locked can be ignored as well', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone({ width: 360, height: 740 })
  await open('/')
  for (let wrong = 0; wrong < 3; wrong += 1) {
    await push(bed)
    await prompt(page).waitFor()
    await page.keyboard.type('0000')
    await page.keyboard.press('Enter')
    await gone(page)
  }
  await page.getByRole('button', { name: 'Unlock the PIN' }).waitFor()
  await push(bed)
  await prompt(page).waitFor()
  await page.getByRole('button', { name: 'Ignore it' }).click()
  await gone(page)
  assert.deepEqual(await findOverflow(page), [])
  await page.getByRole('button', { name: 'Look again' }).click()
  await prompt(page).waitFor()
})

test('a phone without a connection says so, and later shows the prompt that came meanwhile', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const visitor = await bed.visitPhone()
  const { page, open } = visitor
  visitor.expectProblem(/ERR_CONNECTION_REFUSED/)
  await page.route('**/simulator/watch*', (route) => route.abort('connectionrefused'))
  await open('/?embed=1')
  await page.getByText('The simulator does not answer. Trying again…').waitFor()
  await bed.simulator('POST', '/simulator/phones', { number: NUMBER, pin: '1234' })
  const id = await push(bed)
  await page.unroute('**/simulator/watch*')
  await prompt(page).waitFor()
  await page.keyboard.type('1234')
  await page.keyboard.press('Enter')
  assert.equal(await ended(bed, id), 'succeeded')
})

test('the console shows a push live, answers it for another phone, and sets a fault', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const { page, open } = await bed.visitPhone()
  await open('/?number=0799888777')
  await bed.simulator('POST', '/simulator/phones', { number: NUMBER, pin: '9999' })
  const id = await push(bed)
  await page.getByText('on another phone').waitFor()
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  assert.equal(await ended(bed, id), 'succeeded')
  await page.getByRole('cell', { name: /1 of 1 answered/ }).waitFor()
  await page.getByRole('tab', { name: 'Faults' }).click()
  await page.getByRole('slider', { name: 'Spike arrest' }).focus()
  for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowRight')
  await page.getByText('1 switch is set.').waitFor()
  assert.equal((await bed.simulator('GET', '/simulator/faults')).spikeArrest, 0.03)
  await page.getByRole('button', { name: 'Put every switch back' }).click()
  await page.getByText('nothing goes wrong').waitFor()
  assert.equal((await bed.simulator('GET', '/simulator/faults')).spikeArrest, 0)
})

test('the phone is readable to all and no wider than its screen, whatever it shows', async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const found: string[] = []
  const visitors: VisitorOptions[] = [
    { theme: 'light', width: 1280, language: 'en' },
    { theme: 'dark', width: 360, language: 'sw' },
  ]
  for (const options of visitors) {
    const { page, open } = await bed.visitPhone(options)
    const look = async (what: string): Promise<void> => {
      const problems = [...(await findBarriers(page)), ...(await findOverflow(page))]
      found.push(...problems.map((problem) => `${options.theme} ${what}: ${problem}`))
    }
    await open('/')
    const id = await push(bed)
    await prompt(page).waitFor()
    await look('prompt')
    await page.keyboard.press('Escape')
    await gone(page)
    await ended(bed, id)
    await look('messages')
    for (const tab of [1, 2]) {
      await page.getByRole('tab').nth(tab).click()
      await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
      await look(`tab ${tab}`)
    }
    await page.close()
  }
  assert.deepEqual(found, [])
})

test("somebody else's page cannot show the phone inside of its own", async () => {
  await using bed = await startBrowserBed(AT_LEISURE)
  const visitor = await bed.visitPhone()
  const frame = `<iframe src="${bed.gateway.simulatorUrl}/?embed=1"></iframe>`
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Shop</title>${frame}`)
  })
  await using foreign = server.listen(0, '127.0.0.1')
  await once(foreign, 'listening')
  const address = foreign.address()
  assert.ok(typeof address === 'object' && address !== null)
  visitor.expectProblem(/Framing .* violates|ERR_BLOCKED_BY_RESPONSE|favicon/)
  const refused = visitor.page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
  await visitor.page.goto(`http://127.0.0.1:${address.port}/`)
  await refused
  assert.deepEqual((await bed.simulator('GET', '/simulator/phones')).phones, [])
})
