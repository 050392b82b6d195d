// The code that the dashboard gives to developers, run as it stands: a receiver's, against what is signed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import type { CodeSample } from '../../dashboard/src/developer/code-sample.ts'
import { paymentSamples } from '../../dashboard/src/pages/start/payment-samples.ts'
import { VERIFY_SAMPLES } from '../../dashboard/src/pages/webhook/verify-samples.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { startReceiver } from '../support/receiver.ts'
import { createTemporaryFolder } from '../support/temporary-folder.ts'

/** How a sample in a language is run; TypeScript everywhere, the others where their tool is installed. */
const TOOLS: Record<string, { command: string; file: string }> = {
  TypeScript: { command: process.execPath, file: 'sample.mts' },
  Python: { command: 'python3', file: 'sample.py' },
  PHP: { command: 'php', file: 'sample.php' },
  curl: { command: 'bash', file: 'sample.sh' },
}

type Webhook = { headers: Record<string, string>; body: string; secret: string }

/** Prints for each of `cases` whether it is genuine. */
const HARNESS: Record<string, (cases: Webhook[]) => string> = {
  TypeScript: (cases) =>
    `for (const c of ${JSON.stringify(cases)}) console.log(isGenuine(c.headers, c.body, c.secret))`,
  Python: (cases) =>
    `import json\nfor c in json.loads(${JSON.stringify(JSON.stringify(cases))}):\n` +
    `    print(str(is_genuine(c["headers"], c["body"].encode(), c["secret"])).lower())`,
  PHP: (cases) =>
    `foreach (json_decode(base64_decode('${base64(cases)}'), true) as $c) ` +
    `echo var_export(isGenuine($c['headers'], $c['body'], $c['secret']), true), "\\n";`,
}

const base64 = (cases: Webhook[]) => Buffer.from(JSON.stringify(cases)).toString('base64')

/** What `sample` prints with `more` below it; null where its tool is not installed. */
async function run(t: TestContext, sample: CodeSample, more = ''): Promise<string | null> {
  const tool = TOOLS[sample.language] ?? assert.fail(`no tool for ${sample.language}`)
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, tool.file)
  await writeFile(file, `${sample.code}\n${more}\n`)
  const child = spawn(tool.command, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<'missing' | 'ended'>((resolve) => {
    child.once('error', () => resolve('missing'))
    child.once('close', () => resolve('ended'))
  })
  const said = await text(child.stdout)
  if ((await ended) === 'ended') return said.trim()
  assert.notEqual(sample.language, 'TypeScript')
  t.diagnostic(`${sample.language} is not installed here`)
  return null
}

async function receiveSigned(): Promise<Webhook> {
  await using bed = await startTestGateway()
  await using receiver = await startReceiver()
  const made = await bed.post('/v1/webhook_endpoints', { url: receiver.url })
  // Two secrets sign: the sample must find its own among them.
  const path = `/v1/webhook_endpoints/${made.body.id}`
  const rotated = await bed.post(`${path}/rotate_secret`, { overlap: 3_600 })
  await bed.post(`${path}/test`, {})
  const [received] = await until('the webhook', async () => receiver.received.length > 0 && receiver.received)
  assert.ok(received)
  const headers = Object.fromEntries(
    Object.entries(received.headers).map(([name, value]) => [name, String(value)]),
  )
  return { headers, body: received.text, secret: String(rotated.body.secret) }
}

test('the samples take what the gateway signed, and nothing else', async (t) => {
  const genuine = await receiveSigned()
  const { headers, body, secret } = genuine
  const aged = String(Number(headers['webhook-timestamp']) - 600)
  const cases = [
    genuine,
    { ...genuine, body: `${body} ` },
    { ...genuine, secret: `whsec_${Buffer.alloc(32).toString('base64')}` },
    { headers: { ...headers, 'webhook-timestamp': aged }, body, secret },
    { headers: {}, body, secret },
  ]
  for (const sample of VERIFY_SAMPLES) {
    const harness = HARNESS[sample.language]
    if (harness === undefined) continue
    const said = await run(t, sample, harness(cases))
    if (said !== null) assert.equal(said, 'true\nfalse\nfalse\nfalse\nfalse', sample.language)
  }
})

test('the samples send a payment', async (t) => {
  await using bed = await startTestGateway()
  for (const sample of paymentSamples(bed.gateway.url, bed.merchant.key, '254700000000')) {
    const said = await run(t, sample)
    if (said !== null) assert.match(said, /pay_[0-9a-f]{32}/, sample.language)
  }
})
