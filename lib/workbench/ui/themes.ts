/** How next-themes is set up on every page. */
export const THEMES = {
  attribute: 'data-theme' as const,
  themes: ['light', 'dark', 'high-contrast'],
  defaultTheme: 'system',
  enableSystem: true,
  disableTransitionOnChange: true,
};
