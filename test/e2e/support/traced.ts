import { readFileSync } from 'node:fs';
import type { TraceRecord } from '../../../src/host/trace.ts';
import type { Home } from './home.ts';

/** How often a job of this home was told this, by any of its daemons. */
export const timesTold = (home: Home, job: string, type: string): number =>
  traced(home, 'job').filter(
    ({ id, event }) => id === job && (event as { readonly type: string }).type === type,
  ).length;

/** How many clients of this home have come to a state of their chart. */
export const clientsThatCameTo = (home: Home, state: string): number =>
  new Set(traced(home, 'client').flatMap(({ id, after }) => (after.value === state ? [id] : []))).size;

function traced(home: Home, machine: TraceRecord['machine']): readonly TraceRecord[] {
  // The last line may be half written.
  const lines = readFileSync(home.path('trace'), 'utf8').split('\n').slice(0, -1);
  return lines
    .filter((line) => line.startsWith(`{"machine":"${machine}"`))
    .map((line) => JSON.parse(line) as TraceRecord);
}
