import type { JobContext } from '../../../../machines/job.ts';
import type { StateValueTree } from '../../../plan/active-states.ts';
import type { JobState } from '../../../plan/job-state.ts';
import type { StatelyMessage } from '../stately.ts';

export interface Snapshot {
  readonly status: string;
  readonly value: StateValueTree;
  readonly context: unknown;
}

export interface ChartEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  /** Ids of the states that the event left and entered. */
  readonly left: readonly string[];
  readonly entered: readonly string[];
  /** The row that shows it, once it was drawn. */
  row?: HTMLElement;
}

export interface ShownChart {
  readonly id: string;
  readonly name: string;
  readonly machine: string;
  snapshot: Snapshot;
  /** The job's state as `status` names it; null for the daemon. */
  state: JobState | null;
  /** When the chart last changed its state; null if it has not since the page was opened. */
  since: number | null;
  readonly events: ChartEvent[];
}

export type JobFacts = Pick<JobContext, 'child' | 'restarts' | 'lastExit' | 'startError' | 'backoffMs'>;

export type Message = StatelyMessage;

/** Every chart that the page knows, by the session id of its messages. */
export const charts = new Map<string, ShownChart>();

let chosenId: string | null = null;

/** The chart that is shown. */
export const chosen = (): string | null => chosenId;
export const choose = (id: string): void => {
  chosenId = id;
};

/** The state of a chart in one word: a job's state as in `status`, or the state of the daemon's chart. */
export function stateWord({ machine, snapshot, state }: ShownChart): string {
  if (machine === 'job') return snapshot.status === 'active' ? (state ?? '') : 'removed';
  return typeof snapshot.value === 'string' ? snapshot.value : '';
}
