import type { JobState } from '../../plan/job-state.ts';
import { countsOf } from '../../plan/state-order.ts';
import { EVERYTHING, NOTHING_YET } from '../web/jobs-now.ts';
import type { WebAction } from '../web/messages.ts';
import { rowsOf, type RowChoice, type TopRow } from './rows.ts';

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
  /** The text that is looked for; empty for none. */
  readonly find: string;
  /** The row with that text at which the page is. */
  readonly hit: number | null;
}

interface Note {
  readonly text: string;
  readonly isBad: boolean;
}

/** Everything that decides what the screen shows. */
export interface TopState extends RowChoice {
  readonly isReadOnly: boolean;
  readonly rows: readonly TopRow[];
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
  open: new Set(),
  rows: [],
  chosen: null,
  top: 0,
  marked: new Set(),
  isTyping: false,
  page: null,
  ask: null,
  message: null,
});

/** With other jobs, another filter or another order; the same job stays chosen while it is there. */
export function withRows(state: TopState, choice: Partial<RowChoice>): TopState {
  const next = { ...state, ...choice };
  const rows = rowsOf(next);
  const { jobs } = next.known;
  const at = rows.findIndex(({ name }) => name === state.chosen);
  // If the chosen copy has been folded away, the row of its job is chosen.
  const jobOfChosen = jobs?.get(state.chosen ?? '')?.job;
  const index = at >= 0 ? at : rows.findIndex(({ name }) => name === jobOfChosen);
  const before = state.rows.findIndex(({ name }) => name === state.chosen);
  // If that job is gone too, the same position stays chosen.
  const chosen = rows[index >= 0 ? index : Math.min(Math.max(0, before), rows.length - 1)]?.name ?? null;
  const marked = [...state.marked].filter((name) => isThere(next, name));
  return {
    ...next,
    rows,
    chosen,
    marked: marked.length === state.marked.size ? state.marked : new Set(marked),
  };
}

/** Scrolls so that the chosen row is visible on a table of this many rows. */
export function scrolled(state: TopState, height: number): TopState {
  const at = Math.max(0, indexOfChosen(state));
  const most = Math.max(0, state.rows.length - height);
  const top = Math.min(most, Math.max(Math.min(state.top, at), at - height + 1));
  return top === state.top ? state : { ...state, top };
}

export const indexOfChosen = ({ rows, chosen }: TopState): number =>
  rows.findIndex(({ name }) => name === chosen);

/** The chosen row. */
export const chosenRow = (state: TopState): TopRow | null => state.rows[indexOfChosen(state)] ?? null;

/** Whether there is an instance, or a job with copies, of this name. */
const isThere = ({ known: { jobs } }: Pick<RowChoice, 'known'>, name: string): boolean =>
  jobs?.has(name) === true || [...(jobs?.values() ?? [])].some(({ job }) => job === name);

/** The jobs that a key acts on: those that are marked, or else the chosen one. */
export function meantJobs({ marked, rows, chosen, known }: TopState): readonly string[] {
  if (marked.size > 0) return [...marked].filter((name) => isThere({ known }, name));
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
