import type { AnyStateMachine, StateValue } from 'xstate';
import type { Kept, Step } from './chart-host.ts';

/** One recorded step of a chart, with all that is needed to compute it again and compare. */
export interface TraceRecord {
  readonly machine: 'daemon' | 'client' | 'job';
  readonly id: string;
  readonly event: unknown;
  /** Null for the first step. */
  readonly before: Kept | null;
  readonly after: Kept;
  readonly effects: readonly string[];
}

/** Called with every step of every chart. */
export type Trace = (record: TraceRecord) => void;

/** `{ want: 'Yes', child: { Up: 'Running' } }` as `want.Yes child.Up.Running`. */
export function configurationInWords(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, inner]) => (inner === undefined ? key : `${key}.${configurationInWords(inner)}`))
    .join(' ');
}

/** A step as a record of the trace. */
export function traceRecord<M extends AnyStateMachine>(
  machine: TraceRecord['machine'],
  id: string,
  step: Step<M>,
): TraceRecord {
  const kept = (snapshot: Kept): Kept => ({ value: snapshot.value, context: snapshot.context });
  const { event, before, after, effects } = step;
  return {
    machine,
    id,
    event,
    before: before === null ? null : kept(before as Kept),
    after: kept(after as Kept),
    effects,
  };
}
