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

/** The part of a job's status that decides its colour and its text. */
export interface ShownState {
  readonly state: JobState;
  readonly pid: number | null;
  readonly lastRunFailed: boolean;
}

/** Whether a job that is `stopping` crashed: nobody stopped it, and only its leftovers are being ended. */
export const hasCrashed = ({ state, pid, lastRunFailed }: ShownState): boolean =>
  state === 'stopping' && pid === null && lastRunFailed;

/** The colour of a job: that of its state, but a crash is a problem at once. */
export const toneOf = (job: ShownState): Tone => (hasCrashed(job) ? 'bad' : STATE_TONE[job.state]);
