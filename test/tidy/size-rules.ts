// Limits on size: lines, files, functions and the two pages that everybody reads.
import {
  isArrowFunction,
  isConstructorDeclaration,
  isFunctionDeclaration,
  isFunctionExpression,
  isGetAccessorDeclaration,
  isMethodDeclaration,
  isSetAccessorDeclaration,
  type Node,
} from 'typescript/unstable/ast'
import { breach, isSource, type ProjectFile } from './project-files.ts'
import { type ParsedFile, walk } from './syntax.ts'

const LINE_LENGTH_MAX = 110
const FILE_LINES_MAX = 400
const FUNCTION_LINES_MAX = 70
const PAGE_LINES_MAX: Record<string, number> = { 'README.md': 150, 'ARCHITECTURE.md': 250 }

/** Lines of code that are too long. */
export function longLines(files: ProjectFile[]): string[] {
  return files
    .filter(({ path }) => isSource(path))
    .flatMap(({ path, text }) =>
      linesOf(text).flatMap((line, index) => {
        const length = [...line].length
        return length > LINE_LENGTH_MAX ? [breach(path, index + 1, `a line of ${length} characters`)] : []
      }),
    )
}

/** Sources, and pages with a limit of their own, that are too long. */
export function longFiles(files: ProjectFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const limit = isSource(path) ? FILE_LINES_MAX : PAGE_LINES_MAX[path]
    const length = linesOf(text).length
    return limit !== undefined && length > limit ? [breach(path, length, `a file of ${length} lines`)] : []
  })
}

/** Functions of every kind that are too long, callbacks of tests included. */
export function longFunctions(files: ParsedFile[]): string[] {
  return files.flatMap(({ path, tree, lineOf }) => {
    const found: string[] = []
    walk(tree, (node) => {
      if (!isFunctionLike(node)) return
      const first = lineOf(node.getStart())
      const length = lineOf(node.end) - first + 1
      if (length > FUNCTION_LINES_MAX) found.push(breach(path, first, `a function of ${length} lines`))
    })
    return found
  })
}

function isFunctionLike(node: Node): boolean {
  const kinds = [
    isFunctionDeclaration,
    isFunctionExpression,
    isArrowFunction,
    isMethodDeclaration,
    isConstructorDeclaration,
    isGetAccessorDeclaration,
    isSetAccessorDeclaration,
  ]
  return kinds.some((isKind) => isKind(node))
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
