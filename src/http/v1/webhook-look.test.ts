import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import { createUuidSource } from '../../ids.ts'
import { readEndpoint } from '../../webhooks/endpoint.ts'
import { createServerBed } from '../testing/server-bed.ts'

const ID = `we_${'0'.repeat(12)}7000800000000000de30`
const times = { created_at: '2026-03-21T11:00:00Z', updated_at: '2026-03-21T11:00:00Z' }
const shown = { id: 'x', url: 'https://shop.example.org', format: 'event', live: false }
const endpoint = readEndpoint({ ...shown, ...times })
const newUuid = createUuidSource({ now: () => 1 })
const secret = 'whsec_c2VjcmV0'

test('a person is shown a secret again, and the audit log says who', async () => {
  const entries: AuditEntry[] = []
  await using bed = await createServerBed({
    principal: { actor: { kind: 'user', id: newUuid(), email: 'a@shop.example.org', role: 'developer' } },
    webhooks: {
      findEndpoint: async () => endpoint,
      revealSecret: async () => ({ secret, previous: null }),
    },
    audit: { record: async (entry) => entries.push(entry) > 0 },
  })
  const answer = await bed.ask('POST', `/v1/webhook_endpoints/${ID}/reveal_secret`)
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.body.secret, secret)
  assert.deepEqual(
    entries.map(({ action, target }) => [action, target?.id]),
    [['webhook_endpoint.secret_revealed', ID]],
  )
  assert.doesNotMatch(JSON.stringify(entries), /whsec_/)
})

test('a key is not shown a secret again', async () => {
  await using bed = await createServerBed({
    webhooks: {
      findEndpoint: async () => endpoint,
      revealSecret: async () => assert.fail('it was read'),
    },
  })
  const answer = await bed.ask('POST', `/v1/webhook_endpoints/${ID}/reveal_secret`)
  assert.equal(answer.body.code, 'forbidden')
})
