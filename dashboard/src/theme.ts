// The look of every page: one green, which keeps 4.5 : 1 with white, and what Mantine gives.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

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
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
})

/** Where Mantine's own colours fall short of 4.5 : 1: small grey text, and words on their own pale colour. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6b7178',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-green-light-color': '#1d6b2f',
    '--mantine-color-orange-light-color': '#983608',
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-red-light-color': '#b02525',
    '--mantine-color-blue-light-color': '#155a9c',
    '--mantine-color-gray-light-color': '#495057',
  },
  dark: {
    '--mantine-color-dimmed': '#a6a6a6',
    '--mantine-color-placeholder': '#9a9a9a',
    '--mantine-color-error': '#ff8787',
  },
})
