// Names that people give: merchants and keys.

/** The schema's limit on a merchant's name, and ours on every other. */
const LENGTH_MAX = 100
/** What to tell somebody whose name was not taken. */
export const NAME_HINT = `must be 1 to ${LENGTH_MAX} characters, none of them a control character`

/** The name without the blanks around it, or null when it is none. Characters are counted as people do. */
export function parseName(text: string): string | null {
  const name = text.trim()
  if (name === '' || name.length > 2 * LENGTH_MAX || [...name].length > LENGTH_MAX) return null
  // PostgreSQL takes no NUL and no lone surrogate; no terminal should be sent the others.
  return name.isWellFormed() && !/\p{Cc}/u.test(name) ? name : null
}
