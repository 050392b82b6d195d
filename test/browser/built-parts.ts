// What the build says about its parts: which files a page needs before it can be shown, and how many bytes.
import { readFile, stat } from 'node:fs/promises'

/** One part in the build's own list. */
type Part = { file: string; imports?: string[]; dynamicImports?: string[]; css?: string[] }

/** The bytes of one page as they travel: its scripts and styles, all that a first visit has to load. */
export type PageBytes = { page: string; script: number; style: number }

const DIST = new URL('../../dashboard/dist/', import.meta.url)
const ROUTE_PAGE = /^src\/pages\/.*-page\.tsx$/

/** Every page by its source, with what it loads for somebody who comes to it first. */
export async function readPageBytes(): Promise<PageBytes[]> {
  const text = await readFile(new URL('.vite/manifest.json', DIST), 'utf8')
  const parts: Record<string, Part> = JSON.parse(text)
  const pages = Object.keys(parts).filter((name) => ROUTE_PAGE.test(name))
  const ofDashboard = pages.map((page) => ({ page, entries: ['index.html', page] }))
  const all = [...ofDashboard, { page: 'phone.html', entries: ['phone.html'] }]
  return Promise.all(all.map(({ page, entries }) => measure(page, filesOf(parts, entries))))
}

/** The files of `entries` and of all that they import at once. */
function filesOf(parts: Record<string, Part>, entries: string[]): Set<string> {
  const names = new Set(entries)
  for (const name of names) for (const imported of parts[name]?.imports ?? []) names.add(imported)
  return new Set([...names].flatMap((name) => [parts[name]?.file ?? [], parts[name]?.css ?? []].flat()))
}

async function measure(page: string, files: Set<string>): Promise<PageBytes> {
  const bytes = { script: 0, style: 0 }
  for (const file of files) {
    const size = await sizeOf(file)
    if (file.endsWith('.js')) bytes.script += size
    else if (file.endsWith('.css')) bytes.style += size
  }
  return { page, ...bytes }
}

/** As a browser of today gets it; what is too small for that is not compressed. */
async function sizeOf(file: string): Promise<number> {
  const compressed = await stat(new URL(`${file}.br`, DIST)).catch(() => null)
  return (compressed ?? (await stat(new URL(file, DIST)))).size
}
