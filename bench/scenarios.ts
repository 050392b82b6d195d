// The scenarios, in the order in which they run and stand on the page of figures.
import type { Scenario } from './scenario.ts'
import { accepts } from './scenarios/accepts.ts'
import { backlog } from './scenarios/backlog.ts'
import { deliveries } from './scenarios/deliveries.ts'
import { growth } from './scenarios/growth.ts'
import { idle } from './scenarios/idle.ts'
import { latency } from './scenarios/latency.ts'
import { merchants } from './scenarios/merchants.ts'
import { payments } from './scenarios/payments.ts'
import { processes } from './scenarios/processes.ts'
import { starts } from './scenarios/starts.ts'
import { sustained } from './scenarios/sustained.ts'

/** All that can be measured. */
export const SCENARIOS: readonly Scenario[] = [
  payments,
  accepts,
  latency,
  sustained,
  deliveries,
  backlog,
  growth,
  merchants,
  processes,
  idle,
  starts,
]
