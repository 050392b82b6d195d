// Comments that must be there: what a module is for, and what another part may expect of what it calls.

import { posix } from 'node:path'
import {
  isClassDeclaration,
  isExportDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isImportDeclaration,
  isNamedExports,
  isNamedImports,
  isStringLiteral,
  isTypeAliasDeclaration,
  isVariableStatement,
  type Node,
} from 'typescript/unstable/ast'
import { breach, isTest } from './project-files.ts'
import type { ParsedFile } from './syntax.ts'

const OPENING_LINES_MAX = 3

/** Modules that do not open with one to three lines on what they are for. */
export function modulesWithoutPurpose(files: ParsedFile[]): string[] {
  return files
    .filter(({ path }) => !/\.test\.ts$/.test(path))
    .flatMap(({ path, text }) => {
      const lines = text.replace(/^#!.*\n/, '').split('\n')
      const count = lines.findIndex((line) => !line.startsWith('//'))
      const isFine = count >= 1 && count <= OPENING_LINES_MAX
      return isFine ? [] : [breach(path, 1, `opens with ${count} lines on what it is for, not 1 to 3`)]
    })
}

/** Functions, classes and types that another part imports, and that have no docstring. */
export function undocumentedExports(files: ParsedFile[]): string[] {
  const wanted = importedByOthers(files)
  return files.flatMap(({ path, tree, lineOf }) => {
    const names = wanted.get(path)
    if (names === undefined) return []
    return tree.statements.flatMap((statement) => {
      const name = declaredNames(statement).find((declared) => names.has(declared))
      if (name === undefined || (statement.jsDoc?.length ?? 0) > 0) return []
      return [
        breach(path, lineOf(statement.getStart()), `${name} has no docstring, and another part uses it`),
      ]
    })
  })
}

/** By source, the names that sources of another part import from it. */
function importedByOthers(files: ParsedFile[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>()
  for (const { path, tree } of files) {
    if (isTest(path) || !path.startsWith('src/')) continue
    for (const statement of tree.statements) {
      const specifier = importSpecifier(statement)
      if (specifier === null) continue
      const target = posix.join(posix.dirname(path), specifier)
      if (folderOf(target) === folderOf(path)) continue
      const names = wanted.get(target) ?? new Set()
      for (const name of importedNames(statement)) names.add(name)
      wanted.set(target, names)
    }
  }
  return wanted
}

function folderOf(path: string): string {
  return path.split('/').slice(0, 2).join('/')
}

function importSpecifier(node: Node): string | null {
  if (!isImportDeclaration(node) && !isExportDeclaration(node)) return null
  const specifier = node.moduleSpecifier
  if (specifier === undefined || !isStringLiteral(specifier)) return null
  return specifier.text.startsWith('.') ? specifier.text : null
}

function importedNames(node: Node): string[] {
  const named = isImportDeclaration(node)
    ? node.importClause?.namedBindings
    : isExportDeclaration(node)
      ? node.exportClause
      : undefined
  if (named === undefined || !(isNamedImports(named) || isNamedExports(named))) return []
  return named.elements.map((element) => (element.propertyName ?? element.name).text)
}

function declaredNames(node: Node): string[] {
  if (isFunctionDeclaration(node) || isClassDeclaration(node) || isTypeAliasDeclaration(node)) {
    return node.name === undefined ? [] : [node.name.text]
  }
  if (!isVariableStatement(node)) return []
  return node.declarationList.declarations.flatMap(({ name }) => (isIdentifier(name) ? [name.text] : []))
}
