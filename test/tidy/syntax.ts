// Reads sources into syntax trees, with TypeScript's own parser, so that no rule is fooled by a string.
import type { Node, SourceFile } from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'
import { isSource, type ProjectFile } from './project-files.ts'

/** A parsed source; `lineOf` is the line, from 1, of a place in its text. */
export type ParsedFile = ProjectFile & { tree: SourceFile; lineOf(position: number): number }

const OPTIONS = {
  allowJs: true,
  noResolve: true,
  noLib: true,
  types: [],
  allowImportingTsExtensions: true,
  noEmit: true,
}

/** Parses the sources among `files`. Nothing is resolved or type checked, so that samples stand alone. */
export function parseSources(files: ProjectFile[]): ParsedFile[] {
  const sources = files.filter(({ path }) => isSource(path))
  const virtual: Record<string, string> = {
    '/tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS, files: sources.map(({ path }) => path) }),
  }
  for (const { path, text } of sources) virtual[`/${path}`] = text
  const api = new API({ cwd: '/', fs: createVirtualFileSystem(virtual) })
  try {
    using snapshot = api.updateSnapshot({ openProject: '/tsconfig.json' })
    const [project] = snapshot.getProjects()
    return sources.map((file) => {
      const tree = project?.program.getSourceFile(`/${file.path}`)
      if (tree === undefined) throw new Error(`the parser did not read ${file.path}`)
      return { ...file, tree, lineOf: lineFinder(file.text) }
    })
  } finally {
    api.close()
  }
}

/** Calls `visit` with every node of a tree, parents first. */
export function walk(node: Node, visit: (node: Node, parents: Node[]) => void, parents: Node[] = []): void {
  visit(node, parents)
  const below = [...parents, node]
  node.forEachChild((child) => {
    walk(child, visit, below)
    return undefined
  })
}

function lineFinder(text: string): (position: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (position) => {
    let low = 0
    let high = starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= position) low = middle
      else high = middle
    }
    return low + 1
  }
}
