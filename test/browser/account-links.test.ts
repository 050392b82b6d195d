import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '../../src/cli/testing/run-command.ts'
import { startSmtpServer } from '../../src/mail/testing/smtp-server.ts'
import { until } from '../support/gateway.ts'
import { OWNER, signUp } from './accounts.ts'
import { startBrowserBed } from './browser-bed.ts'
import { readStorage } from './judge-page.ts'

const NEW_PASSWORD = 'maziwa lala na asali'
/** An address with a secret behind it, as mails and commands write it. */
const LINK = /https?:\/\/\S+#\S+/

test('a forgotten password is set anew by the link of a mail, which works once', async () => {
  await using mail = await startSmtpServer()
  await using bed = await startBrowserBed({ env: { SMTP_URL: mail.url, MAIL_FROM: 'pay@duka.example' } })
  const visitor = await bed.visit()
  const { page, context, open } = visitor
  await signUp(context, bed.gateway.url, { merchantName: 'Duka la Wanjiku' })
  await context.clearCookies()
  await open('/sign-in')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  // The sign-in, which has an e-mail field as well, stays until the next page is there.
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email)
  await page.keyboard.press('Enter')
  await page.getByText('Look into your mail').waitFor()
  const sent = await until('the mail', async () => mail.mails.find(({ to }) => to.includes(OWNER.email)))
  const [link = ''] = LINK.exec(sent.text) ?? []

  await open(link)
  // What is in the address stands in the history, and in the pictures that people send for help.
  await page.waitForURL((url) => url.hash === '')
  assert.deepEqual(await readStorage(page).then((kept) => kept.filter((entry) => /token/i.test(entry))), [])
  await page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'To the sign-in' }).click()
  await page.getByRole('textbox', { name: 'E-mail' }).fill(OWNER.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(NEW_PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/')

  visitor.expectProblem(/^400 POST .*\/auth\/reset-password$/)
  await open(link)
  await page.getByRole('textbox', { name: 'New password' }).fill('and one more time')
  await page.keyboard.press('Enter')
  await page.getByText('This link has been used already').waitFor()
  await page.getByRole('link', { name: 'Ask for a new link' }).waitFor()
})

test('a one-time link signs in by itself, and says so when it is spent', async () => {
  await using bed = await startBrowserBed()
  const owner = await bed.visit()
  await signUp(owner.context, bed.gateway.url, { merchantName: 'Duka la Wanjiku' })
  const env = { DATABASE_URL: bed.db.url, SUKUMA_SECRET: bed.secret, PUBLIC_URL: bed.gateway.url }
  const made = await runCommand(['members', 'link', '--email', OWNER.email], { env })
  const [link = ''] = LINK.exec(made.stdout) ?? []

  const first = await bed.visit()
  await first.open(link)
  await first.page.waitForURL((url) => url.pathname === '/')
  await first.page.getByRole('link', { name: 'Payments' }).waitFor()

  const second = await bed.visit()
  second.expectProblem(/^401 POST .*\/auth\/sign-in\/link$/)
  await second.open(link)
  await second.page.getByText('The link does not work').waitFor()
  assert.equal(new URL(second.page.url()).hash, '')
  await second.page.getByRole('button', { name: 'Sign in with a password' }).click()
  await second.page.getByRole('textbox', { name: 'E-mail' }).waitFor()
})
