// What a gateway says of itself at /metrics, as far as the benchmark tells of it.

/** One scrape; durations in milliseconds. Those of the event loop begin anew at every scrape. */
export type GatewayMetrics = {
  loopP99Ms: number | null
  loopMaxMs: number | null
  /** By grouped statement, since the start: runs, and rows in them. */
  groups: Record<string, { runs: number; rows: number }>
}

const MS_PER_SECOND = 1_000
const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/
const STATEMENT = /statement="([^"]*)"/

/** Reads Prometheus' text; what is not in it is null or absent. */
export function readMetrics(text: string): GatewayMetrics {
  const metrics: GatewayMetrics = { loopP99Ms: null, loopMaxMs: null, groups: {} }
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? []
    const ms = Number(value) * MS_PER_SECOND
    if (name === 'nodejs_eventloop_lag_p99_seconds') metrics.loopP99Ms = highest(metrics.loopP99Ms, ms)
    if (name === 'nodejs_eventloop_lag_max_seconds') metrics.loopMaxMs = highest(metrics.loopMaxMs, ms)
    const statement = STATEMENT.exec(labels)?.[1]
    if (statement === undefined || !name.startsWith('sukuma_group_rows_')) continue
    const runs = name.endsWith('_count') ? Number(value) : 0
    add(metrics.groups, statement, { runs, rows: name.endsWith('_sum') ? Number(value) : 0 })
  }
  return metrics
}

/** Several processes as one: the slowest loop, and all groups. Null when there are none. */
export function mergeMetrics(all: readonly GatewayMetrics[]): GatewayMetrics | null {
  if (all.length === 0) return null
  const merged: GatewayMetrics = { loopP99Ms: null, loopMaxMs: null, groups: {} }
  for (const { loopP99Ms, loopMaxMs, groups } of all) {
    merged.loopP99Ms = highest(merged.loopP99Ms, loopP99Ms)
    merged.loopMaxMs = highest(merged.loopMaxMs, loopMaxMs)
    for (const [name, group] of Object.entries(groups)) add(merged.groups, name, group)
  }
  return merged
}

/** Rows a run of each statement between two scrapes; those that did not run are left out. */
export function rowsARun(before: GatewayMetrics, after: GatewayMetrics): Record<string, number> {
  const rows: [string, number][] = []
  for (const [name, group] of Object.entries(after.groups)) {
    const runs = group.runs - (before.groups[name]?.runs ?? 0)
    if (runs > 0) rows.push([name, (group.rows - (before.groups[name]?.rows ?? 0)) / runs])
  }
  return Object.fromEntries(rows)
}

function add(to: GatewayMetrics['groups'], name: string, group: { runs: number; rows: number }): void {
  const { runs, rows } = to[name] ?? { runs: 0, rows: 0 }
  to[name] = { runs: runs + group.runs, rows: rows + group.rows }
}

function highest(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.max(a, b)
}
