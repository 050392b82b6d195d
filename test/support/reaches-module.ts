// Which files import a module, by themselves or through others: the tests that open a database are told so.
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

const RELATIVE_IMPORT = /(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g

/** Those of `files` (absolute paths) from which relative imports lead to `module`, itself absolute. */
export async function filesThatReach(files: readonly string[], module: string): Promise<string[]> {
  const known = new Map<string, Promise<string[]>>()
  const importsOf = (file: string) => {
    const read = known.get(file) ?? readImports(file)
    known.set(file, read)
    return read
  }
  const reached = await Promise.all(files.map((file) => reaches(importsOf, file, module)))
  return files.filter((_, index) => reached[index])
}

async function reaches(
  importsOf: (file: string) => Promise<string[]>,
  from: string,
  module: string,
): Promise<boolean> {
  const seen = new Set([from])
  for (const file of seen) {
    if (file === module) return true
    for (const imported of await importsOf(file)) seen.add(imported)
  }
  return false
}

async function readImports(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, path = '']) => resolve(dirname(file), path))
}
