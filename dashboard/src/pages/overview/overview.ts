// The shapes of the overview: money by the time of its verdict, in whole shillings.

/** Verdicts of some time. Ratios are percentages. */
export type Verdicts = { amount: number; paid: number; failed: number }

/** Verdicts of a day, with how many were payments, and how long they took. */
export type DayVerdicts = Verdicts & {
  date: string
  success_ratio: number | null
  time_to_verdict_ms: { p50: number; p95: number } | null
}

/** How many payments are without a verdict. `is_capped`: there are at least as many. */
export type OpenCount = { count: number; is_capped: boolean; oldest_at: string | null }

/** `GET /v1/overview`. */
export type Overview = {
  time_zone: string
  as_of: string
  catching_up: boolean
  today: DayVerdicts
  yesterday: DayVerdicts & { until_now: Verdicts & { success_ratio: number | null } }
  failures: { code: string; label: string; outcome: string; count: number; share: number }[]
  hours: { start: string; hour: string; today: Verdicts | null; yesterday: Verdicts }[]
  days: ({ date: string } & Verdicts)[]
  open: { queued: OpenCount; in_progress: OpenCount; uncertain: OpenCount }
}

/** One environment of `GET /v1/network`. */
export type NetworkEnvironment = {
  environment: 'simulator' | 'sandbox' | 'production'
  sample: 'own' | 'installation' | 'too_little'
  breaker: 'closed' | 'half_open' | 'open' | null
  success_ratio: number | null
  push_latency_ms: { p50: number; p95: number } | null
  prompt_to_verdict_ms: { p50: number; p95: number } | null
}

/** `GET /v1/network`. */
export type Network = { window_seconds: number; environments: NetworkEnvironment[] }
