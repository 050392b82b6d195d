// Mail: over SMTP where that is set, into the log where it is not.
import type { Transporter } from 'nodemailer'
import { createOnce } from '../create-once.ts'
import type { Logger } from '../log.ts'
import { maskAddress } from './mask-address.ts'

/** One mail to one address, as plain text. */
export type Mail = { to: string; subject: string; text: string }

/** What became of a mail: the server has it; it stands in the log; or it went nowhere, which the log says. */
export type MailOutcome = { code: 'sent' } | { code: 'printed' } | { code: 'failed' }

/** Sends mails. */
export type Mailer = {
  /** False: mails are printed into the log. */
  readonly isSending: boolean
  /**
   * Never rejects: whoever asked cannot do more about it than look into the log. Aborted, it has `failed`.
   */
  send(mail: Mail, signal?: AbortSignal): Promise<MailOutcome>
}

/** What the mailer works with. `smtpUrl` null prints; `from` is an address, or a name with one behind it. */
export type MailerDeps = { smtpUrl: string | null; from: string; log: Pick<Logger, 'info' | 'warn'> }

/** A server that takes longer than this to answer is down; a page waits for it. */
const SMTP_TIMEOUT_MS = 10_000
/** Mail submission over TLS from the first byte, and with STARTTLS. RFC 8314, RFC 6409. */
const SMTPS_PORT = 465
const SUBMISSION_PORT = 587
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** A mailer. The library is loaded with the first mail. */
export function createMailer(deps: MailerDeps): Mailer {
  const { smtpUrl, log } = deps
  if (smtpUrl === null) return { isSending: false, send: async (mail) => print(deps, mail) }
  const openOnce = createOnce(() => openTransport(smtpUrl))
  return {
    isSending: true,
    async send(mail, signal) {
      const to = maskAddress(mail.to)
      try {
        const transport = await openOnce()
        // As an object the address is one address, whatever commas it holds.
        const address = { name: '', address: mail.to }
        await transport.sendMail({
          from: deps.from,
          to: address,
          subject: mail.subject,
          text: mail.text,
          ...(signal === undefined ? {} : { signal }),
        })
        log.info({ to, subject: mail.subject }, 'mail sent')
        return { code: 'sent' }
      } catch (error) {
        log.warn({ to, subject: mail.subject, ...reasonOf(error) }, 'a mail could not be sent')
        return { code: 'failed' }
      }
    },
  }
}

/** Links in it included: without a mail server the log is where people look for them. */
function print({ log }: MailerDeps, mail: Mail): MailOutcome {
  log.info({ to: maskAddress(mail.to), subject: mail.subject, text: mail.text }, 'mail not sent: no SMTP_URL')
  return { code: 'printed' }
}

async function openTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  return createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? SMTPS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    // A password never goes over somebody's network in clear.
    requireTLS: !secure && user !== '' && !LOOPBACK.test(url.hostname),
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    // Texts of ours only: nothing is fetched and no file is read on behalf of a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  })
}

/** What a server says about a refused mail often repeats its address; its codes do not. */
function reasonOf(error: unknown): { code?: string; response?: number; reason?: string } {
  if (!(error instanceof Error)) return {}
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  if ('responseCode' in error && typeof error.responseCode === 'number') {
    return { ...code, response: error.responseCode }
  }
  return { ...code, reason: error.message.replaceAll(/\S+@\S+/g, '[address]') }
}
