/** The one list of words for a job's state, wherever one is shown. */
export const JOB_STATES = [
  'waiting',
  'testing',
  'held',
  'starting',
  'running',
  'stopping',
  'backoff',
  'finished',
  'failed',
  'stopped',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export const isJobState = (word: string): word is JobState =>
  (JOB_STATES as readonly string[]).includes(word);
