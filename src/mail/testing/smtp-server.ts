// A mail server of our own for tests: real SMTP over a socket (RFC 5321), keeping what it is given.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** A mail as it arrived. */
export type ReceivedMail = { from: string; to: string[]; subject: string; text: string; raw: string }

/** A running server; disposing of it closes all connections. */
export type SmtpServer = AsyncDisposable & {
  url: string
  mails: ReceivedMail[]
  /** The next address that is named is refused with this answer. */
  refuseNext(answer: string): void
}

/** Starts a server on a free port. */
export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const refusals: string[] = []
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    serve(socket, { mails, refusals })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseNext: (answer) => void refusals.push(answer),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function serve(socket: Socket, { mails, refusals }: { mails: ReceivedMail[]; refusals: string[] }): void {
  let waiting = ''
  let data: string[] | null = null
  let from = ''
  let to: string[] = []
  const say = (line: string) => socket.write(`${line}\r\n`)

  function take(line: string): void {
    if (data !== null) {
      if (line !== '.') {
        data.push(line.startsWith('..') ? line.slice(1) : line)
        return
      }
      mails.push(readMail({ from, to, raw: data.join('\r\n') }))
      data = null
      say('250 kept')
      return
    }
    const word = line.slice(0, 4).toUpperCase()
    const refusal = word === 'RCPT' ? refusals.shift() : undefined
    if (refusal !== undefined) say(refusal)
    else if (word === 'DATA') {
      data = []
      say('354 go on')
    } else if (word === 'QUIT') socket.end('221 bye\r\n')
    else {
      if (word === 'MAIL') {
        from = addressIn(line)
        to = []
      }
      if (word === 'RCPT') to.push(addressIn(line))
      say(word === 'EHLO' ? '250 test' : '250 ok')
    }
  }

  say('220 test')
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    waiting += chunk
    const lines = waiting.split('\r\n')
    waiting = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}

function readMail({ from, to, raw }: { from: string; to: string[]; raw: string }): ReceivedMail {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, end)
  const body = raw.slice(end + 4)
  const text = /quoted-printable/i.test(head) ? unquote(body) : body
  const subject = /^Subject: (.*)$/m.exec(head)?.[1] ?? ''
  return { from, to, subject: subject.trim(), text: text.replaceAll('\r\n', '\n').trimEnd(), raw }
}

/** Quoted-printable (RFC 2045, section 6.7). */
function unquote(body: string): string {
  const joined = body.replaceAll('=\r\n', '')
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
