// Before the first paint, so that a dark page does not flash white. A file, as the pages allow no inline script.
{
  const wanted = localStorage.getItem('sukuma.color-scheme')
  const isDark =
    wanted === 'dark' || (wanted !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
  const language = localStorage.getItem('sukuma.language')
  if (language !== null) document.documentElement.lang = language
}
