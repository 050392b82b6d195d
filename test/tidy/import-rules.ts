// The directions of imports: http → webhooks → payments, merchants → daraja, db. The simulator stands alone,
// and only the modules in src/ itself and the command line put parts together.
import { posix } from 'node:path'
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isStringLiteral,
} from 'typescript/unstable/ast'
import { breach, isTest } from './project-files.ts'
import { type ParsedFile, walk } from './syntax.ts'

/** One import: `target` is a path from the project's root or a package's name. */
export type Import = { line: number; target: string; isRelative: boolean }

/** Small modules that import no part, and that every part may import. */
const LEAVES =
  'allowance clock config-parsers create-once http-url ids local-time log page-files page-policy phone'
    .split(' ')
    .map((name) => `src/${name}.ts`)
const CORE = ['payments', 'webhooks', 'merchants', 'audit', 'accounts', 'mail', 'alerts']

/** What each part may import, besides itself and the leaves. */
const MAY_IMPORT: Record<string, string[]> = {
  leaf: [],
  db: [],
  simulator: [],
  // What a process says to another is settings, metrics and where it is.
  processes: ['wiring'],
  daraja: ['db'],
  payments: ['daraja', 'db'],
  webhooks: ['payments', 'merchants', 'daraja', 'db'],
  merchants: ['payments', 'daraja', 'db'],
  audit: ['db'],
  mail: [],
  alerts: ['merchants', 'mail', 'daraja', 'db'],
  accounts: ['merchants', 'mail', 'audit', 'db'],
  // The server itself must know an unreachable database; a surface knows the core alone.
  http: [...CORE, 'surface', 'db'],
  surface: [...CORE, 'http'],
}

/** Imports that point up or across. */
export function wrongImports(files: ParsedFile[]): string[] {
  return files.flatMap((file) => {
    const { path } = file
    if (isTest(path) || !path.startsWith('src/')) return []
    const from = partOf(path)
    return importsOf(file).flatMap(({ line, target, isRelative }) => {
      if (!isRelative || target.endsWith('.json')) return []
      if (isTest(target) || !target.startsWith('src/')) return [breach(path, line, `imports ${target}`)]
      const to = partOf(target)
      const allowed = MAY_IMPORT[from]
      if (allowed === undefined || to === from || to === 'leaf' || allowed.includes(to)) return []
      return [breach(path, line, `${from} imports ${to} (${target})`)]
    })
  })
}

/**
 * The part a source belongs to: a folder's name; `leaf`; `surface` for the folders of `http`; `wiring` for
 * the other modules directly in src/.
 */
export function partOf(path: string): string {
  if (LEAVES.includes(path)) return 'leaf'
  const [, folder, below] = /^src\/([^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? []
  if (folder === undefined) return 'wiring'
  return folder === 'http' && below !== undefined ? 'surface' : folder
}

/** Every import and re-export of a source, `import('…')` included. */
export function importsOf({ path, tree, lineOf }: ParsedFile): Import[] {
  const found: Import[] = []
  walk(tree, (node) => {
    const isDeclaration = isImportDeclaration(node) || isExportDeclaration(node)
    const isDynamic = isCallExpression(node) && node.expression.getText() === 'import'
    const specifier = isDeclaration ? node.moduleSpecifier : isDynamic ? node.arguments[0] : undefined
    if (specifier === undefined || !isStringLiteral(specifier)) return
    const isRelative = specifier.text.startsWith('.')
    const target = isRelative ? posix.join(posix.dirname(path), specifier.text) : specifier.text
    found.push({ line: lineOf(node.getStart()), target, isRelative })
  })
  return found
}
