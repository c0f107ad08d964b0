import type { JobContext } from '../../../../machines/job.ts';
import type { StateValueTree } from '../../../plan/active-states.ts';
import type { Tone } from '../../../plan/state-tone.ts';
import type { EarlierChange, ShownStep } from '../inspected-charts.ts';

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
  /** The state of a job; null for the daemon. */
  look: ShownStep['look'];
  /** When the process of a job last changed its state; null where that is not known. */
  since: number | null;
  readonly events: ChartEvent[];
  /** What the daemon remembers from before, the newest first; null until it is asked for. */
  earlier: readonly EarlierChange[] | null;
}

export type JobFacts = Pick<JobContext, 'child' | 'restarts' | 'lastExit' | 'startError' | 'backoffMs'>;

/** Every chart that the page knows, by the session id of its steps. */
export const charts = new Map<string, ShownChart>();

let chosenId: string | null = null;

/** The chart that is shown. */
export const chosen = (): string | null => chosenId;
export const choose = (id: string): void => {
  chosenId = id;
};

/** The state of a chart in few words: a job's as `status` has it, or the state of the daemon's chart. */
export function stateWords({ machine, snapshot, look }: ShownChart): string {
  if (machine === 'job') return snapshot.status === 'active' ? (look?.words ?? '') : 'removed';
  return typeof snapshot.value === 'string' ? snapshot.value : '';
}

/** The colour of a chart. */
export const toneOfChart = ({ machine, snapshot, look }: ShownChart): Tone =>
  machine === 'job' && snapshot.status !== 'active' ? 'idle' : (look?.tone ?? 'up');
