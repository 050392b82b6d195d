// Code that verifies the signature of a webhook, without any package. A test runs what it can of it.
import type { CodeSample } from '../../developer/code-sample.ts'

const TYPESCRIPT = `import { createHmac, timingSafeEqual } from 'node:crypto'

/** \`rawBody\` is the body as it came; \`secret\` is whsec_… */
export function isGenuine(headers: Record<string, string>, rawBody: string, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given = '' } = headers
  if (!(Math.abs(Date.now() / 1000 - Number(time)) < 300)) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const mac = createHmac('sha256', key).update(\`\${id}.\${time}.\${rawBody}\`).digest('base64')
  const expected = Buffer.from(\`v1,\${mac}\`)
  return given
    .split(' ')
    .map((each) => Buffer.from(each))
    .some((each) => each.length === expected.length && timingSafeEqual(each, expected))
}`

const PHP = `<?php
// $rawBody = file_get_contents('php://input'); $secret is whsec_…
function isGenuine(array $headers, string $rawBody, string $secret): bool {
    $id = $headers['webhook-id'] ?? '';
    $time = $headers['webhook-timestamp'] ?? '';
    if (!ctype_digit($time) || abs(time() - (int) $time) > 300) return false;
    $key = base64_decode(substr($secret, strlen('whsec_')));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$time.$rawBody", $key, true));
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $each) {
        if (hash_equals($expected, $each)) return true;
    }
    return false;
}`

const PYTHON = `import base64, hashlib, hmac, time

def is_genuine(headers: dict, raw_body: bytes, secret: str) -> bool:
    """raw_body is the body as it came; secret is whsec_…"""
    sent = headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{headers.get('webhook-id', '')}.{sent}.".encode() + raw_body
    expected = "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(expected, each)
        for each in headers.get("webhook-signature", "").split(" ")
    )`

const SHELL = `#!/bin/bash
# Plays one webhook against your own server, signed as the gateway signs it. SECRET is whsec_…
URL=\${URL:-http://127.0.0.1:5055/}
ID=evt_00000000000070008000000000000001
TIME=$(date +%s)
BODY='{"id":"'$ID'","type":"webhook.test","created_at":"2026-01-01T00:00:00.000Z","sequence":1,"data":{}}'
KEY=$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
MAC=$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64)
curl -sS -i "$URL" -H 'content-type: application/json' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$MAC" \\
  --data-raw "$BODY"`

/** By HMAC with the endpoint's secret; the last one sends a signed webhook to try them with. */
export const VERIFY_SAMPLES: readonly CodeSample[] = [
  { language: 'TypeScript', code: TYPESCRIPT },
  { language: 'PHP', code: PHP },
  { language: 'Python', code: PYTHON },
  { language: 'curl', code: SHELL },
]
