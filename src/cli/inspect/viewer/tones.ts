import type { JobState } from '../../../plan/job-state.ts';
import type { ShownChart } from './charts.ts';

/** The colours of style.css: well, on its way, waiting for something, wants to be looked at, at rest. */
type Tone = 'up' | 'busy' | 'wait' | 'bad' | 'idle';

const TONES: { readonly [State in JobState]: Tone } = {
  waiting: 'wait',
  testing: 'busy',
  held: 'idle',
  starting: 'busy',
  running: 'up',
  stopping: 'busy',
  backoff: 'wait',
  finished: 'idle',
  failed: 'bad',
  stopped: 'idle',
};

export function toneOf({ machine, snapshot, state }: ShownChart): Tone {
  if (machine !== 'job') return 'up';
  if (snapshot.status !== 'active') return 'idle';
  return state === null ? 'up' : TONES[state];
}
