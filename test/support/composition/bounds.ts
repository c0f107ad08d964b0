import type { Scenario, Start } from './scenario.ts';

/** How far compositions are explored, and how large they are: a model that shrinks has lost something. */
export interface Bound extends Scenario {
  readonly counts: { readonly states: number; readonly edges: number; readonly daemons: number };
}

/**
 * Where the daemon of before has gone and left everything behind, where nothing ever was, and where all is
 * well.
 */
const THREE: readonly Start[] = ['nothing', 'a killed daemon', 'a daemon'];
const ALL: readonly Start[] = [...THREE, 'a stale socket file', 'a damaged socket file'];

export const BOUNDS: readonly Bound[] = [
  { asked: ['apply', 'apply'], starts: ALL, faults: 0, counts: { states: 11627, edges: 15792, daemons: 3 } },
  {
    asked: ['apply', 'apply'],
    starts: THREE,
    faults: 1,
    counts: { states: 271663, edges: 422279, daemons: 4 },
  },
  { asked: ['apply', 'DIE'], starts: ALL, faults: 2, counts: { states: 85927, edges: 165655, daemons: 2 } },
  { asked: ['apply', 'status'], starts: ALL, faults: 1, counts: { states: 16559, edges: 26671, daemons: 2 } },
  { asked: ['status', 'DIE'], starts: ALL, faults: 2, counts: { states: 6104, edges: 12608, daemons: 1 } },
  { asked: ['DIE', 'DIE'], starts: ALL, faults: 2, counts: { states: 2220, edges: 4925, daemons: 1 } },
];
