// The result as a person reads it: a table on the terminal, and the same as Markdown.
import { FIGURES, type Figure } from './audit.ts'
import type { Distribution } from './certainty.ts'
import type { DrillResult } from './result.ts'

type Row = [name: string, value: string]
type Section = { title: string; rows: Row[] }

const NAME_WIDTH = 48
const SECOND_MS = 1_000

/** The table that the terminal shows. */
export function renderTable(result: DrillResult): string {
  const sections = sectionsOf(result).flatMap(({ title, rows }) => [
    '',
    title,
    ...rows.map(([name, value]) => `  ${name.padEnd(NAME_WIDTH)}${value}`),
  ])
  const examples = result.audit.examples.map(({ figure, what }) => `  ${FIGURES[figure]}: ${what}`)
  const found = examples.length === 0 ? [] : ['', 'Found', ...examples]
  return [headline(result), ...sections, ...found, '', verdict(result), ''].join('\n')
}

/** The report as a page. */
export function renderMarkdown(result: DrillResult): string {
  const { options } = result
  const { kills, payments, seed } = options
  const command = `npm run drill -- --kills ${kills} --payments ${payments} --seed ${seed}`
  const sections = sectionsOf(result).flatMap(({ title, rows }) => [
    `## ${title}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
  ])
  const examples = result.audit.examples.map(({ figure, what }) => `- ${FIGURES[figure]}: ${what}`)
  const found = examples.length === 0 ? [] : ['## Found', '', ...examples, '']
  const head = ['# A drill', '', `\`${command}\``, '', headline(result), '', `**${verdict(result)}**`, '']
  return [...head, ...sections, ...found].join('\n')
}

function headline({ plan, options, machine }: DrillResult): string {
  return (
    `Plan ${plan.hash} of seed ${options.seed}; clocks run ${plan.clockFactor} times as fast. ` +
    `${machine.cores} × ${machine.processor}, Node ${machine.node}, PostgreSQL ${machine.postgres}, fsync on.`
  )
}

function verdict({ passed, broken, tolerated }: DrillResult): string {
  const named = (figures: Figure[]) => figures.map((figure) => FIGURES[figure]).join('; ')
  if (!passed) return `Failed: ${named(broken)}.`
  return tolerated.length === 0 ? 'Passed.' : `Passed, but for what is counted apart: ${named(tolerated)}.`
}

function sectionsOf(result: DrillResult): Section[] {
  const { audit, course, payments, recovery, plan } = result
  return [
    { title: 'Promises, each of which must be 0', rows: figureRows(audit.figures) },
    {
      title: 'What was done',
      rows: [
        ['gateways killed', `${course.gatewayKills}`],
        ['gateway starts; of them without a database', `${course.gatewayStarts}; ${course.failedStarts}`],
        ['database servers killed', `${course.databaseKills}`],
        ['network troubles; receiver troubles', `${course.networkTroubles}; ${course.receiverTroubles}`],
        ['chaos; settling', `${seconds(course.chaosMs)}; ${seconds(course.settleMs)}`],
      ],
    },
    {
      title: 'Payments',
      rows: [
        ['asked for; acknowledged', `${payments.asked}; ${payments.acknowledged}`],
        ['requests repeated; after which status', putOff(payments)],
        ['pushes that reached Safaricom; prompts', `${payments.pushes}; ${payments.prompts}`],
        ['paid; of them without a receipt', `${payments.paid}; ${payments.paidWithoutReceipt}`],
        ['declined; refused by Daraja', `${payments.declined}; ${payments.refused}`],
        ['never sent', `${payments.notSent}`],
        ['callbacks acknowledged', `${payments.callbacksAnswered}`],
        ['webhooks verified; turned away', `${payments.webhooks}; ${payments.webhooksTurnedAway}`],
        ['latest prompt after expiry, fast clock', latest(audit.latestPromptMs)],
        ['allowance for the way there, fast clock', `${plan.transitAllowanceMs} ms`],
      ],
    },
    {
      title: 'From push to verdict, fast clock',
      rows: Object.entries(result.certainty).map(([source, found]) => [source, show(found)]),
    },
    {
      title: 'Recovery, real time',
      rows: [
        ['gateway, kill to ready', show(recovery.gateway)],
        ['database, kill to ready', show(recovery.database)],
        ['merchant, request to acknowledgement', show(result.acknowledgement)],
      ],
    },
  ]
}

function figureRows(figures: Record<Figure, number>): Row[] {
  const names = Object.keys(FIGURES) as Figure[]
  return names.map((name) => [FIGURES[name], `${figures[name]}`])
}

function show(found: Distribution | null): string {
  if (found === null) return 'none'
  const [p50, p95, p99, max] = [found.p50Ms, found.p95Ms, found.p99Ms, found.maxMs].map(seconds)
  return `${found.count}: p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${max}`
}

function putOff({ repeatedRequests, putOff }: DrillResult['payments']): string {
  const named = Object.entries(putOff).map(
    ([status, count]) => `${status === '0' ? 'none' : status}: ${count}`,
  )
  return `${repeatedRequests}; ${named.join(', ') || '-'}`
}

function latest(latestPromptMs: number): string {
  return latestPromptMs > 0 ? `${Math.round(latestPromptMs)} ms` : 'none'
}

function seconds(durationMs: number): string {
  return `${(durationMs / SECOND_MS).toFixed(durationMs < 10 * SECOND_MS ? 2 : 0)} s`
}
