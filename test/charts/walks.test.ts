import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { jobMachine } from '../../machines/job.ts';
import { ChartModel } from '../support/chart-model.ts';
import { isRequest } from '../support/job-happenings.ts';
import type { JobState } from '../support/job-model.ts';
import { JobModel, POLICY } from '../support/job-model.ts';
import { replay } from '../support/job-replay.ts';
import type { Edge, Model } from '../support/model.ts';
import { canReach, hasLoop, walksOver } from '../support/model.ts';

const FAILURE = { detail: 'why' };

describe('the daemon chart', () => {
  const chart = new ChartModel({
    machine: daemonMachine,
    events: { Success: { request: { id: 1, name: 'status' } }, Failure: FAILURE },
  });
  const model = chart.explored();

  test('every arrow is walked on the real host', () => {
    expect(countsOf(model, chart.walked(model))).toEqual({ nodes: 18, edges: 24, walks: 12, steps: 57 });
    expect(chart.transitions).toHaveLength(13);
    expect(untaken(chart.transitions, [model])).toEqual([]);
  });

  test('the daemon can reach Done from everywhere, and only requests go in a circle', () => {
    expect(canReach(model.edges, keysOf(model, isDone)).size).toBe(model.nodes.size);
    expect(hasLoop(model.edges.filter(({ after }) => after.after.value !== 'ReceiveRequest'))).toBe(false);
  });
});

describe.each([
  { mayLaunch: true, counts: { nodes: 78, edges: 96, walks: 31, steps: 362 } },
  { mayLaunch: false, counts: { nodes: 14, edges: 16, walks: 7, steps: 32 } },
])('the client chart, where it may launch a daemon: $mayLaunch', ({ mayLaunch, counts }) => {
  const chart = new ChartModel({
    machine: clientMachine,
    input: { mayLaunch },
    events: { Failure: FAILURE },
  });
  const model = chart.explored();

  test('every arrow is walked on the real host', () => {
    expect(countsOf(model, chart.walked(model))).toEqual(counts);
  });

  test('the client can reach Done from everywhere, and nothing goes in a circle', () => {
    expect(canReach(model.edges, keysOf(model, isDone)).size).toBe(model.nodes.size);
    expect(hasLoop(model.edges.filter(({ label }) => label !== 'Progress'))).toBe(false);
  });
});

test('the client chart has no arrow that neither walk takes', () => {
  const charts = [true, false].map(
    (mayLaunch) =>
      new ChartModel({ machine: clientMachine, input: { mayLaunch }, events: { Failure: FAILURE } }),
  );
  const models = charts.map((chart) => chart.explored());
  expect(charts[0]!.transitions).toHaveLength(24);
  expect(untaken(charts[0]!.transitions, models)).toEqual([]);
});

describe('the job chart', () => {
  /**
   * Jobs of every kind. Each has its policy, another policy that a later config may give it, and the size of
   * its model.
   */
  const scenarios = [
    {
      name: 'plain',
      policy: { maxRestarts: 2 },
      other: { maxRestarts: 2, hasTest: true },
      counts: { nodes: 3409, edges: 81370, kinds: 931, walks: 25, steps: 5797 },
    },
    {
      name: 'tested',
      policy: { hasTest: true },
      other: {},
      counts: { nodes: 1162, edges: 27722, kinds: 927, walks: 19, steps: 3327 },
    },
    {
      name: 'periodic',
      policy: { hasTest: true, testIntervalMs: 60_000, restart: 'on-failure' },
      other: { hasTest: true, restart: 'on-failure' },
      counts: { nodes: 1574, edges: 37921, kinds: 1292, walks: 36, steps: 4751 },
    },
    {
      name: 'ready',
      policy: { hasReady: true, hasDependencies: true, maxRestarts: 1, restart: 'never' },
      other: { hasDependencies: true, maxRestarts: 1 },
      counts: { nodes: 3210, edges: 82366, kinds: 491, walks: 16, steps: 2913 },
    },
    {
      name: 'scheduled',
      policy: { hasSchedule: true, runAtStart: true, restart: 'on-failure', maxRestarts: 1 },
      other: { restart: 'on-failure', maxRestarts: 1 },
      counts: { nodes: 2814, edges: 66214, kinds: 365, walks: 12, steps: 2182 },
    },
    {
      name: 'disabled',
      policy: { isEnabled: false, hasTest: true },
      other: { hasTest: true },
      counts: { nodes: 1496, edges: 35728, kinds: 953, walks: 20, steps: 3882 },
    },
    {
      name: 'checked',
      policy: { hasAlive: true, aliveSpec: 'a', aliveFailures: 2, maxRestarts: 1, restart: 'on-failure' },
      other: { maxRestarts: 1, restart: 'on-failure' },
      counts: { nodes: 1534, edges: 37029, kinds: 351, walks: 10, steps: 1699 },
    },
    {
      name: 'ready and checked',
      policy: { hasReady: true, hasAlive: true, aliveSpec: 'a', aliveFailures: 2 },
      other: { hasAlive: true, aliveSpec: 'b', aliveFailures: 2 },
      counts: { nodes: 866, edges: 21449, kinds: 348, walks: 9, steps: 1255 },
    },
    {
      name: 'limited',
      policy: { maxMemoryBytes: 100, maxRestarts: 1, restart: 'on-failure' },
      other: { hasAlive: true, aliveSpec: 'a', aliveFailures: 1, maxRestarts: 1, restart: 'on-failure' },
      counts: { nodes: 1536, edges: 37850, kinds: 350, walks: 11, steps: 1690 },
    },
    {
      name: 'everything',
      policy: { hasSchedule: true, hasTest: true, hasDependencies: true },
      other: { hasTest: true, hasDependencies: true },
      counts: { nodes: 3086, edges: 80156, kinds: 1102, walks: 29, steps: 4716 },
    },
  ] as const;
  const jobs = scenarios.map(({ name, policy, other, counts }) => {
    const job = new JobModel({ policy: { ...POLICY, ...policy }, other: { ...POLICY, ...other } });
    return { name, job, model: job.explored(), counts };
  });

  test('the job chart has no arrow that is never taken', () => {
    expect(jobs[0]!.job.transitions).toHaveLength(143);
    expect(
      untaken(
        jobs[0]!.job.transitions,
        jobs.map(({ model }) => model),
      ),
    ).toEqual([]);
  });

  test('the job chart has no event that the simulated world never sends', () => {
    const sent = new Set(
      jobs.flatMap(({ job, model }) =>
        model.edges.map(({ label, before }) => job.event(label, before.snapshot).type as string),
      ),
    );
    expect(jobMachine.events.filter((type) => !sent.has(type))).toEqual([]);
  });

  test.each(jobs)(
    'T-4 $name: every invariant holds everywhere, and every kind of arrow is walked for real',
    ({ job, model, counts }) => {
      const edges = model.edges.filter(isStep);
      const kinds = new Map(edges.map((edge) => [kindOf(edge), edge]));
      const walks = walksOver(model, edges, { wanted: [...kinds.values()], longest: 400 });
      for (const walk of walks) replay(job, walk);
      expect({ ...countsOf(model, walks), kinds: kinds.size }).toEqual(counts);
    },
  );

  test.each(jobs)(
    '$name: a crash between keeping a step and performing its effects leads to a known state',
    ({ job, model }) => {
      const steps = new Map(
        model.edges
          .filter(({ after }) => after.effects.length > 0)
          .map((edge) => [`${edge.to} ${edge.label}`, edge]),
      );
      const unknown = [...steps.values()].filter((edge) => !model.nodes.has(job.key(job.lost(edge))));
      expect(unknown.map(({ label, after }) => `${label} → ${JSON.stringify(after.snapshot.value)}`)).toEqual(
        [],
      );
    },
  );

  test.each(jobs)('$name: facts and timers alone bring the job to rest from everywhere', ({ model }) => {
    const edges = model.edges.filter(({ label }) => !isRequest(label));
    expect(canReach(edges, keysOf(model, isAtRest)).size).toBe(model.nodes.size);
  });

  test.each(jobs)('$name: facts and timers alone rid a dying daemon of its child', ({ model }) => {
    const edges = model.edges.filter(({ label }) => !isRequest(label));
    const rid = canReach(
      edges,
      keysOf(model, ({ world }) => world.group === 'none'),
    );
    expect(keysOf(model, ({ world }) => world.isDying).filter((key) => !rid.has(key))).toEqual([]);
  });
});

function countsOf<S>(model: Model<S>, walks: readonly (readonly unknown[])[]): object {
  return {
    nodes: model.nodes.size,
    edges: model.edges.length,
    walks: walks.length,
    steps: walks.reduce((sum, { length }) => sum + length, 0),
  };
}

function untaken(
  transitions: readonly string[],
  models: readonly Model<{ readonly taken: readonly string[] }>[],
): readonly string[] {
  const taken = new Set(
    models.flatMap(({ nodes, edges }) =>
      [...[...nodes.values()].map((state) => state.taken), ...edges.map(({ after }) => after.taken)].flat(),
    ),
  );
  return transitions.filter((id) => !taken.has(id));
}

function keysOf<S>({ nodes }: Model<S>, is: (state: S) => boolean): readonly string[] {
  return [...nodes].filter(([, state]) => is(state)).map(([key]) => key);
}

function isDone({ after }: { readonly after: { readonly value: unknown } }): boolean {
  return after.value === 'Done';
}

/** Whether the event changed the state or took a transition. */
function isStep({ from, to, after }: Edge<JobState>): boolean {
  return from !== to || after.taken.length > 0;
}

/** Edges that do the same in the chart, whatever the numbers around it are. */
function kindOf({ before, label, after }: Edge<JobState>): string {
  return JSON.stringify([before.snapshot.value, label, after.taken, after.effects, after.snapshot.value]);
}

function isAtRest({ snapshot, world }: JobState): boolean {
  return (
    !world.isTesting &&
    [
      { AtRest: 'Down' },
      { AtRest: 'Ended' },
      { AtRest: 'GivenUp' },
      { Up: 'Running' },
      'Gone',
      { Waiting: 'ForTime' },
      { Waiting: 'ForDependencies' },
    ].some((child) => snapshot.matches({ child } as never))
  );
}
