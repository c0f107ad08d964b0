export type Point = readonly [number, number];

export function spread(wanted: readonly number[], gap: number, range: Point): number[];
export function ticks(range: Point): number[];
export function linePlot(plot: {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly points: readonly Point[] }[];
}): string;
export function dotPlot(plot: {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly {
    readonly name: string;
    readonly samples: readonly number[];
    readonly middle: number;
    readonly label: string;
  }[];
}): string;
