import type { JobState } from '../../plan/job-state.ts';
import type { JobsMessage, WebJob } from './messages.ts';

/** How the jobs are, as far as a viewer knows. */
export interface Jobs {
  /** Null before the first message. */
  readonly jobs: ReadonlyMap<string, WebJob> | null;
  /** Why no daemon answers; null while one does. */
  readonly lost: string | null;
}

export const NOTHING_YET: Jobs = { jobs: null, lost: null };

/** The jobs after a message of the feed. */
export function after({ jobs, lost }: Jobs, message: JobsMessage): Jobs {
  switch (message.kind) {
    case 'all':
      return { jobs: new Map(message.jobs.map((job) => [job.name, job])), lost: null };
    case 'changed': {
      const next = new Map(jobs);
      for (const job of message.jobs) next.set(job.name, job);
      for (const name of message.removed) next.delete(name);
      return { jobs: next, lost };
    }
    case 'lost':
      return { jobs: jobs ?? new Map(), lost: message.why };
    default:
      return message satisfies never;
  }
}

/** Which jobs are shown. */
export interface Filter {
  readonly text: string;
  /** Null is every state. */
  readonly state: JobState | null;
  readonly tag: string | null;
}

export const EVERYTHING: Filter = { text: '', state: null, tag: null };

/** Whether a job is among those that are asked for. */
export function isShown({ name, state, tags, description }: WebJob, filter: Filter): boolean {
  const text = filter.text.toLowerCase();
  const isFound = text === '' || `${name} ${description ?? ''}`.toLowerCase().includes(text);
  return (
    isFound &&
    (filter.state === null || state === filter.state) &&
    (filter.tag === null || tags.includes(filter.tag))
  );
}
