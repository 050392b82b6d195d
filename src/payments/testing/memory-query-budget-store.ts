// The allowances of questions in memory: for tests and simulations, and what the SQL is compared with.
import { type Allowance, newAllowance, objected, returnPermits, takePermits } from '../query-allowance.ts'
import type { Grant, QueryBudgetStore } from '../query-budget-store.ts'

/** A store that lives in this process. */
export function createMemoryQueryBudgetStore(): QueryBudgetStore {
  const allowances = new Map<string, Allowance>()
  return {
    async take(nowMs, wishes) {
      const grants = new Map<string, Grant>()
      for (const [credentialId, wish] of wishes) {
        const held = allowances.get(credentialId) ?? newAllowance(nowMs)
        const grant = takePermits(held, wish, nowMs)
        allowances.set(credentialId, grant.allowance)
        grants.set(credentialId, grant)
      }
      return grants
    },
    async giveBack(credentialId, count) {
      const held = allowances.get(credentialId)
      if (held !== undefined) allowances.set(credentialId, returnPermits(held, count))
    },
    async refuse(nowMs, credentialId, retryAfterMs) {
      const held = allowances.get(credentialId)
      if (held !== undefined) allowances.set(credentialId, objected(held, retryAfterMs, nowMs))
    },
  }
}
