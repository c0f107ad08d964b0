import { STATE_TONE, type Tone } from '../../../plan/state-tone.ts';
import type { ShownChart } from './charts.ts';

/** The colour of style.css for a chart. */
export function toneOf({ machine, snapshot, state }: ShownChart): Tone {
  if (machine !== 'job') return 'up';
  if (snapshot.status !== 'active') return 'idle';
  return state === null ? 'up' : STATE_TONE[state];
}
