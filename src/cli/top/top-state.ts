import type { JobState } from '../../plan/job-state.ts';
import { byInstanceName } from '../../plan/names.ts';
import { countsOf, urgencyOf } from '../../plan/state-order.ts';
import { EVERYTHING, isShown, NOTHING_YET, type Filter, type Jobs } from '../web/jobs-now.ts';
import type { WebAction, WebJob } from '../web/messages.ts';

/** The orders of the table; the first one is that of the start. */
export const SORTS = ['trouble', 'name', 'cpu', 'memory', 'up', 'restarts'] as const;
export type Sort = (typeof SORTS)[number];

/** A question that is answered with y or n. */
interface Ask {
  readonly question: string;
  readonly action: WebAction;
}

/** Text that fills the screen in place of the table. */
export interface ScreenPage {
  readonly kind: 'why' | 'logs' | 'plan' | 'help' | 'report';
  readonly title: string;
  /** The job that it is about. */
  readonly job: string | null;
  /** Its rows for so many columns. */
  readonly rows: (columns: number) => readonly string[];
  /** The first row that is shown. */
  readonly top: number;
  /** Shows the last rows, and goes on with new ones. */
  readonly isFollowing: boolean;
}

interface Note {
  readonly text: string;
  readonly isBad: boolean;
}

/** Everything that decides what the screen shows. */
export interface TopState {
  readonly isReadOnly: boolean;
  readonly known: Jobs;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly isReversed: boolean;
  /** The jobs of the table: filtered and sorted. */
  readonly rows: readonly WebJob[];
  readonly chosen: string | null;
  /** The first row of the table that is shown. */
  readonly top: number;
  readonly marked: ReadonlySet<string>;
  readonly isTyping: boolean;
  readonly page: ScreenPage | null;
  readonly ask: Ask | null;
  readonly message: Note | null;
}

/** The screen before the first answer of the daemon. */
export const beginning = (isReadOnly: boolean): TopState => ({
  isReadOnly,
  known: NOTHING_YET,
  filter: EVERYTHING,
  sort: 'trouble',
  isReversed: false,
  rows: [],
  chosen: null,
  top: 0,
  marked: new Set(),
  isTyping: false,
  page: null,
  ask: null,
  message: null,
});

type Choice = Partial<Pick<TopState, 'known' | 'filter' | 'sort' | 'isReversed'>>;

/** With other jobs, another filter or another order; the same job stays chosen while it is there. */
export function withRows(state: TopState, choice: Choice): TopState {
  const next = { ...state, ...choice };
  const rows = rowsOf(next);
  const index = rows.findIndex(({ name }) => name === state.chosen);
  const before = state.rows.findIndex(({ name }) => name === state.chosen);
  // Where its job has gone, the choice stays at its place.
  const chosen = rows[index >= 0 ? index : Math.min(Math.max(0, before), rows.length - 1)]?.name ?? null;
  const { jobs } = next.known;
  const marked = [...state.marked].filter((name) => jobs?.has(name) === true);
  return {
    ...next,
    rows,
    chosen,
    marked: marked.length === state.marked.size ? state.marked : new Set(marked),
  };
}

function rowsOf({ known, filter, sort, isReversed }: TopState): readonly WebJob[] {
  const jobs = [...(known.jobs?.values() ?? [])].filter((job) => isShown(job, filter));
  const order = ORDERS[sort];
  const sorted = jobs
    .map((job) => ({ job, rank: order(job) }))
    .toSorted((a, b) => a.rank - b.rank || byInstanceName(a.job.name, b.job.name))
    .map(({ job }) => job);
  return isReversed ? sorted.toReversed() : sorted;
}

/** The lowest comes first; those with the same rank by name. */
const ORDERS: { readonly [Each in Sort]: (job: WebJob) => number } = {
  trouble: urgencyOf,
  name: () => 0,
  cpu: ({ cpuPercent }) => -(cpuPercent ?? -1),
  memory: ({ memoryBytes }) => -(memoryBytes ?? -1),
  up: ({ pid, startedAt }) => (pid === null || startedAt === null ? Infinity : Date.parse(startedAt)),
  restarts: ({ restarts }) => -restarts,
};

/** Scrolls so that the chosen row is visible on a table of this many rows. */
export function scrolled(state: TopState, height: number): TopState {
  const at = Math.max(0, indexOfChosen(state));
  const most = Math.max(0, state.rows.length - height);
  const top = Math.min(most, Math.max(Math.min(state.top, at), at - height + 1));
  return top === state.top ? state : { ...state, top };
}

export const indexOfChosen = ({ rows, chosen }: TopState): number =>
  rows.findIndex(({ name }) => name === chosen);

/** The job of the chosen row. */
export const chosenJob = (state: TopState): WebJob | null => state.rows[indexOfChosen(state)] ?? null;

/** The jobs that a key acts on: those that are marked, or else the chosen one. */
export function meantJobs({ marked, rows, chosen, known }: TopState): readonly string[] {
  if (marked.size > 0) return [...marked].filter((name) => known.jobs?.has(name) === true);
  return rows.some(({ name }) => name === chosen) && chosen !== null ? [chosen] : [];
}

/** The states that jobs are in, the most urgent first. */
export const statesOf = ({ known }: TopState): readonly JobState[] =>
  countsOf(known.jobs?.values() ?? []).map(({ state }) => state);

/** The tags of all jobs, in the order of the alphabet. */
export const tagsOf = ({ known }: TopState): readonly string[] =>
  [...new Set([...(known.jobs?.values() ?? [])].flatMap(({ tags }) => tags))].toSorted();

/** The first visible row of a page, given how many rows it has and how many fit. */
export function pageTop({ top, isFollowing }: ScreenPage, count: number, height: number): number {
  const last = Math.max(0, count - height);
  return isFollowing ? last : Math.min(top, last);
}
