// A plot as an SVG file: lines over an axis, or bars side by side, in colours that can be read on light and
// on dark pages.
import type { Plot } from './scenario.ts'

const WIDTH = 720
const HEIGHT = 300
const LEFT = 64
const RIGHT = 16
const TOP = 56
const BOTTOM = 44
const TICKS_WANTED = 5
const LEGEND_STEP = 170
const TEXT_GAP = 6
/** Told apart by those who see no red or green as well (Okabe and Ito). */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9']
const BAR_SHARE = 0.8

/** The rules that make one file fit both kinds of page. */
export const SVG_STYLE =
  'text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:14px}' +
  '.grid{stroke:#8884;stroke-width:1}' +
  '@media (prefers-color-scheme:dark){text{fill:#ddd}}'

type Scale = (value: number) => number

/** The plot as the text of an SVG file. */
export function renderPlot(plot: Plot): string {
  const points = plot.series.flatMap((each) => each.points)
  const yTicks = ticksOf(0, Math.max(0, ...points.map(([, y]) => y)))
  const xs = points.map(([x]) => x)
  const [low, high] =
    plot.bars === undefined ? [Math.min(...xs, 0), Math.max(...xs, 0)] : [-0.5, plot.bars.length - 0.5]
  const x = scale(low, high, LEFT, WIDTH - RIGHT)
  const y = scale(0, yTicks.at(-1) ?? 1, HEIGHT - BOTTOM, TOP)
  const body = [
    element('text', { x: LEFT, y: 20, class: 'title' }, plot.title),
    ...legend(plot),
    ...yTicks.flatMap((tick) => [
      element('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick) }),
      element('text', { x: LEFT - TEXT_GAP, y: y(tick) + 4, 'text-anchor': 'end' }, tickText(tick)),
    ]),
    ...xTicks(plot, [low, high]).map(([at, text]) =>
      element('text', { x: x(at), y: HEIGHT - BOTTOM + 18, 'text-anchor': 'middle' }, text),
    ),
    element('text', { x: WIDTH - RIGHT, y: HEIGHT - 6, 'text-anchor': 'end' }, plot.xLabel),
    element('text', { x: LEFT - TEXT_GAP, y: TOP - 10, 'text-anchor': 'end' }, plot.yLabel),
    ...(plot.bars === undefined ? lines(plot, x, y) : bars(plot, x, y)),
  ]
  return svg({ width: WIDTH, height: HEIGHT, label: plot.title }, body)
}

/** A whole file around its elements. */
export function svg(size: { width: number; height: number; label: string }, body: readonly string[]): string {
  const { width, height, label } = size
  const head = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}"`
  const name = `role="img" aria-label="${escapeXml(label)}"`
  return `<svg ${head} ${name}>\n<style>${SVG_STYLE}</style>\n${body.join('\n')}\n</svg>\n`
}

/** One element; numbers are cut to a tenth, which no eye can tell from more. */
export function element(name: string, attributes: Record<string, string | number>, text?: string): string {
  const written = Object.entries(attributes).map(([key, value]) => {
    const shown = typeof value === 'number' ? String(Number(value.toFixed(1))) : escapeXml(value)
    return ` ${key}="${shown}"`
  })
  const open = `<${name}${written.join('')}`
  return text === undefined ? `${open}/>` : `${open}>${escapeXml(text)}</${name}>`
}

/** Text as it may stand in a file. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Round values from `low` to at least `high`, about five of them. */
export function ticksOf(low: number, high: number): number[] {
  const span = high - low
  if (!(span > 0)) return [low, low + 1]
  const power = 10 ** Math.floor(Math.log10(span / TICKS_WANTED))
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((each) => span / each <= TICKS_WANTED) ?? span
  const first = Math.floor(low / step)
  const count = Math.ceil(high / step - 1e-9) - first
  return Array.from({ length: count + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

function tickText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 })
}

function xTicks(plot: Plot, [low, high]: [number, number]): [number, string][] {
  if (plot.bars !== undefined) return plot.bars.map((text, index) => [index, text])
  return ticksOf(low, high)
    .filter((tick) => tick <= high)
    .map((tick) => [tick, tickText(tick)])
}

function legend({ series }: Plot): string[] {
  return series.flatMap(({ name }, index) => {
    const at = LEFT + index * LEGEND_STEP
    return [
      element('rect', { x: at, y: 30, width: 10, height: 10, fill: colour(index) }),
      element('text', { x: at + 10 + TEXT_GAP, y: 39 }, name),
    ]
  })
}

function lines({ series }: Plot, x: Scale, y: Scale): string[] {
  return series.map(({ points }, index) => {
    const path = points.map(([atX, atY]) => `${x(atX).toFixed(1)},${y(atY).toFixed(1)}`).join(' ')
    return element('polyline', { points: path, fill: 'none', stroke: colour(index), 'stroke-width': 2 })
  })
}

function bars({ series }: Plot, x: Scale, y: Scale): string[] {
  const width = ((x(1) - x(0)) * BAR_SHARE) / Math.max(1, series.length)
  return series.flatMap(({ points }, index) =>
    points.map(([place, value]) => {
      const left = x(place) + (index - series.length / 2) * width
      const shape = { x: left, y: y(value), width: width - 2, height: y(0) - y(value) }
      return element('rect', { ...shape, fill: colour(index) })
    }),
  )
}

function scale(low: number, high: number, from: number, to: number): Scale {
  const span = high === low ? 1 : high - low
  return (value) => from + ((value - low) / span) * (to - from)
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#888'
}
