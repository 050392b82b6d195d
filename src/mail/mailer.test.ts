import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { makeUnloadable } from '../../test/support/unloadable-package.ts'
import { createLogger } from '../log.ts'
import { createMailer } from './mailer.ts'
import { maskAddress } from './mask-address.ts'
import { startSilentServer } from './testing/silent-server.ts'
import { startSmtpServer } from './testing/smtp-server.ts'

const FROM = 'Sukuma <pay@shop.example>'
const MAIL = {
  to: 'wanjiku@shop.example',
  subject: 'Karibu',
  text: `Habari – open\nhttps://x/${'a'.repeat(90)}`,
}

function logged() {
  const lines: string[] = []
  return { lines, log: createLogger('info', { write: (line) => void lines.push(line) }) }
}

describe('a mailer', () => {
  it('sends once its library loads, although it could not be loaded before', async () => {
    await using server = await startSmtpServer()
    const { log, lines } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    const library = makeUnloadable('nodemailer')
    assert.deepEqual(await mailer.send(MAIL), { code: 'failed' })
    library.restore()
    assert.match(lines.join(''), /nodemailer cannot be loaded/)
    assert.deepEqual(await mailer.send(MAIL), { code: 'sent' })
  })
})

describe('a mail', () => {
  it('reaches a mail server, with its text whole', async () => {
    await using server = await startSmtpServer()
    const { log } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    assert.deepEqual(await mailer.send(MAIL), { code: 'sent' })
    const [mail] = server.mails
    assert.ok(mail)
    assert.equal(mail.from, 'pay@shop.example')
    assert.deepEqual(mail.to, ['wanjiku@shop.example'])
    assert.equal(mail.subject, 'Karibu')
    assert.equal(mail.text, MAIL.text)
  })

  it('goes to one address and has no header that a text could smuggle in', async () => {
    await using server = await startSmtpServer()
    const { log } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    await mailer.send({ ...MAIL, to: 'a@shop.example, b@shop.example' })
    await mailer.send({ ...MAIL, subject: 'Hi\r\nBcc: c@shop.example' })
    assert.ok(server.mails.every((mail) => mail.to.length <= 1))
    assert.ok(server.mails.every((mail) => !/^Bcc:/im.test(mail.raw)))
  })

  it('that is refused is told without its address, and the next one is sent', async () => {
    await using server = await startSmtpServer()
    const { log, lines } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    server.refuseNext('550 wanjiku@shop.example has no box here')
    assert.deepEqual(await mailer.send(MAIL), { code: 'failed' })
    assert.match(lines.join(''), /550/)
    assert.ok(!lines.join('').includes('wanjiku@'))
    assert.deepEqual(await mailer.send(MAIL), { code: 'sent' })
  })

  it('fails as a value where nothing listens', async () => {
    const server = await startSmtpServer()
    await server[Symbol.asyncDispose]()
    const { log, lines } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    assert.deepEqual(await mailer.send(MAIL), { code: 'failed' })
    assert.match(lines.join(''), /could not be sent/)
  })

  it('fails as a value when it is cut off, and leaves no connection behind', async () => {
    await using server = await startSilentServer()
    const { log } = logged()
    const mailer = createMailer({ smtpUrl: server.url, from: FROM, log })
    const cutOff = new AbortController()
    const sending = mailer.send(MAIL, cutOff.signal)
    const connection = await server.connected
    const closed = once(connection, 'close')
    cutOff.abort()
    assert.deepEqual(await sending, { code: 'failed' })
    await closed
    assert.deepEqual(await mailer.send(MAIL, cutOff.signal), { code: 'failed' })
    assert.equal(server.connections(), 1)
  })

  it('is printed to the log, links and all, where there is no mail server', async () => {
    const { log, lines } = logged()
    const mailer = createMailer({ smtpUrl: null, from: FROM, log })
    assert.equal(mailer.isSending, false)
    assert.deepEqual(await mailer.send(MAIL), { code: 'printed' })
    const line = JSON.parse(lines[0] ?? '')
    assert.equal(line.text, MAIL.text)
    assert.equal(line.to, 'w******@shop.example')
  })
})

describe('a masked address', () => {
  it('keeps its first letter and its domain', () => {
    assert.equal(maskAddress('wanjiku@shop.example'), 'w******@shop.example')
    assert.equal(maskAddress('no address'), '********')
    assert.equal(maskAddress(''), '')
  })
})
