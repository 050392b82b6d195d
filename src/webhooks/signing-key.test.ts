import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { verifyEd25519 } from '../../test/support/ed25519-reference.ts'
import { ed25519Signer, hmacSigner, newSigningKey, newWebhookSecret, signHeaders } from './signature.ts'

function bytesOf(text: string, prefix: string): Buffer {
  assert.ok(text.startsWith(prefix), text)
  return Buffer.from(text.slice(prefix.length), 'base64')
}

function verifyByNode(publicKey: string, content: string, signature: string): boolean {
  const x = bytesOf(publicKey, 'whpk_').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(content), key, bytesOf(signature, 'v1a,'))
}

test('two independent implementations of ed25519 verify any body that we sign', () => {
  fc.assert(
    fc.property(fc.json(), (body) => {
      const { privateKey, publicKey } = newSigningKey()
      const message = { id: 'evt_1', timestampSeconds: 1_700_000_000, body }
      const signature = signHeaders(message, [ed25519Signer(privateKey)])['webhook-signature']
      const content = `evt_1.1700000000.${body}`
      assert.ok(verifyByNode(publicKey, content, signature))
      const [key, bytes] = [bytesOf(publicKey, 'whpk_'), bytesOf(signature, 'v1a,')]
      assert.ok(verifyEd25519(key, Buffer.from(content), bytes))
      assert.ok(!verifyByNode(publicKey, `${content} `, signature))
      assert.ok(!verifyEd25519(key, Buffer.from(`${content} `), bytes))
    }),
    { numRuns: 15 },
  )
})

// RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature.
const VECTORS = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b' +
      'd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c' +
      '387b2eaeb4302aeeb00d291612bb0c00',
  ],
] as const

test('a key as Standard Webhooks writes it signs as RFC 8032 has it', () => {
  for (const [seed, publicKey, message, expected] of VECTORS) {
    const privateKey = `whsk_${Buffer.from(seed + publicKey, 'hex').toString('base64')}`
    const text = Buffer.from(message, 'hex').toString('latin1')
    const signed = ed25519Signer(privateKey)(text)
    assert.equal(bytesOf(signed, 'v1a,').toString('hex'), expected)
  }
})

test('a key pair is whsk_ and 64 bytes, whpk_ and 32, and no two are the same', () => {
  const pair = newSigningKey()
  const privateBytes = bytesOf(pair.privateKey, 'whsk_')
  assert.equal(privateBytes.length, 64)
  assert.deepEqual(privateBytes.subarray(32), bytesOf(pair.publicKey, 'whpk_'))
  assert.notEqual(newSigningKey().publicKey, pair.publicKey)
  assert.throws(() => ed25519Signer('whsk_c2hvcnQ='))
})

test('both schemes stand side by side, separated by spaces', () => {
  const signers = [hmacSigner(newWebhookSecret()), ed25519Signer(newSigningKey().privateKey)]
  const headers = signHeaders({ id: 'evt_1', timestampSeconds: 1, body: '{}' }, signers)
  assert.match(headers['webhook-signature'], /^v1,[\w+/=]{44} v1a,[\w+/=]{88}$/)
})
