// Tests that do not run: skipped, left for later, or left out because another one runs alone.
import {
  isCallExpression,
  isIdentifier,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  type Node,
} from 'typescript/unstable/ast'
import { breach, isTest } from './project-files.ts'
import { type ParsedFile, walk } from './syntax.ts'

const TEST_FUNCTIONS = /^(test|it|describe|suite|t|context)$/
const SWITCHES = /^(skip|only|todo)$/

/** Calls such as `test.skip(…)`, `t.todo()` and `test('…', { only: true }, …)`. */
export function testsLeftOut(files: ParsedFile[]): string[] {
  return files
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, tree, lineOf }) => {
      const found: string[] = []
      walk(tree, (node) => {
        const word = switchIn(node)
        if (word !== null) found.push(breach(path, lineOf(node.getStart()), `a test with ${word}`))
      })
      return found
    })
}

function switchIn(node: Node): string | null {
  if (!isCallExpression(node)) return null
  const { expression } = node
  if (isPropertyAccessExpression(expression) && isTestFunction(expression.expression)) {
    const { text } = expression.name
    if (SWITCHES.test(text)) return text
  }
  const isCalled = isTestFunction(expression)
  const isMethod = isPropertyAccessExpression(expression) && isTestFunction(expression.expression)
  if (!isCalled && !isMethod) return null
  const names = node.arguments
    .filter(isObjectLiteralExpression)
    .flatMap((options) => options.properties.map((property) => /^\w*/.exec(property.getText())?.[0] ?? ''))
  return names.find((name) => SWITCHES.test(name)) ?? null
}

function isTestFunction(node: Node): boolean {
  return isIdentifier(node) && TEST_FUNCTIONS.test(node.text)
}
