import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { AnyStateMachine } from 'xstate';
import { initialTransition, transition } from 'xstate';
import { clientMachine } from '../../../machines/client.ts';
import { daemonMachine } from '../../../machines/daemon.ts';
import { jobMachine } from '../../../machines/job.ts';
import type { TraceRecord } from '../../../src/host/trace.ts';

const MACHINES: Readonly<Record<TraceRecord['machine'], AnyStateMachine>> = {
  daemon: daemonMachine,
  client: clientMachine,
  job: jobMachine,
};

/**
 * Takes every step of a trace again with the charts: what ran must be what is drawn. Returns the number of
 * steps of each chart.
 */
export function conforms(path: string): Readonly<Record<TraceRecord['machine'], number>> {
  const counts = { client: 0, daemon: 0, job: 0 };
  if (!existsSync(path)) return counts;
  // A process that was killed may have left half a line.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) {
    const record = JSON.parse(line) as TraceRecord;
    take(record);
    counts[record.machine] += 1;
  }
  return counts;
}

function take({ machine, id, event, before, after, effects }: TraceRecord): void {
  const chart = MACHINES[machine];
  const [snapshot, asked] =
    before === null
      ? initialTransition(chart, inputOf(after) as never)
      : transition(chart, chart.resolveState(before as never), event as never);
  const performed = asked.map(({ type }) => type).filter((type) => !type.startsWith('xstate.'));
  const again = JSON.parse(
    JSON.stringify({ value: snapshot.value, context: snapshot.context, effects: performed }),
  ) as object;
  const was = { ...after, effects };
  if (isDeepStrictEqual(again, was)) return;
  const told = [
    `${machine} ${id}: ${JSON.stringify(event)} on ${JSON.stringify(before)}`,
    `ran to   ${JSON.stringify(was)}`,
    `is drawn ${JSON.stringify(again)}`,
  ];
  throw new Error(told.join('\n'));
}

/** What a chart began with is in its first context. */
function inputOf({ context }: TraceRecord['after']): unknown {
  return context;
}
