import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { AnyStateMachine } from 'xstate';
import { initialTransition, transition } from 'xstate';
import { daemonMachine } from '../../../machines/daemon.ts';
import { jobMachine } from '../../../machines/job.ts';
import type { TraceRecord } from '../../../src/daemon/trace.ts';

const MACHINES: Readonly<Record<TraceRecord['machine'], AnyStateMachine>> = { daemon: daemonMachine, job: jobMachine };

/** Takes every step of a daemon's trace again by the charts: what ran must be what is drawn. Returns how many steps there were. */
export function conforms(path: string): number {
  if (!existsSync(path)) return 0;
  // A daemon that was killed may have left half a line.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  for (const line of lines) take(JSON.parse(line) as TraceRecord);
  return lines.length;
}

function take({ machine, id, event, before, after, effects }: TraceRecord): void {
  const chart = MACHINES[machine];
  const [snapshot, asked] =
    before === null
      ? initialTransition(chart, inputOf(after) as never)
      : transition(chart, chart.resolveState(before as never), event as never);
  const performed = asked.map(({ type }) => type).filter((type) => !type.startsWith('xstate.'));
  const again = JSON.parse(JSON.stringify({ value: snapshot.value, context: snapshot.context, effects: performed })) as object;
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
