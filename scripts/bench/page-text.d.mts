import type { Results } from './results.d.mts';

export const PAGE: string;
export function benchmarkPages(page: string, results: Results): ReadonlyMap<string, string>;
