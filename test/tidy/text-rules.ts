// What no file of the project may name: folders of one machine, and hosts that packages came from.
import { posix } from 'node:path'
import { breach, type ProjectFile } from './project-files.ts'

/** This file and its test have to name what they look for. */
const EXEMPT = /^test\/tidy\/text-rules(\.test)?\.ts$/

const FORBIDDEN: { what: string; pattern: RegExp }[] = [
  { what: 'a folder of one machine', pattern: /(^|[^\w.])\/(work|root|home\/\w+|Users\/\w+|mnt\/\w+)\// },
  {
    what: 'the host of a package registry',
    pattern: /registry\.(npmjs|yarnpkg|npmmirror)\.|codeartifact|artifactory|verdaccio/i,
  },
  { what: 'the address a package was fetched from', pattern: /"resolved": "/ },
]

/** Lines that name them. */
export function machineTraces(files: ProjectFile[]): string[] {
  return files
    .filter(({ path }) => !EXEMPT.test(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          FORBIDDEN.filter(({ pattern }) => pattern.test(line)).map(({ what }) =>
            breach(path, index + 1, what),
          ),
        ),
    )
}

/** NNNN stands for a number yet to be chosen. */
const NAMED_FILE = /`((?:src|test|bench|drill|docs|bin|migrations)\/[\w./-]+\.(?:ts|mjs|md|sql|json))`/g
const LINKED_FILE = /\]\(([\w./-]+\.(?:ts|mjs|md|sql|json))(?:#[\w-]+)?\)/g

/** Files that a page names or links to and that do not exist. `files` are the whole project's. */
export function brokenPaths(files: ProjectFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  const broken: string[] = []
  for (const { path, text } of files) {
    if (!path.endsWith('.md')) continue
    for (const [index, line] of text.split('\n').entries()) {
      const named = [...line.matchAll(NAMED_FILE)].map(([, file = '']) => file)
      const linked = [...line.matchAll(LINKED_FILE)].map(([, file = '']) =>
        posix.join(posix.dirname(path), file),
      )
      for (const file of [...named, ...linked]) {
        if (!paths.has(file) && !file.includes('NNNN'))
          broken.push(breach(path, index + 1, `there is no ${file}`))
      }
    }
  }
  return broken
}
