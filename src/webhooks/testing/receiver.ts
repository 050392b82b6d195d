// A merchant's server for tests: keeps what it is sent and answers as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** One request as the receiver got it. */
export type ReceivedRequest = {
  path: string
  headers: Record<string, string>
  body: string
}

/** How to answer; what answers nothing leaves the sender waiting. */
export type Answer = (reply: ServerResponse, request: ReceivedRequest) => void

/** A running receiver. */
export type Receiver = AsyncDisposable & {
  url: string
  requests: ReceivedRequest[]
  answer: Answer
}

/** Answers with a status and nothing else. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (reply) => {
    reply.writeHead(code, headers).end()
  }
}

/** Never answers. */
export const silence: Answer = () => {}

/** Starts a receiver on a free port of the loopback address; it answers 200 unless told otherwise. */
export async function createReceiver(answer: Answer = status(200)): Promise<Receiver> {
  const server = createServer((incoming, reply) => {
    void receive(incoming).then((request) => {
      receiver.requests.push(request)
      receiver.answer(reply, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
  return {
    path: incoming.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString('utf8'),
  }
}
