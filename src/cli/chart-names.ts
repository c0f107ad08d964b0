/** The charts that there are, and what they can be written as. */
export const CHART_NAMES = ['daemon', 'client', 'job'] as const;
export type ChartName = (typeof CHART_NAMES)[number];

export const CHART_FORMATS = ['text', 'json', 'mermaid', 'dot', 'svg'] as const;
export type ChartFormat = (typeof CHART_FORMATS)[number];
