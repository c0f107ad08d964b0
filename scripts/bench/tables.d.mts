import type { Results } from './results.d.mts';

export function peersTable(results: Results, count: number, options?: { readonly isAll?: boolean }): string;
export function growthTable(results: Results): string;
export function goalsTable(results: Results): string;
