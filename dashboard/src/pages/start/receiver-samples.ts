// A receiver of webhooks in a few lines, to be run on one's own machine: it verifies, answers, and says
// what came.
import type { CodeSample } from '../../developer/code-sample.ts'

const PORT = 5_055
/** Where the receiver listens. */
export const LOCAL_RECEIVER_URL = `http://127.0.0.1:${PORT}/`

/** Samples with `secret` filled in. */
export function receiverSamples(secret: string): CodeSample[] {
  return [
    {
      language: 'Python',
      code: `# receiver.py: python3 receiver.py
import base64, hashlib, hmac, json
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode("${secret}".removeprefix("whsec_"))

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        mac = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        is_genuine = any(hmac.compare_digest(mac, each) for each in self.headers["webhook-signature"].split())
        self.send_response(204 if is_genuine else 401)
        self.end_headers()
        print("genuine" if is_genuine else "FORGED", json.dumps(json.loads(body), indent=2), flush=True)

    def log_message(self, *args):
        pass

print("Waiting on ${LOCAL_RECEIVER_URL}", flush=True)
HTTPServer(("127.0.0.1", ${PORT}), Receiver).serve_forever()`,
    },
    {
      language: 'TypeScript',
      code: `// receiver.ts: node receiver.ts
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const key = Buffer.from('${secret}'.replace('whsec_', ''), 'base64')

createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray())
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = request.headers
  const mac = createHmac('sha256', key).update(\`\${id}.\${time}.\`).update(body).digest('base64')
  const expected = Buffer.from(\`v1,\${mac}\`)
  const isGenuine = String(given)
    .split(' ')
    .map((each) => Buffer.from(each))
    .some((each) => each.length === expected.length && timingSafeEqual(each, expected))
  response.writeHead(isGenuine ? 204 : 401).end()
  console.log(isGenuine ? 'genuine' : 'FORGED', JSON.parse(body.toString()))
}).listen(${PORT}, '127.0.0.1', () => console.log('Waiting on ${LOCAL_RECEIVER_URL}'))`,
    },
  ]
}
