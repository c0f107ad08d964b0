import { STATE_TONE, toneOf, type Tone } from '../../../plan/state-tone.ts';
import { mostUrgent, urgencyOf } from '../../../plan/state-order.ts';
import { indexBy } from '../../../text/index-by.ts';
import type { JobState } from '../../../plan/job-state.ts';
import { isShown, type Filter } from '../jobs-now.ts';
import type { WebJob } from '../messages.ts';

/** A line of the list: one instance, or, while they are folded, all copies of a job. */
export interface Row {
  readonly key: string;
  readonly title: string;
  /** That of the most urgent of its jobs. */
  readonly state: JobState;
  readonly tone: Tone;
  readonly jobs: readonly WebJob[];
  readonly isGroup: boolean;
  readonly isInside: boolean;
}

/**
 * The lines of the list: trouble first, then by name; copies below the line of their job, if that is open.
 */
export function rowsOf(
  jobs: ReadonlyMap<string, WebJob>,
  filter: Filter,
  open: ReadonlySet<string>,
): readonly Row[] {
  const groups = indexBy(
    [...jobs.values()].filter((job) => isShown(job, filter)),
    ({ job }) => [job],
  );
  return [...groups]
    .map(([name, copies]) => ({ name, copies, urgency: Math.min(...copies.map(urgencyOf)) }))
    .toSorted((a, b) => a.urgency - b.urgency || byName(a.name, b.name))
    .flatMap(({ name, copies }) => linesOf(name, copies, open.has(name)));
}

function linesOf(name: string, copies: readonly WebJob[], isOpen: boolean): readonly Row[] {
  const [only] = copies;
  if (copies.length === 1 && only !== undefined) return [lineOf(only, false)];
  const state = mostUrgent(copies.map((job) => job.state)) ?? 'finished';
  const group: Row = {
    key: `${name} `,
    title: name,
    state,
    tone: STATE_TONE[state],
    jobs: copies,
    isGroup: true,
    isInside: false,
  };
  if (!isOpen) return [group];
  return [group, ...copies.toSorted((a, b) => byName(a.name, b.name)).map((job) => lineOf(job, true))];
}

const lineOf = (job: WebJob, isInside: boolean): Row => ({
  key: job.name,
  title: job.name,
  state: job.state,
  tone: toneOf(job),
  jobs: [job],
  isGroup: false,
  isInside,
});

/** Made once: `localeCompare` would make one for each comparison, 39 ms for a thousand jobs. */
const { compare: byName } = new Intl.Collator('en', { numeric: true });

/** What the tab is called: trouble is seen there while another tab is open. */
export function titleOf(jobs: ReadonlyMap<string, WebJob> | null, lost: string | null): string {
  if (lost !== null) return 'no daemon · overseer';
  const bad = [...(jobs?.values() ?? [])].filter(({ state }) => STATE_TONE[state] === 'bad').length;
  return bad === 0 ? 'overseer' : `${bad} failed · overseer`;
}
