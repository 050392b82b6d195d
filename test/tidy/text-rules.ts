// What no file of the project may name: folders of one machine, and hosts that packages came from.
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
