// The look of every page: one green, which keeps 4.5 : 1 with white, and what Mantine gives.
import { createTheme, type MantineColorsTuple } from '@mantine/core'

const green: MantineColorsTuple = [
  '#e8f8f0',
  '#d0eede',
  '#a3ddbf',
  '#72cb9d',
  '#48bc80',
  '#2aa768',
  '#148d56',
  '#0b7a4b',
  '#07633c',
  '#034c2d',
]

/** Mantine's theme of the dashboard and the virtual phone. */
export const theme = createTheme({
  primaryColor: 'sukuma',
  primaryShade: { light: 7, dark: 7 },
  colors: { sukuma: green },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
})
