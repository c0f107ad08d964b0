import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { hookMachine } from '../../machines/hook.ts';
import { jobMachine } from '../../machines/job.ts';
import { CLIENT_RULES, DAEMON_RULES, HOOK_RULES, JOB_RULES, type Rule } from '../../machines/rules.ts';
import { graphOf } from '../../src/chart/graph.ts';

interface Chart {
  readonly machine: AnyStateMachine;
  readonly rules: readonly Rule[];
  /** How many of its transitions the specification does not name, and have a reason instead. */
  readonly refined: number;
}

const CHARTS: readonly Chart[] = [
  { machine: daemonMachine, rules: DAEMON_RULES, refined: 1 },
  { machine: clientMachine, rules: CLIENT_RULES, refined: 6 },
  { machine: jobMachine, rules: JOB_RULES, refined: 0 },
  { machine: hookMachine, rules: HOOK_RULES, refined: 0 },
];

describe.each(CHARTS)('the $machine.id chart', ({ machine, rules, refined }) => {
  const labels = graphOf(machine).edges.map(({ id, meta }) => ({ id, ...meta }));

  test('each transition says its rule or its reason, and only one of them', () => {
    const strange = labels.filter(
      ({ id: _, ...meta }) =>
        Object.keys(meta).length !== 1 || !/^([DCJH]-\d+|.{20,})$/.test(meta.spec ?? meta.refined ?? ''),
    );
    expect(strange.map(({ id }) => id)).toEqual([]);
  });

  test('the rules of its transitions are all of its rules, and no others', () => {
    const named = new Set(labels.flatMap(({ spec }) => spec ?? []));
    expect([...named].toSorted()).toEqual(rules.map(({ id }) => id).toSorted());
    expect(labels.filter((label) => label.refined !== undefined)).toHaveLength(refined);
  });
});
