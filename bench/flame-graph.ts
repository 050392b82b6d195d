// A CPU profile of V8 as a picture: who called whom, as wide as it took time. Waiting and the loading of
// modules are left out.
import { element, escapeXml, svg } from './svg-plot.ts'

/** A .cpuprofile, as `node --cpu-prof` writes it; times in microseconds. */
export type CpuProfile = {
  nodes: {
    id: number
    callFrame: { functionName: string; url: string; lineNumber: number }
    children?: number[]
  }[]
  samples: number[]
  timeDeltas: number[]
}

/** A function as it was called from those above it. */
export type Frame = { name: string; place: string; selfUs: number; totalUs: number; children: Frame[] }

const WIDTH = 1_200
const ROW = 17
const TOP = 44
const MARGIN = 8
/** Narrower frames are left out: nobody could point at them. */
const WIDTH_MIN = 1.2
/** About what a letter takes. */
const LETTER_WIDTH = 6.6
const WAITING = new Set(['(idle)', '(root)'])
const LOADING = 'node:internal/modules/'
/** What is called deeper down is in the frames above it all the same. */
const DEPTH_MAX = 40
const US_PER_MS = 1_000
const KINDS = [
  { name: 'Sukuma', colour: '#e8743b', is: (place: string) => /^(src|bench|bin)\//.test(place) },
  { name: 'packages', colour: '#e3b341', is: (place: string) => place.startsWith('node_modules/') },
  { name: 'Node', colour: '#7fa7d6', is: (place: string) => place.startsWith('node:') },
  { name: 'native and collector', colour: '#a5a5a5', is: () => true },
]

/** The calls as a tree, children of one name and place as one, the widest first. */
export function readFrames(profile: CpuProfile): Frame {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const self = new Map<number, number>()
  for (const [index, id] of profile.samples.entries()) {
    self.set(id, (self.get(id) ?? 0) + Math.max(0, profile.timeDeltas[index] ?? 0))
  }
  const build = (ids: readonly number[], name: string, place: string): Frame => {
    const groups = new Map<string, { name: string; place: string; ids: number[] }>()
    for (const id of ids.flatMap((each) => byId.get(each)?.children ?? [])) {
      const frame = byId.get(id)?.callFrame
      if (frame === undefined || WAITING.has(frame.functionName)) continue
      if (frame.url.startsWith(LOADING)) continue
      const child = { name: frame.functionName || '(anonymous)', place: placeOf(frame) }
      const key = `${child.name} ${child.place}`
      const group = groups.get(key) ?? { ...child, ids: [] }
      group.ids.push(id)
      groups.set(key, group)
    }
    const children = [...groups.values()].map((group) => build(group.ids, group.name, group.place))
    const selfUs = ids.reduce((sum, id) => sum + (self.get(id) ?? 0), 0)
    const totalUs = children.reduce((sum, child) => sum + child.totalUs, selfUs)
    return { name, place, selfUs, totalUs, children: children.sort((a, b) => b.totalUs - a.totalUs) }
  }
  const root = profile.nodes[0]?.id
  return build(root === undefined ? [] : [root], 'all', '')
}

/** The picture as the text of an SVG file. Pointing at a frame tells its name, place and share. */
export function renderFlameGraph(root: Frame, title: string): string {
  const rows: string[] = []
  let depthMax = 0
  const perUs = root.totalUs === 0 ? 0 : (WIDTH - 2 * MARGIN) / root.totalUs
  const draw = (frame: Frame, left: number, depth: number) => {
    const width = frame.totalUs * perUs
    if (width < WIDTH_MIN || depth > DEPTH_MAX) return
    depthMax = Math.max(depthMax, depth)
    rows.push(drawFrame(frame, { left, width, top: TOP + depth * ROW, share: frame.totalUs / root.totalUs }))
    let at = left
    for (const child of frame.children) {
      draw(child, at, depth + 1)
      at += child.totalUs * perUs
    }
  }
  draw(root, MARGIN, 0)
  const head = [
    element('text', { x: MARGIN, y: 18, class: 'title' }, title),
    ...KINDS.flatMap(({ name, colour }, index) => [
      element('rect', { x: MARGIN + index * 150, y: 26, width: 10, height: 10, fill: colour }),
      element('text', { x: MARGIN + index * 150 + 14, y: 35 }, name),
    ]),
  ]
  const height = TOP + (depthMax + 1) * ROW + MARGIN
  return svg({ width: WIDTH, height, label: title }, [...head, ...rows])
}

/** Reads a profile's file. */
export function parseCpuProfile(text: string): CpuProfile {
  return JSON.parse(text)
}

function drawFrame(frame: Frame, at: { left: number; width: number; top: number; share: number }): string {
  const colour = KINDS.find(({ is }) => is(frame.place))?.colour ?? '#a5a5a5'
  const share = `${(at.share * 100).toFixed(1)} %, ${(frame.totalUs / US_PER_MS).toFixed(0)} ms`
  const place = frame.place === '' ? '' : ` (${frame.place})`
  const letters = Math.floor((at.width - 4) / LETTER_WIDTH)
  const label =
    frame.name.length <= letters ? frame.name : letters < 4 ? '' : `${frame.name.slice(0, letters - 1)}…`
  const box = {
    x: at.left,
    y: at.top,
    width: Math.max(0.3, at.width - 0.4),
    height: ROW - 1,
    fill: colour,
    rx: 1,
  }
  const text = { x: at.left + 3, y: at.top + 12, style: 'fill:#111;font-size:11px' }
  return [
    `<g><title>${escapeXml(`${frame.name}${place}: ${share}`)}</title>`,
    element('rect', box),
    label === '' ? '' : element('text', text, label),
    '</g>',
  ].join('')
}

/** From the project's root on: where it lies on this machine is nobody's business. */
function placeOf({ url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const path = /(node_modules\/.*|(?<=\/)(?:src|bench|bin)\/.*|node:.*)$/.exec(url)?.[1] ?? ''
  return path === '' ? '' : `${path}:${lineNumber + 1}`
}
