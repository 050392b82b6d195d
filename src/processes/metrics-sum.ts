// The metrics of several processes as those of one gateway: counters and histograms summed, gauges as each of
// them says (sum, highest or mean).
import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client'
import type { MetricsSnapshot } from '../metrics.ts'

/** The sum of what the processes said last. */
export type MetricsSum = {
  note(slot: number, snapshot: MetricsSnapshot): void
  /** The process has ended by itself: what it counted stays, its gauges go. */
  lost(slot: number): void
  /** The text of a scrape. `ready` is how many processes there are. */
  render(ready: number): Promise<{ contentType: string; text: string }>
}

/** A sum of nothing yet. */
export function createMetricsSum(): MetricsSum {
  const own = new Registry()
  const registers = [own]
  const processes = new Gauge({ name: 'sukuma_processes', help: 'Gateway processes', registers })
  const help = 'Gateway processes that ended by themselves and were started again'
  const losses = new Counter({ name: 'sukuma_process_losses_total', help, registers })
  const latest = new Map<number, MetricsSnapshot>()
  // Without it a sum would fall when a process ends, and Prometheus take that for a counter begun anew.
  const past: MetricsSnapshot[] = []
  return {
    note: (slot, snapshot) => void latest.set(slot, snapshot),
    lost(slot) {
      losses.inc()
      const said = latest.get(slot)
      latest.delete(slot)
      if (said !== undefined) past.push(said.filter(isCount))
    },
    async render(ready) {
      processes.set(ready)
      // One snapshot for all that have ended, however many.
      if (past.length > 1) past.splice(0, past.length, await sumOf(past).getMetricsAsJSON())
      const all = sumOf([...past, ...latest.values(), await own.getMetricsAsJSON()])
      return { contentType: all.contentType, text: await all.metrics() }
    },
  }
}

function sumOf(snapshots: MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate(snapshots)
}

/** The library's own names of the types are an enum that exists in its types alone. */
function isCount({ type }: { type: unknown }): boolean {
  return type === 'counter' || type === 'histogram'
}
