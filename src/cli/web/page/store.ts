import { STATE_TONE, type Tone } from '../../../plan/state-tone.ts';
import { indexBy } from '../../../text/index-by.ts';
import type { JobState } from '../../../plan/job-state.ts';
import { isShown, type Filter } from '../jobs-now.ts';
import type { WebJob } from '../messages.ts';

/** A line of the list: one instance, or, while they are folded, all copies of a job. */
export interface Row {
  readonly key: string;
  readonly title: string;
  readonly tone: Tone;
  readonly jobs: readonly WebJob[];
  readonly isGroup: boolean;
  readonly isInside: boolean;
}

const URGENCY: { readonly [Each in Tone]: number } = { bad: 0, busy: 1, wait: 2, up: 3, idle: 4 };

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
    .map(([name, copies]) => ({ name, copies, tone: worst(copies) }))
    .toSorted((a, b) => URGENCY[a.tone] - URGENCY[b.tone] || byName(a.name, b.name))
    .flatMap(({ name, copies, tone }) => linesOf(name, copies, { tone, isOpen: open.has(name) }));
}

function linesOf(
  name: string,
  copies: readonly WebJob[],
  { tone, isOpen }: { readonly tone: Tone; readonly isOpen: boolean },
): readonly Row[] {
  const [first] = copies;
  const isGroup = copies.length > 1;
  const row: Row = {
    key: isGroup ? `${name} ` : (first?.name ?? name),
    title: isGroup ? name : (first?.name ?? name),
    tone,
    jobs: copies,
    isGroup,
    isInside: false,
  };
  if (!isGroup || !isOpen) return [row];
  const inside = copies.toSorted((a, b) => byName(a.name, b.name));
  return [
    row,
    ...inside.map((job) => ({
      key: job.name,
      title: job.name,
      tone: STATE_TONE[job.state],
      jobs: [job],
      isGroup: false,
      isInside: true,
    })),
  ];
}

const worst = (jobs: readonly WebJob[]): Tone =>
  jobs.map(({ state }) => STATE_TONE[state]).toSorted((a, b) => URGENCY[a] - URGENCY[b])[0] ?? 'idle';

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** How many jobs there are in each state, the most urgent first. */
export function countsOf(
  jobs: ReadonlyMap<string, WebJob>,
): readonly { readonly state: JobState; readonly count: number }[] {
  const counts = indexBy([...jobs.values()], ({ state }) => [state]);
  return [...counts]
    .map(([state, found]) => ({ state, count: found.length }))
    .toSorted((a, b) => URGENCY[STATE_TONE[a.state]] - URGENCY[STATE_TONE[b.state]]);
}

/** What the tab is called: trouble is seen there while another tab is open. */
export function titleOf(jobs: ReadonlyMap<string, WebJob> | null, lost: string | null): string {
  if (lost !== null) return 'no daemon · overseer';
  const bad = [...(jobs?.values() ?? [])].filter(({ state }) => STATE_TONE[state] === 'bad').length;
  return bad === 0 ? 'overseer' : `${bad} failed · overseer`;
}
