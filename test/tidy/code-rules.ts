// What code must not contain: ways around the types, state in modules, settings and SQL in the wrong place.
import {
  isAsExpression,
  isExportAssignment,
  isIdentifier,
  isJsxAttribute,
  isNonNullExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTemplateExpression,
  isVariableStatement,
  type Node,
  NodeFlags,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { breach, isTest } from './project-files.ts'
import { type ParsedFile, walk } from './syntax.ts'

/** How a statement begins, in small letters or in capitals; a sentence begins with one capital. */
const STATEMENTS = [
  'select\\s[^;]+\\sfrom\\s',
  'with\\s+\\w+\\s+as\\s',
  'insert\\s+into\\s',
  'update\\s+\\w+(\\s+\\w+)?\\s+set\\s',
  'delete\\s+from\\s',
  '(create|alter|drop)\\s+(table|index|database)\\s',
]
const SQL = new RegExp(`^\\s*(${[...STATEMENTS, ...STATEMENTS.map(inCapitals)].join('|')})`)
/** Names and quoted texts may have capitals, keywords may not. */
const SQL_CAPITALS =
  /\b(SELECT|FROM|INSERT|INTO|UPDATE|SET|DELETE|WHERE|VALUES|RETURNING|CREATE|ALTER|JOIN)\b/
const SQL_PLACES = /^(src\/db\/|migrations\/)|-store\.ts$/
const ESCAPES = /(@ts-(ignore|expect-error|nocheck)|(biome|eslint)-(ignore|disable))/

type Rule = (node: Node, path: string, parents: Node[]) => string | null

/** Every breach, in the order of the files. */
export function codeBreaches(files: ParsedFile[]): string[] {
  return files.flatMap((file) => {
    const { path, tree, lineOf } = file
    const found = escapesFromChecks(file)
    walk(tree, (node, parents) => {
      for (const rule of RULES) {
        const text = rule(node, path, parents)
        if (text !== null) found.push(breach(path, lineOf(node.getStart()), text))
      }
    })
    return found
  })
}

const noAny: Rule = (node) => (node.kind === SyntaxKind.AnyKeyword ? 'the type any' : null)

const noNonNull: Rule = (node) => (isNonNullExpression(node) ? 'a non-null "!"' : null)

const noDoubleCast: Rule = (node) =>
  isAsExpression(node) && isAsExpression(node.expression) ? 'a cast of a cast' : null

/**
 * A tool finds its own configuration by its name, and reads it by its default export; a declaration says what
 * somebody else's module exports.
 */
const noDefaultExport: Rule = (node, path) => {
  if (path.endsWith('.config.ts') || path.endsWith('.d.ts')) return null
  return isExportAssignment(node) || node.kind === SyntaxKind.DefaultKeyword ? defaultExport(node) : null
}

const noConsole: Rule = (node) =>
  isPropertyAccessExpression(node) && isIdentifier(node.expression) && node.expression.text === 'console'
    ? 'console: use the log, or the streams of the process'
    : null

const noEnvironment: Rule = (node, path) =>
  path.startsWith('src/') &&
  path !== 'src/config.ts' &&
  !isTest(path) &&
  isPropertyAccessExpression(node) &&
  /^(globalThis\.)?process\.env$/.test(node.getText())
    ? 'process.env outside src/config.ts'
    : null

const noModuleState: Rule = (node, path, parents) => {
  if (isTest(path) || !isVariableStatement(node) || parents.length !== 1) return null
  return node.declarationList.flags & NodeFlags.Const ? null : 'a variable of the module that can change'
}

const sqlInItsPlace: Rule = (node, path) => {
  const text = literalText(node)
  if (text === null || !SQL.test(text) || isTest(path) || SQL_PLACES.test(path)) return null
  return 'SQL outside a store'
}

const sqlInLowerCase: Rule = (node, path) => {
  const text = literalText(node)
  const isSql = text !== null && SQL.test(text) && path.startsWith('src/')
  return isSql && SQL_CAPITALS.test(text.replace(/'[^']*'/g, '')) ? 'SQL in capitals' : null
}

/** A query is also in error when only its next reading failed: one place tells the two apart. */
const openQueryInItsPlace: Rule = (node, path) =>
  path.startsWith('dashboard/') &&
  path !== 'dashboard/src/ui/states.tsx' &&
  isJsxAttribute(node) &&
  /^retry=\{.*\.refetch\b/s.test(node.getText())
    ? 'a query that failed: Unanswered or ReadingProblem (ui/states.tsx) shows it'
    : null

const RULES: Rule[] = [
  noAny,
  noNonNull,
  noDoubleCast,
  noDefaultExport,
  noConsole,
  noEnvironment,
  noModuleState,
  sqlInItsPlace,
  sqlInLowerCase,
  openQueryInItsPlace,
]

/** A pattern for the same words in capitals; `\\s` and `\\w` stay what they are. */
function inCapitals(pattern: string): string {
  return pattern.replace(/\\\w|[a-z]+/g, (part) => (part.startsWith('\\') ? part : part.toUpperCase()))
}

/** `default` is also a word of switch statements and of re-exports under a name. */
function defaultExport(node: Node): string | null {
  const { parent } = node
  const isClause = parent.kind === SyntaxKind.DefaultClause
  return isClause || parent.kind === SyntaxKind.CaseBlock ? null : 'a default export'
}

/** The text between the quotes, with `?` for what is put into a template. */
function literalText(node: Node): string | null {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!isTemplateExpression(node)) return null
  return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join('?')
}

/** Comments that switch a check off. Strings are no comments, so only lines that begin a comment count. */
function escapesFromChecks({ path, text }: ParsedFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const [, comment] = /(?:\/\/|\/\*|^\s*\*)(.*)/.exec(line) ?? []
    const [found] = ESCAPES.exec(comment ?? '') ?? []
    const isQuoted = /['"`].*(\/\/|\/\*)/.test(line)
    return found === undefined || isQuoted ? [] : [breach(path, index + 1, `a check switched off: ${found}`)]
  })
}
