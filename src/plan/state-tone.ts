import type { JobState } from './job-state.ts';

/**
 * What a state means to whoever looks, as a colour on the terminal, the page and the pictures: all is well (green), something
 * is under way (amber), it waits for something (blue), it needs a look (red), it is at rest (grey).
 */
export type Tone = 'up' | 'busy' | 'wait' | 'bad' | 'idle';

export const STATE_TONE: { readonly [State in JobState]: Tone } = {
  waiting: 'wait',
  testing: 'busy',
  held: 'wait',
  starting: 'busy',
  running: 'up',
  stopping: 'busy',
  backoff: 'bad',
  finished: 'idle',
  failed: 'bad',
  stopped: 'idle',
};
