// How long turns of the event loop take, under the names of prom-client's own metric. That one is woken by a
// timer a hundred times a second, also in a process that sleeps; this one samples turns that happen anyway.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, type GaugeConfiguration, type Registry } from 'prom-client'

/** For prom-client's own monitor, which cannot be left out alone: so seldom that it wakes nobody. */
export const REPLACED_MONITOR_EVERY_MS = 3_600_000

const NAME = 'nodejs_eventloop_lag'
const NANOSECONDS_PER_SECOND = 1e9
const PERCENTILES = [50, 90, 99]

/**
 * Puts gauges of the turns since the last scrape, in seconds, in the place of prom-client's. Of several
 * processes the slowest turn counts, and the mean of everything else.
 */
export function registerEventLoopLag(register: Registry): void {
  const turns = monitorEventLoopDelay({ samplePerIteration: true })
  turns.enable()
  const gauge = (name: string, help: string, options: Partial<GaugeConfiguration<never>>) => {
    register.removeSingleMetric(name)
    return new Gauge({ name, help, registers: [register], ...options })
  }
  const part = (name: string) => `${NAME}_${name}_seconds`
  // First, since metrics are read in the order of their making: its collector sets all of them.
  const mean = gauge(`${NAME}_seconds`, 'The mean turn of the event loop.', {
    aggregator: 'average',
    collect,
  })
  const sameMean = gauge(part('mean'), 'The mean turn of the event loop.', { aggregator: 'average' })
  const min = gauge(part('min'), 'The shortest turn of the event loop.', { aggregator: 'min' })
  const max = gauge(part('max'), 'The longest turn of the event loop.', { aggregator: 'max' })
  const deviation = gauge(part('stddev'), 'Standard deviation of turns.', { aggregator: 'average' })
  const shares = PERCENTILES.map((percent) => {
    const help = `${percent} of 100 turns of the event loop were no longer.`
    return { percent, gauge: gauge(part(`p${percent}`), help, { aggregator: 'average' }) }
  })

  function collect(): void {
    // Nothing has turned since a scrape in the same moment: what that one told still holds.
    if (turns.count === 0) return
    mean.set(turns.mean / NANOSECONDS_PER_SECOND)
    sameMean.set(turns.mean / NANOSECONDS_PER_SECOND)
    min.set(turns.min / NANOSECONDS_PER_SECOND)
    max.set(turns.max / NANOSECONDS_PER_SECOND)
    deviation.set(turns.stddev / NANOSECONDS_PER_SECOND)
    for (const share of shares) share.gauge.set(turns.percentile(share.percent) / NANOSECONDS_PER_SECOND)
    turns.reset()
  }
}
