import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectRaw } from '../../test/support/raw-http.ts'
import { BED_KEY, createServerBed } from './testing/server-bed.ts'

/** So many processes share a key's requests that each may have one under way. */
const PROCESSES = 5_000

test('a client who hangs up while its key is looked at leaves its key the place', async () => {
  const known = Promise.withResolvers<void>()
  await using bed = await createServerBed({
    processes: PROCESSES,
    beforeKey: () => known.promise,
    payments: { list: async () => [] },
  })
  await bed.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = bed.app.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const heard = once(bed.app.server, 'request')
  const { socket } = connectRaw(url)
  socket.write(`GET /v1/payments HTTP/1.1\r\nhost: a\r\nx-api-key: ${BED_KEY}\r\n\r\n`)
  const [request] = await heard
  const gone = once(request.socket, 'close')
  socket.destroy()
  await gone
  known.resolve()
  const answer = await fetch(`${url}/v1/payments`, { headers: { 'x-api-key': BED_KEY } })
  assert.equal(answer.status, 200, await answer.text())
})
