// The project's own files, as the structure tests read them.
import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** `path` is relative to the project's root, with slashes. */
export type ProjectFile = { path: string; text: string }

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** What a clone does not have, or what is data rather than text. */
const LEFT_OUT = /(^|\/)(node_modules|\.git|data|coverage|\.install-lock|dist)(\/|$)/
const TEXT_FILE =
  /\.(ts|tsx|mjs|sql|md|json|css|html|txt|yml|yaml)$|(^|\/)(\.env\.example|\.npmrc|\.gitignore|run)$/

/** Every text file of the project, generated ones included, in the order of their paths. */
export async function readProject(): Promise<ProjectFile[]> {
  const files: ProjectFile[] = []
  for (const pattern of ['**/*', '.ci/*', '.env.example', '.npmrc']) {
    for await (const entry of glob(pattern, { cwd: ROOT, exclude: (name) => LEFT_OUT.test(name) })) {
      const path = entry.replaceAll('\\', '/')
      if (LEFT_OUT.test(path) || !TEXT_FILE.test(path)) continue
      files.push({ path, text: await readFile(`${ROOT}/${path}`, 'utf8') })
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** TypeScript and the start-up scripts: what the rules on code are about. */
export function isSource(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path)
}

/** Tests, and what only tests use: rules on wiring and documentation are not for them. */
export function isTest(path: string): boolean {
  return /\.test\.ts$/.test(path) || /^(test|bench|drill)\//.test(path) || /\/testing\//.test(path)
}

/** One breach of a rule, as a person reads it. `line` counts from 1. */
export function breach(path: string, line: number, text: string): string {
  return `${path}:${line}: ${text}`
}

/** Fails a test with every breach on a line of its own. */
export function assertNoBreach(breaches: string[]): void {
  assert.equal(breaches.length, 0, `\n${breaches.join('\n')}`)
}
