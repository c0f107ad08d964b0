export function median(samples: readonly number[]): number;
export function percentile(samples: readonly number[], percent: number): number;
export function growthBetween(first: readonly [number, number], second: readonly [number, number]): number;
export function rounded(value: number): string;
