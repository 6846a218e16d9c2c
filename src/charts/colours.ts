/**
 * Okabe and Ito's blue and red for what colour-blind eyes must tell apart, a rising scale for ages; each is told by its
 * place and its number too. No two parts share a colour, because the dark sheet finds them by it.
 */
export const light = {
  card: '#fefefe',
  edge: '#c3ccd6',
  text: '#1f2933',
  muted: '#52606e',
  grid: '#dde3ea',
  bar: '#0072b2',
  below: '#b34701',
  other: '#75818f',
  ages: ['#9ecae1', '#4292c6', '#2166ac', '#b34700'],
  onAges: ['#10202e', '#10202f', '#ffffff', '#fffffd'],
} as const;

/** The same for a dark page; what is not named stays, being told from both. */
export const dark = {
  card: '#161b22',
  edge: '#3d4652',
  text: '#e6edf3',
  muted: '#a3afbb',
  grid: '#2f3742',
  bar: '#4ba3dc',
  below: '#f08a4b',
  other: '#8d99a6',
} as const;

/** Follows the reader's page. An attribute of SVG gives way to any rule of CSS. */
export const darkSheet = `<style>@media (prefers-color-scheme: dark){${Object.entries(dark)
  .map(([part, colour]) => {
    const was = light[part as keyof typeof dark]; // the parts of the one are parts of the other
    return `[fill="${was}"]{fill:${colour}}[stroke="${was}"]{stroke:${colour}}`;
  })
  .join('')}}</style>`;
