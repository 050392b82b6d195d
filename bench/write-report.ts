// Writes the page of figures, the JSON that it is made of, and its pictures.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseCpuProfile, readFrames, renderFlameGraph } from './flame-graph.ts'
import { type KeptResult, mergeResults, parseKept, picturesOf, renderPage } from './performance-page.ts'

const FLAME = 'flame-gateway.svg'

/** Merges results into the page `file`, such as docs/performance.md; `names` are all scenarios in order. */
export async function writeReport(
  file: string,
  fresh: readonly KeptResult[],
  { names, profileDir }: { names: readonly string[]; profileDir: string | null },
): Promise<void> {
  const jsonFile = file.replace(/(\.md)?$/, '.json')
  const folder = basename(file).replace(/\.md$/, '')
  const pictures = join(dirname(file), folder)
  const kept = mergeResults(parseKept(await readOrNull(jsonFile)), fresh, names)
  await mkdir(pictures, { recursive: true })
  for (const { name, text } of picturesOf(kept)) await writeFile(join(pictures, name), text)
  if (profileDir !== null) await keepFlame(profileDir, join(pictures, FLAME))
  const flame = (await readdir(pictures)).includes(FLAME) ? FLAME : null
  await writeFile(jsonFile, `${JSON.stringify(kept, null, 2)}\n`)
  await writeFile(file, renderPage(kept, { folder, flame }))
}

/** Draws each CPU profile of a folder beside it; resolves to the pictures. */
export async function drawProfiles(dir: string): Promise<string[]> {
  const profiles = (await readdir(dir)).filter((name) => name.endsWith('.cpuprofile')).sort()
  const drawn: string[] = []
  for (const name of profiles) {
    const frames = readFrames(parseCpuProfile(await readFile(join(dir, name), 'utf8')))
    const file = join(dir, name.replace(/\.cpuprofile$/, '.svg'))
    await writeFile(file, renderFlameGraph(frames, 'CPU of the gateway'))
    drawn.push(file)
  }
  return drawn
}

/** The profile in which most was done: several processes leave one each. */
async function keepFlame(dir: string, to: string): Promise<void> {
  const drawn = await drawProfiles(dir)
  const texts = await Promise.all(drawn.map((file) => readFile(file, 'utf8')))
  const largest = texts.reduce((a, b) => (b.length > a.length ? b : a), '')
  if (largest !== '') await writeFile(to, largest)
}

function readOrNull(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null)
}
