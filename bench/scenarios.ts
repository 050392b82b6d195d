// The scenarios, in the order in which they run and stand on the page of figures.
import type { Scenario } from './scenario.ts'
import { accepts } from './scenarios/accepts.ts'
import { deliveries } from './scenarios/deliveries.ts'
import { payments } from './scenarios/payments.ts'
import { starts } from './scenarios/starts.ts'

/** All that can be measured. */
export const SCENARIOS: readonly Scenario[] = [payments, accepts, deliveries, starts]
