import type { Results, Row } from './results.d.mts';

export interface Sample {
  readonly peer: string;
  readonly row: string;
  readonly count: number;
  readonly value?: number;
  readonly cpu?: number;
  readonly note?: string;
}

export function gathered(samples: readonly Sample[]): Row[];
export function joined(before: Results, after: Results): Results;
