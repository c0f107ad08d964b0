import type { EarlierChange, ShownStep } from '../../../../../src/cli/inspect/inspected-charts.ts';
import type { JobState } from '../../../../../src/plan/job-state.ts';
import { STATE_TONE } from '../../../../../src/plan/state-tone.ts';
import { NOON } from '../../../../support/viewer-page.ts';

/** What a step of a job's chart may say beside the name of the job. */
interface Told {
  /** Null for the chart as it is. */
  readonly event?: string | null;
  /** Milliseconds from noon on. */
  readonly at?: number;
  readonly state?: JobState;
  readonly child?: object | string;
  readonly test?: object | string;
  readonly taken?: readonly string[];
  readonly status?: string;
  readonly context?: object;
}

const RUNNING = { Up: 'Running' };
export const DOWN = { AtRest: 'Down' };

/** A job that runs, as it is, and what differs. */
export function job(name: string, told: Told = {}): ShownStep {
  const { event = null, at = 0, state = 'running', child = RUNNING, test = { Idle: 'Quiet' } } = told;
  const facts = { child: null, restarts: 0, lastExit: null, startError: null, backoffMs: 0 };
  return {
    at: timeAt(at),
    machine: 'job',
    id: name,
    sessionId: `job:${name}`,
    name,
    event: event === null ? null : { type: event },
    taken: told.taken ?? [],
    snapshot: {
      status: told.status ?? 'active',
      value: { want: 'Yes', test, child },
      context: { ...facts, ...told.context },
    },
    look: { state, words: state, tone: STATE_TONE[state] },
  };
}

/** The step that stops a job. */
export const stopped = (name: string, told: Told = {}): ShownStep =>
  job(name, { event: 'Stop', state: 'stopped', child: DOWN, taken: ['stop'], ...told });

/** The last step of a job. */
export const removed = (name: string, told: Told = {}): ShownStep =>
  job(name, { event: 'Remove', state: 'stopped', child: 'Gone', status: 'stopped', ...told });

export function daemon(pid = '1', event: string | null = null): ShownStep {
  return {
    at: timeAt(0),
    machine: 'daemon',
    id: pid,
    sessionId: `daemon:${pid}`,
    name: 'overseerd',
    event: event === null ? null : { type: event },
    taken: [],
    snapshot: { status: 'active', value: 'Serving', context: {} },
    look: null,
  };
}

/** A change that the daemon remembers: the job was stopped. */
export function earlier(event: string, at: number, more: Partial<EarlierChange> = {}): EarlierChange {
  const [from, to] = ['child.Up.Running want.Yes', 'child.AtRest.Down want.Yes'];
  return { at: timeAt(at), event, from, to, state: 'stopped', detail: '', ...more };
}

export const timeAt = (ms: number): string => new Date(NOON + ms).toISOString();
