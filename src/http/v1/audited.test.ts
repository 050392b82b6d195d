import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AuditEntry } from '../../audit/audit-entry.ts'
import { systemClock } from '../../clock.ts'
import { createUuidSource } from '../../ids.ts'
import { readEndpoint } from '../../webhooks/endpoint.ts'
import { createServerBed } from '../testing/server-bed.ts'
import { changesBetween, endpointTarget, shownEndpoint } from './audited.ts'

const newUuid = createUuidSource(systemClock)

function endpointAt(url: string) {
  const row = { merchant_id: newUuid(), id: newUuid(), live: false, url, format: 'event', event_types: null }
  const times = { created_at: '2026-03-21T11:00:00Z', updated_at: '2026-03-21T11:00:00Z' }
  return readEndpoint({ ...row, ...times, description: null, disabled_at: null, disabled_reason: null })
}

describe('what the audit log is told', () => {
  it('has no name, password or query of an address', () => {
    const addresses = {
      'https://u:pw@shop.example:8443/x?token=s3cret#y': 'https://…@shop.example:8443/x?…',
      'https://shop.example/x': 'https://shop.example/x',
      'no address': 'unreadable',
    }
    for (const [url, shown] of Object.entries(addresses)) {
      assert.equal(shownEndpoint(endpointAt(url)).url, shown)
      assert.equal(endpointTarget(endpointAt(url))?.name, shown)
    }
  })

  it('is what differs, lists by their members', () => {
    const before = { status: 'enabled', event_types: ['a', 'b'], url: 'x', description: null }
    const after = { status: 'disabled', event_types: ['a', 'b'], url: 'x', description: 'y' }
    assert.deepEqual(changesBetween(before, after), {
      status: { from: 'enabled', to: 'disabled' },
      description: { from: null, to: 'y' },
    })
    assert.deepEqual(changesBetween(before, before), {})
  })
})

describe('a change that could not be recorded', () => {
  it('is answered as usual: it is done, and its secret is shown this once', async () => {
    const asked: AuditEntry[] = []
    const id = newUuid()
    const key = {
      ...{ id, merchantId: newUuid(), name: 'Shop', hint: 'abcd', live: false, shortcodeId: null },
      ...{ scopes: ['payments:read' as const], createdAt: new Date(), expiresAt: null },
      ...{ revokedAt: null, replacedBy: null, lastUsedAt: null },
    }
    await using bed = await createServerBed({
      audit: {
        record: async (entry) => {
          asked.push(entry)
          return false
        },
      },
      apiKeys: {
        find: async () => key,
        create: async () => ({ code: 'created', key, text: 'sk_test_shown' }),
      },
    })
    const answer = await bed.ask('POST', '/v1/api_keys', {
      body: { name: 'Shop', scopes: ['payments:read'] },
    })
    assert.equal(answer.status, 201)
    assert.equal(answer.body.secret, 'sk_test_shown')
    assert.deepEqual(
      asked.map(({ action }) => action),
      ['api_key.created'],
    )
    assert.ok(!JSON.stringify(asked).includes('sk_test_shown'))
  })
})
