import type { JobState } from '../../plan/job-state.ts';
import { STATE_TONE, toneOf, type ShownState, type Tone } from '../../plan/state-tone.ts';
import type { Paint } from '../terminal/render-context.ts';

const TONE_PAINT: { readonly [Each in Tone]: Paint } = {
  up: 'green',
  busy: 'yellow',
  wait: 'blue',
  bad: 'red',
  idle: 'dim',
};

/** The colour of a state on a terminal. */
export const paintOf = (state: JobState): Paint => TONE_PAINT[STATE_TONE[state]];

/** The colour of a job on a terminal. */
export const paintOfJob = (job: ShownState): Paint => TONE_PAINT[toneOf(job)];
