// What this device remembers: language, side, numbers. A browser may refuse to keep anything, as it may for a
// page within another site's; then it is forgotten, and nothing else is amiss.

/** What is kept under `name`, or null. */
export function readKept(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** Keeps `value` under `name`, where the browser lets it. Never a secret. */
export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Forgotten with the page.
  }
}
