import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CpuProfile, readFrames, renderFlameGraph } from './flame-graph.ts'

function node(id: number, functionName: string, url = '', children: number[] = []) {
  return { id, callFrame: { functionName, url, lineNumber: 9 }, children }
}

const HOME = 'file:///somewhere/else'
const PROFILE: CpuProfile = {
  nodes: [
    node(1, '(root)', '', [2, 3, 6, 7]),
    node(2, '(idle)'),
    node(3, 'handle', `${HOME}/src/http/server.ts`, [4, 5]),
    node(4, 'parse', `${HOME}/node_modules/pg/lib/parser.js`),
    node(5, 'parse', `${HOME}/node_modules/pg/lib/parser.js`),
    node(6, '', 'node:net'),
    node(7, 'load', 'node:internal/modules/esm/loader'),
  ],
  samples: [2, 3, 4, 5, 6, 7],
  timeDeltas: [9_000, 1_000, 2_000, 3_000, 4_000, 8_000],
}

test('time is that of the function and all that it calls, waiting and loading left out', () => {
  const root = readFrames(PROFILE)
  assert.equal(root.totalUs, 10_000)
  const [handle, anonymous] = root.children
  assert.deepEqual([handle?.name, handle?.selfUs, handle?.totalUs], ['handle', 1_000, 6_000])
  assert.equal(anonymous?.name, '(anonymous)')
})

test('the same function called from the same place twice is one frame', () => {
  const [handle] = readFrames(PROFILE).children
  assert.deepEqual(
    handle?.children.map(({ name, place, totalUs }) => [name, place, totalUs]),
    [['parse', 'node_modules/pg/lib/parser.js:10', 5_000]],
  )
})

test('the picture names places from the root of the project on, and no folder of a machine', () => {
  const text = renderFlameGraph(readFrames(PROFILE), 'Gateway')
  assert.ok(text.includes('<title>handle (src/http/server.ts:10): 60.0 %, 6 ms</title>'))
  assert.ok(text.includes('node:net:10'))
  assert.doesNotMatch(text, /somewhere|file:/)
})

test('a frame is as wide as its share, and lies under the one that called it', () => {
  const text = renderFlameGraph(readFrames(PROFILE), 'Gateway')
  const box = (name: string) => {
    const found = new RegExp(`<title>${name} .*?<rect x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)"`).exec(
      text,
    )
    return [1, 2, 3].map((at) => Number(found?.[at]))
  }
  const [x = 0, y = 0, width = 0] = box('handle')
  const [childX = 0, childY = 0, childWidth = 0] = box('parse')
  assert.ok(Math.abs(width - 1_184 * 0.6) < 1)
  assert.ok(Math.abs(childWidth - 1_184 * 0.5) < 1)
  assert.equal(x, childX)
  assert.ok(childY > y)
})

test('an empty profile is an empty picture', () => {
  const text = renderFlameGraph(readFrames({ nodes: [], samples: [], timeDeltas: [] }), 'Nothing')
  assert.doesNotMatch(text, /NaN/)
})
