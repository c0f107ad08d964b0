import type { JobState } from '../../plan/job-state.ts';
import type { Paint } from '../terminal/render-context.ts';

/** The colour of each state: green is well, yellow is on its way, red wants to be looked at. */
export const STATE_PAINT: { readonly [State in JobState]: Paint | null } = {
  waiting: 'cyan',
  testing: 'yellow',
  held: 'blue',
  starting: 'yellow',
  running: 'green',
  stopping: 'yellow',
  backoff: 'red',
  finished: 'dim',
  failed: 'red',
  stopped: 'dim',
};
