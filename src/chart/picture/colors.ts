/**
 * The colours of a drawn chart on a light page. No two are the same, so that a style sheet can tell them
 * apart.
 */
export const LIGHT = {
  paper: '#fdfdfe',
  text: '#0f172a',
  label: '#334155',
  guard: '#64748b',
  arrow: '#5f6f86',
  line: '#94a3b8',
  frame: '#cbd5e1',
  dot: '#1e293b',
  state: '#ffffff',
  composite: '#eef2f7',
  region: '#f8fafc',
  /** The background of the text on an arrow. */
  tag: '#fdfeff',
} as const;

/** The same colours on a dark page. */
export const DARK: { readonly [Name in keyof typeof LIGHT]: string } = {
  paper: '#0d1117',
  text: '#f1f5f9',
  label: '#cbd5e1',
  guard: '#94a3b8',
  arrow: '#8b9bb0',
  line: '#5b6b84',
  frame: '#3b495e',
  dot: '#e2e8f0',
  state: '#1b2433',
  composite: '#151d2a',
  region: '#111824',
  tag: '#0e1420',
};
