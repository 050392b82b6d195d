// Code that sends a first payment, in four languages and without any package.
import type { CodeSample } from '../../developer/code-sample.ts'

/** Samples against the gateway at `baseUrl`, with `key` filled in; the prompt goes to `phone`. */
export function paymentSamples(baseUrl: string, key: string, phone: string): CodeSample[] {
  const payment = `{"amount":10,"phone":"${phone}","reference":"FIRST"}`
  return [
    {
      language: 'curl',
      code: `curl -sS ${baseUrl}/v1/payments \\
  -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' \\
  -d '${payment}'`,
    },
    {
      language: 'TypeScript',
      code: `const answer = await fetch('${baseUrl}/v1/payments', {
  method: 'POST',
  headers: { 'x-api-key': '${key}', 'content-type': 'application/json' },
  body: JSON.stringify({ amount: 10, phone: '${phone}', reference: 'FIRST' }),
})
console.log(answer.status, await answer.json())`,
    },
    {
      language: 'PHP',
      code: `<?php
$request = curl_init('${baseUrl}/v1/payments');
curl_setopt_array($request, [
    CURLOPT_HTTPHEADER => ['x-api-key: ${key}', 'content-type: application/json'],
    CURLOPT_POSTFIELDS => json_encode(['amount' => 10, 'phone' => '${phone}', 'reference' => 'FIRST']),
    CURLOPT_RETURNTRANSFER => true,
]);
echo curl_exec($request), PHP_EOL;`,
    },
    {
      language: 'Python',
      code: `import json, urllib.request

request = urllib.request.Request(
    "${baseUrl}/v1/payments",
    headers={"x-api-key": "${key}", "content-type": "application/json"},
    data=json.dumps({"amount": 10, "phone": "${phone}", "reference": "FIRST"}).encode(),
)
print(urllib.request.urlopen(request).read().decode())`,
    },
  ]
}
