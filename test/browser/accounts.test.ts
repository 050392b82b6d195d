import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { totpCode } from '../support/people.ts'
import { OWNER, type Person, signUp } from './accounts.ts'
import { type BrowserBed, startBrowserBed } from './browser-bed.ts'
import type { Visitor } from './visitor.ts'

const FAITH: Person = {
  name: 'Faith Njeri',
  email: 'faith@duka.example',
  password: 'all the goats came home',
}

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const at = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path)

/** Types both and presses Enter, as people do. */
async function enterPassword(page: Page, { email, password }: Person): Promise<void> {
  await field(page, 'E-mail').fill(email)
  await field(page, 'Password').fill(password)
  await page.keyboard.press('Enter')
}

/** The owner of a new merchant, signed in. */
async function visitAsOwner(bed: BrowserBed): Promise<Visitor> {
  const visitor = await bed.visit()
  await signUp(visitor.context, bed.gateway.url, { merchantName: 'Duka la Wanjiku' })
  return visitor
}

/** Turns two-factor sign-in on; what the app knows, and the recovery codes. */
async function enrol({ page, open }: Visitor): Promise<{ uri: string; codes: string[] }> {
  await open('/settings')
  await button(page, 'Turn it on').click()
  await field(page, 'Password').fill(OWNER.password)
  await page.keyboard.press('Enter')
  const key = await page.getByRole('region', { name: 'Key for the app' }).innerText()
  const uri = `otpauth://totp/Sukuma?secret=${key.replace(/\s/g, '')}`
  await page.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor()
  await field(page, 'Code from your app').fill(totpCode(uri))
  await page.keyboard.press('Enter')
  await page.getByText('Keep these recovery codes').waitFor()
  const section = page.getByRole('region', { name: 'Two-factor sign-in' })
  const codes = await section.getByRole('listitem').allInnerTexts()
  await button(page, 'I have kept them').click()
  await button(page, 'Turn it off').waitFor()
  return { uri, codes }
}

test('the first one here makes an account, told what is missing, and lands in the first minute', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await bed.visit()
  await open('/')
  await at(page, '/sign-in')
  await page.getByRole('link', { name: 'Make the first account' }).click()
  await field(page, 'Name of the business').fill('Duka la Wanjiku')
  await field(page, 'Your name').fill(OWNER.name)
  await field(page, 'E-mail').fill(OWNER.email)
  await field(page, 'Choose a password').fill('short')
  await page.keyboard.press('Enter')
  await page.getByText('At least 10 characters are needed').waitFor()
  assert.equal(await field(page, 'Choose a password').getAttribute('aria-invalid'), 'true')
  await field(page, 'Choose a password').fill(OWNER.password)
  await page.keyboard.press('Enter')
  await at(page, '/start')
  await page.getByRole('link', { name: 'Team' }).click()
  await page.getByText(OWNER.email).waitFor()
})

test('the page that was asked for opens after the sign-in, and no page of somebody else', async () => {
  await using bed = await startBrowserBed()
  const { page, context, open } = await visitAsOwner(bed)
  await context.clearCookies()
  await open('/audit-log')
  await at(page, '/sign-in')
  await enterPassword(page, OWNER)
  await at(page, '/audit-log')
  const entries = page.getByRole('list', { name: 'Entries of the audit log' })
  await entries.getByText('Signed in').first().waitFor()
  await context.clearCookies()
  await open('/sign-in?next=//evil.example/')
  await enterPassword(page, OWNER)
  await at(page, '/')
  assert.equal(new URL(page.url()).origin, bed.gateway.url)
})

test('a wrong password is said beside the form, and lets nobody in', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, context, open } = visitor
  await context.clearCookies()
  visitor.expectProblem(/^401 POST .*\/auth\/sign-in\/email$/)
  await open('/sign-in')
  await enterPassword(page, { ...OWNER, password: 'not this one' })
  await page.getByRole('alert').getByText('do not go together').waitFor()
  assert.equal(new URL(page.url()).pathname, '/sign-in')
})

test('with two-factor on, a code of the app is asked for, and each recovery code works once', async () => {
  await using bed = await startBrowserBed()
  const owner = await visitAsOwner(bed)
  const { uri, codes } = await enrol(owner)
  assert.equal(codes.length, 10)
  const { page, context, open } = owner
  // A page that is left asks for nothing more, which would be refused without the cookie.
  await page.goto('about:blank')
  await context.clearCookies()
  await open('/sign-in')
  await enterPassword(page, OWNER)
  // As it is pasted from an app that groups the digits.
  await field(page, 'Code from your app').fill(` ${totpCode(uri).replace(/^.../, '$& ')} `)
  await page.keyboard.press('Enter')
  await at(page, '/')

  const [code = ''] = codes
  const other = await bed.visit()
  const enterRecoveryCode = async () => {
    await other.page.goto('about:blank')
    await other.context.clearCookies()
    await other.open('/sign-in')
    await enterPassword(other.page, OWNER)
    await button(other.page, 'I cannot use my app').click()
    await field(other.page, 'Recovery code').fill(code)
    await other.page.keyboard.press('Enter')
  }
  await enterRecoveryCode()
  await at(other.page, '/')
  other.expectProblem(/^401 POST .*\/auth\/two-factor\/verify-backup-code$/)
  await enterRecoveryCode()
  await other.page.getByText('That is none of your unused recovery codes.').waitFor()
})

test('who is invited as support makes an account by the link, and sees payments but no keys', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  await open('/team')
  await button(page, 'Invite somebody').click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'E-mail' }).fill(FAITH.email)
  await button(page, 'Make the link').click()
  const link = await page.getByRole('region', { name: 'Invitation link' }).innerText()
  await button(page, 'Done').click()
  await page.getByText('Invitations that wait').waitFor()

  const guest = await bed.visit()
  await guest.open(new URL(link.trim()).pathname)
  await field(guest.page, 'Your name').fill(FAITH.name)
  await field(guest.page, 'Choose a password').fill(FAITH.password)
  await guest.page.keyboard.press('Enter')
  await at(guest.page, '/')
  const pages = guest.page.getByRole('navigation').getByRole('link')
  await pages.filter({ hasText: 'Payments' }).waitFor()
  const forOthers = /API keys|Webhooks|Shortcodes|Team|Audit log|New payment/
  assert.deepEqual(await pages.filter({ hasText: forOthers }).allInnerTexts(), [])
  for (const path of ['/team', '/audit-log', '/settings#merchant']) {
    await guest.open(path)
    await guest.page.getByText('Your role does not include this').waitFor()
  }
  await open('/team')
  await page.getByLabel(`Role of ${FAITH.name}`).selectOption('developer')
  await page.getByText(`${FAITH.name} is Developer now.`).waitFor()
})

test('an owner is told of an invitation whose mail could not be sent, and sends it again', async () => {
  await using mail = await startSmtpServer()
  await using bed = await startBrowserBed({ env: { SMTP_URL: mail.url, MAIL_FROM: 'pay@duka.example' } })
  const { page, open } = await visitAsOwner(bed)
  await open('/team')
  await button(page, 'Invite somebody').click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'E-mail' }).fill(FAITH.email)
  mail.refuseNext('451 not now')
  await button(page, 'Send the invitation').click()
  await page.getByText(`The mail to ${FAITH.email} could not be sent`).waitFor()
  await button(page, `Send the invitation of ${FAITH.email} again`).click()
  await page.getByText(`The invitation is on its way to ${FAITH.email}.`).waitFor()
  assert.deepEqual(
    mail.mails.flatMap(({ to }) => to),
    [FAITH.email],
  )
})

test('signing out everywhere closes the page that is open on another device', async () => {
  await using bed = await startBrowserBed()
  const { page, open } = await visitAsOwner(bed)
  const phone = await bed.visit()
  await phone.open('/sign-in')
  await enterPassword(phone.page, OWNER)
  await at(phone.page, '/')
  // Told so by whatever the page asks for next.
  phone.expectProblem(/^401 GET /)
  await open('/settings')
  await button(page, 'Sign out everywhere').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await at(page, '/sign-in')
  await at(phone.page, '/sign-in')
})

test('whoever could not be signed out is told so, and stays where that can be tried again', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  await open('/payments')
  visitor.expectProblem(/ERR_CONNECTION_REFUSED/)
  await page.route('**/auth/sign-out', (route) => route.abort('connectionrefused'), { times: 1 })
  await button(page, 'Your account').click()
  const signOut = page.getByRole('menuitem', { name: 'Sign out' })
  await signOut.click()
  await page.getByRole('alert').getByText('You are still signed in').waitFor()
  assert.equal(new URL(page.url()).pathname, '/payments')
  await signOut.click()
  await at(page, '/sign-in')
  await open('/payments')
  await at(page, '/sign-in')
})

test('whoever was signed out elsewhere leaves by the same way', async () => {
  await using bed = await startBrowserBed()
  const visitor = await visitAsOwner(bed)
  const { page, open } = visitor
  await open('/payments')
  visitor.expectProblem(/^401 /)
  const unauthenticated = { type: 'about:blank', status: 401, code: 'unauthenticated', title: 'Sign in.' }
  await page.route('**/auth/sign-out', (route) => route.fulfill({ status: 401, json: unauthenticated }))
  await button(page, 'Your account').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await at(page, '/sign-in')
  await field(page, 'E-mail').waitFor()
})
