// File and folder names: kebab-case, and called what they hold rather than "utils".
import { breach, isSource, type ProjectFile } from './project-files.ts'

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/
/** Names that say nothing, so that anything ends up there. */
const EMPTY_WORDS =
  /^(utils?|utilities|helpers?|common|shared|managers?|misc|lib|types|interfaces|constants)$/

/** Sources, and folders of sources, with a name that is not allowed. */
export function badNames(files: ProjectFile[]): string[] {
  return files
    .filter(({ path }) => isSource(path))
    .flatMap(({ path }) => {
      const parts = path.replace(/(\.test|\.d|\.config)?\.(ts|tsx|mjs)$/, '').split('/')
      return parts.flatMap((part) => {
        if (!KEBAB_CASE.test(part)) return [breach(path, 1, `"${part}" is not kebab-case`)]
        const empty =
          EMPTY_WORDS.test(part) || part.split('-').some((word) => /^(utils?|helpers?)$/.test(word))
        return empty ? [breach(path, 1, `"${part}" says nothing about what it holds`)] : []
      })
    })
}
