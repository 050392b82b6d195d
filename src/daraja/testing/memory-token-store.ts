// The token store's contract in memory, for tests in which several clients share one store.
import type { StoredToken, TokenRecord, TokenStore } from '../token.ts'

/** A store whose record tests can look at and change. */
export type MemoryTokenStore = TokenStore & {
  record(): TokenRecord
  put(token: StoredToken, generation: number): void
  /** Another process takes the lease and keeps it. */
  hold(): void
  /** The calls made so far. */
  calls(): number
}

/** One record for whatever credential; a lease ends only by `save` and `release`. */
export function createMemoryTokenStore(): MemoryTokenStore {
  let record: TokenRecord = { generation: 0, token: null, refusal: null }
  let holder: string | null = null
  let calls = 0
  return {
    record: () => record,
    put: (token, generation) => {
      record = { ...record, token, generation }
    },
    hold: () => {
      holder = 'another process'
    },
    calls: () => calls,
    async read() {
      calls += 1
      return record
    },
    async lease(_credentialId, lease) {
      calls += 1
      if (holder !== null || lease.generation !== record.generation) return false
      holder = lease.holder
      return true
    },
    async save(_credentialId, savingHolder, token) {
      calls += 1
      if (holder !== savingHolder) return null
      holder = null
      record = { generation: record.generation + 1, token, refusal: null }
      return record.generation
    },
    async release(_credentialId, releasingHolder, refusal) {
      calls += 1
      if (holder !== releasingHolder) return
      holder = null
      record = { ...record, refusal: refusal ?? record.refusal }
    },
  }
}
