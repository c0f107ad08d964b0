import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom } from 'xstate';
import type { TraceRecord } from '../../../src/host/trace.ts';
import { PureChart } from '../../support/pure-step.ts';

/** One step of a chart, as the program itself tells it: `daemon Success OpenSocket -> ReceiveRequest`. */
export interface Step {
  readonly event: string;
  readonly from: string;
  readonly to: string;
}

const CLIENT_LINE = /^client (\S+) (\S+) -> (\S+)$/;

/** The steps of the daemons in a trace, those of each daemon apart: each begins by leaving InitHomes. */
export function daemonRuns(trace: string): readonly (readonly Step[])[] {
  const runs = new Map<string, Step[]>();
  for (const line of trace.split('\n').filter((each) => each.startsWith('{"machine":"daemon"'))) {
    const { id, event, before, after } = JSON.parse(line) as TraceRecord;
    if (before === null) runs.set(id, []);
    else
      runs.get(id)?.push({
        event: (event as { readonly type: string }).type,
        from: before.value as string,
        to: after.value as string,
      });
  }
  return [...runs.values()];
}

/** The steps that a client tells on stderr, and what else it says there. */
export function clientSteps(stderr: string): { readonly steps: readonly Step[]; readonly stderr: string } {
  const lines = stderr.split('\n');
  return {
    steps: lines.flatMap((line) => stepOf(line, CLIENT_LINE)),
    stderr: lines.filter((line) => !CLIENT_LINE.test(line)).join('\n'),
  };
}

function stepOf(line: string, form: RegExp): readonly Step[] {
  const [, event, from, to] = form.exec(line) ?? [];
  return event === undefined || from === undefined || to === undefined ? [] : [{ event, from, to }];
}

/**
 * Ids of the transitions that a chart takes for what happened for real. Throws where the chart leads
 * elsewhere than the program went.
 */
export function transitionsTaken<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  steps: readonly Step[],
): readonly string[] {
  if (steps.length === 0) throw new Error(`no step of ${machine.id} was seen`);
  const chart = new PureChart(machine);
  let now = chart.begin(input);
  const taken = [...now.taken];
  for (const { event, from, to } of steps) {
    const before = valueOf(now.after);
    now = chart.step(now.after, { type: event, detail: '' } as unknown as EventFromLogic<M>);
    const after = valueOf(now.after);
    if (before !== from || after !== to)
      throw new Error(`${event}: the program went ${from} -> ${to}, the chart ${before} -> ${after}`);
    taken.push(...now.taken);
  }
  return taken;
}

const valueOf = (snapshot: unknown): string => String((snapshot as AnyMachineSnapshot).value);
