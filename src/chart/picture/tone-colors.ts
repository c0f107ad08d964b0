import type { Tone } from '../../plan/state-tone.ts';

/** A colour for light pages, and one for dark pages. */
type LightAndDark = readonly [light: string, dark: string];

/**
 * The colours of a tone on pages and pictures: `line` for text, dots and borders, `fill` behind them. A line
 * colour can be read as small text on every background that a page has.
 */
export const TONE_COLORS: {
  readonly [Each in Tone]: { readonly line: LightAndDark; readonly fill: LightAndDark };
} = {
  up: { line: ['#14713a', '#4ade80'], fill: ['#bbf7d0', '#14532d'] },
  busy: { line: ['#8a5a06', '#fbbf24'], fill: ['#fdeaaf', '#5c430a'] },
  wait: { line: ['#1d4ed8', '#60a5fa'], fill: ['#d3e4fe', '#1e3a6e'] },
  bad: { line: ['#b91c1c', '#f87171'], fill: ['#fdd3d3', '#6b1d1d'] },
  idle: { line: ['#566377', '#94a3b8'], fill: ['#dfe5ee', '#334155'] },
};
