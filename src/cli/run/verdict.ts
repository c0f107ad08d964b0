import { asPredicate, exitInWords } from '../../plan/exit-words.ts';
import type { Culprit, JobStatus, Outlook } from '../../wire/messages.ts';

/** Why `run` ends; null while some job may still come up. */
export interface Ending {
  /** Null when every job has ended with success. */
  readonly blame: string | null;
}

/** Whether all jobs of `run` have ended or can no longer come up by themselves. */
export function endingOf(jobs: readonly JobStatus[], exitOnFailure: boolean): Ending | null {
  const fallen = exitOnFailure ? jobs.filter(hasFailedOnce) : [];
  if (fallen.length > 0) return { blame: blame(fallen) };
  if (!jobs.every((job) => hasEnded(job) || isStuck(job))) return null;
  const bad = jobs.filter((job) => job.state === 'failed' || isStuck(job));
  return { blame: bad.length === 0 ? null : blame(bad) };
}

const hasEnded = ({ state }: JobStatus): boolean => state === 'finished' || state === 'failed';

/** A job that was stopped by hand, from another terminal, may be started from there again. */
const isStuck = ({ outlook = null }: JobStatus): boolean =>
  outlook !== null && (outlook.kind === 'held' || outlook.by.every(({ state }) => state !== 'stopped'));

const hasFailedOnce = ({ state, lastRunFailed }: JobStatus): boolean =>
  state === 'failed' || state === 'backoff' || lastRunFailed;

/** One that others wait for is named by them. */
function blame(jobs: readonly JobStatus[]): string {
  const named = new Set(
    jobs.flatMap(({ outlook = null }) =>
      outlook?.kind === 'blocked' ? outlook.by.map(({ name }) => name) : [],
    ),
  );
  return jobs
    .filter(({ name, outlook = null }) => outlook !== null || !named.has(name))
    .map(({ name, outlook = null, lastExit }) => {
      if (outlook !== null) return `${name} will not start: ${outlookWords(outlook)}`;
      return lastExit === null ? `${name} failed` : `${name} ${asPredicate(exitInWords(lastExit))}`;
    })
    .join('; ');
}

/** `migrate exited with 1`: what keeps a job from coming up. */
export function outlookWords(outlook: Outlook): string {
  if (outlook.kind === 'held') return 'its test says no, and nothing runs it again';
  return outlook.by.map(culpritWords).join(', ');
}

function culpritWords({ name, state, exit, startError }: Culprit): string {
  switch (state) {
    case 'stopped':
      return `${name} is stopped`;
    case 'held':
      return `the test of ${name} says no`;
    case 'finished':
      return `${name} has finished`;
    case 'waiting':
    case 'testing':
    case 'starting':
    case 'running':
    case 'stopping':
    case 'backoff':
    case 'failed':
      if (startError !== null) return `${name} could not be started: ${startError}`;
      return exit === null ? `${name} failed` : `${name} ${asPredicate(exitInWords(exit))}`;
    default:
      return state satisfies never;
  }
}
