import {
  type CSSVariablesResolver,
  convertCssVariables,
  createTheme,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'fjord',
  primaryShade: { light: 7, dark: 6 },
  colors: {
    fjord: [
      '#eef3fa',
      '#dbe5f2',
      '#b7cbe5',
      '#8fafd6',
      '#6c95c8',
      '#4d7cb4',
      '#3d6ba3',
      '#24497a',
      '#1d3a62',
      '#152a48',
    ],
    dark: [
      '#e9edf3',
      '#b4bece',
      '#939fb2',
      '#6b788d',
      '#45536a',
      '#293545',
      '#1e2836',
      '#151d29',
      '#0d131c',
      '#080c12',
    ],
  },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
})

const resolver: CSSVariablesResolver = (full) => {
  const base = defaultCssVariablesResolver(full)
  const own = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-2)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-error': 'var(--broken)',
    '--mantine-color-anchor': 'var(--accent)',
  }
  return {
    variables: base.variables,
    light: { ...base.light, ...own, '--mantine-color-scheme': 'light' },
    dark: { ...base.dark, ...own, '--mantine-color-scheme': 'dark' },
  }
}

/**
 * Puts the theme's variables into an adopted style sheet. Mantine would write a `<style>` element, which a page under
 * `style-src 'self'` may not; constructed sheets and the DOM's own style properties are allowed.
 */
export function adoptTheme(): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(convertCssVariables(resolver(mergeMantineTheme(DEFAULT_THEME, theme))))
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
}
