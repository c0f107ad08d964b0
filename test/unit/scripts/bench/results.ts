import type { Results, Row } from '../../../../scripts/bench/results.d.mts';

export const row = (peer: string, name: string, count: number, samples: readonly number[]): Row => ({
  peer,
  row: name,
  count,
  samples,
});

/** Results with these rows, of overseer, the floor and runit. */
export function resultsOf(rows: readonly Row[], differences: Partial<Results> = {}): Results {
  return {
    date: '2026-02-03T10:00:00.000Z',
    minutes: 12.4,
    commit: 'abc1234',
    cores: 4,
    kernel: '6.1',
    node: 'v20.19.0',
    load: [0.1, 1.24],
    rounds: 3,
    mib: 1_024,
    peers: ['overseer', 'floor', 'runit'].map((name) => ({ name, version: '1', notes: 'n', most: null })),
    missing: [],
    rows,
    ...differences,
  };
}
