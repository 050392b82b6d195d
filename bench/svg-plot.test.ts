import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plot } from './scenario.ts'
import { renderPlot, ticksOf } from './svg-plot.ts'

const PLOT: Plot = {
  ...{ title: 'Latency <of> "payments" & more', xLabel: 'minutes', yLabel: 'ms' },
  series: [
    {
      name: 'half',
      points: [
        [0, 10],
        [30, 20],
        [60, 100],
      ],
    },
    { name: '99 of 100', points: [] },
  ],
}

test('ticks are round, few, and reach from below the lowest to above the highest', () => {
  assert.deepEqual(ticksOf(0, 100), [0, 20, 40, 60, 80, 100])
  assert.deepEqual(ticksOf(0, 0.37), [0, 0.1, 0.2, 0.3, 0.4])
  assert.deepEqual(ticksOf(5, 5), [5, 6])
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (high) => {
      const ticks = ticksOf(0, high)
      assert.ok(ticks.length >= 2 && ticks.length <= 7, String(ticks))
      assert.ok((ticks.at(-1) ?? 0) >= high * (1 - 1e-9), `${ticks} does not reach ${high}`)
    }),
  )
})

test('a line goes through its points, the highest at the top tick', () => {
  const text = renderPlot(PLOT)
  assert.match(text, /<polyline points="64\.0,\d+\.\d [\d.]+,\d+\.\d 704\.0,56\.0"/)
})

test('texts are escaped, and the file fits light and dark pages', () => {
  const text = renderPlot(PLOT)
  assert.ok(text.includes('Latency &lt;of&gt; &quot;payments&quot; &amp; more'))
  assert.match(text, /prefers-color-scheme:dark/)
  assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
})

test('bars stand side by side, as high as they are', () => {
  const series = [
    { name: 'gateway', points: [[0, 50]] as [number, number][] },
    { name: 'floor', points: [[0, 100]] as [number, number][] },
  ]
  const text = renderPlot({ ...PLOT, bars: ['64 connections'], series })
  const bars = [...text.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)]
  // Two of the legend, then two bars.
  const [, , first, second] = bars.map(([, x, y, height]) => ({
    x: Number(x),
    y: Number(y),
    height: Number(height),
  }))
  assert.ok(first !== undefined && second !== undefined)
  assert.ok(first.x < second.x)
  assert.equal(second.y, 56)
  assert.ok(Math.abs(second.height - 2 * first.height) < 0.3)
  assert.ok(text.includes('64 connections'))
})

test('a plot without points is an empty one, and no fault', () => {
  assert.match(renderPlot({ ...PLOT, series: [] }), /<\/svg>/)
  assert.doesNotMatch(renderPlot({ ...PLOT, series: [{ name: 'none', points: [] }] }), /NaN|Infinity/)
})
