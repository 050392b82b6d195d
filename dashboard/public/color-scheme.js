// Before the first paint, so that a dark page does not flash white. A file, as the pages allow no inline script.
{
  const kept = (name) => {
    try {
      return localStorage.getItem(name)
    } catch {
      // A browser that keeps nothing for this page.
      return null
    }
  }
  const wanted = kept('sukuma.color-scheme')
  const isDark =
    wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
  const language = kept('sukuma.language')
  if (language !== null) document.documentElement.lang = language
}
