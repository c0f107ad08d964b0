import type { JobState } from './job-state.ts';

/**
 * The colour of a state on the terminal, the page and the pictures: green for fine, amber for busy, blue for
 * waiting, red for a problem, grey for at rest.
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

/** The sign of a tone in a row of text, which tells them apart without colours. */
export const TONE_SIGN: { readonly [Each in Tone]: string } = {
  up: '●',
  busy: '◐',
  wait: '○',
  bad: '!',
  idle: '·',
};
