import type { JobEvent } from '../../../machines/job.ts';
import { jobMachine, needsAnotherRun } from '../../../machines/job.ts';
import type { Job } from '../../../src/config/config.ts';
import { ChartHost } from '../../../src/host/chart-host.ts';
import type { ConfigDiff, KnownInstance, TestOutcome } from '../../../src/plan/decide.ts';
import { decide, isHeldByConfig } from '../../../src/plan/decide.ts';
import { childSpec, differences } from '../../../src/plan/differences.ts';
import { hasChild, jobState } from '../../../src/plan/job-state.ts';
import { policyOf } from '../../../src/plan/policy.ts';
import { reasonFacts } from '../../../src/plan/reason-facts.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const job: Job = { ...LEAST_JOB, command: { exe: 'node', args: ['server.js'] }, cwd: '/home/ann' };

const nothing: ConfigDiff = { childKeys: [], otherKeys: [], needsAnotherRun: false };

const down: KnownInstance = {
  state: 'held',
  isUp: false,
  isStoppedByHand: false,
  isStartedByHand: false,
  hasEnded: false,
};

const up: KnownInstance = {
  state: 'running',
  isUp: true,
  isStoppedByHand: false,
  isStartedByHand: false,
  hasEnded: false,
};

test.each<[string, KnownInstance | null, ConfigDiff | null, TestOutcome, string]>([
  ['a new job starts', null, nothing, 'no-test', 'start new'],
  ['a new job whose test passes starts', null, nothing, 'pass', 'start new'],
  ['a new job whose test fails does not start', null, nothing, 'fail', 'none test-failed'],
  ['a new job whose test says nothing does not start', null, nothing, 'unknown', 'none test-unknown'],
  ['a job that is no longer named is removed', up, null, 'no-test', 'remove removed'],
  ['a running job that has not changed is left alone', up, nothing, 'pass', 'none unchanged'],
  ['a running job whose test fails is stopped', up, nothing, 'fail', 'stop test-failed'],
  ['a running job whose test says nothing is left alone', up, nothing, 'unknown', 'none test-unknown'],
  [
    'a running job whose command has changed is restarted',
    up,
    { ...nothing, childKeys: ['job_command'] },
    'pass',
    'restart changed',
  ],
  [
    'a changed job whose test says nothing runs on',
    up,
    { ...nothing, childKeys: ['job_command'] },
    'unknown',
    'none test-unknown',
  ],
  [
    'a running job whose policy has changed is updated',
    up,
    { ...nothing, otherKeys: ['restart'] },
    'no-test',
    'update changed',
  ],
  ['a held job whose test passes starts', down, nothing, 'pass', 'start test-passed'],
  [
    'a held job whose test was taken out of its config starts',
    down,
    { ...nothing, otherKeys: ['test_command'] },
    'no-test',
    'start changed',
  ],
  [
    'a held job whose test was changed to one that passes starts',
    down,
    { ...nothing, otherKeys: ['test_command'] },
    'pass',
    'start test-passed',
  ],
  ['a failed job gets a fresh start', { ...down, state: 'failed' }, nothing, 'no-test', 'start not-running'],
  [
    'a failed job whose command was mended starts',
    { ...down, state: 'failed' },
    { ...nothing, childKeys: ['cwd'] },
    'no-test',
    'start changed',
  ],
  [
    'a finished job stays finished',
    { ...down, state: 'finished', hasEnded: true },
    nothing,
    'no-test',
    'none unchanged',
  ],
  [
    'a finished job whose program changed runs again',
    { ...down, state: 'finished', hasEnded: true },
    { ...nothing, needsAnotherRun: true },
    'no-test',
    'start changed',
  ],
  ['a waiting job waits on', { ...down, state: 'waiting' }, nothing, 'no-test', 'none unchanged'],
  [
    'a job stopped by hand stays stopped',
    { ...down, state: 'stopped', isStoppedByHand: true },
    nothing,
    'pass',
    'none by-hand',
  ],
  ['a new job that is disabled does not start', null, nothing, 'disabled', 'none new'],
  [
    'a running job that is disabled now is stopped',
    up,
    { ...nothing, otherKeys: ['enabled'] },
    'disabled',
    'stop changed',
  ],
  ['a disabled job stays down', down, nothing, 'disabled', 'none unchanged'],
  [
    'a disabled job whose command has changed stays down',
    down,
    { ...nothing, childKeys: ['cwd'] },
    'disabled',
    'update changed',
  ],
  [
    'a job that is enabled again starts, and that is the reason',
    down,
    { ...nothing, otherKeys: ['enabled'] },
    'pass',
    'start changed',
  ],
  [
    'a disabled job whose command has changed while it runs is stopped',
    up,
    { ...nothing, childKeys: ['cwd'] },
    'disabled',
    'stop changed',
  ],
  ['a held job whose test fails again stays held', down, nothing, 'fail', 'none test-failed'],
  [
    'a held job whose policy has changed and whose test fails is updated',
    down,
    { ...nothing, otherKeys: ['restart'] },
    'fail',
    'update changed',
  ],
  ['a held job whose test says nothing stays held', down, nothing, 'unknown', 'none test-unknown'],
  [
    'a held job whose command has changed and whose test says nothing is updated',
    down,
    { ...nothing, childKeys: ['cwd'] },
    'unknown',
    'update changed',
  ],
  [
    'a failed job whose test passes starts since it was not running',
    { ...down, state: 'failed' },
    nothing,
    'pass',
    'start not-running',
  ],
  [
    'a failed job whose policy has changed starts since it was not running',
    { ...down, state: 'failed' },
    { ...nothing, otherKeys: ['restart'] },
    'pass',
    'start not-running',
  ],
  [
    'a held job that has no test any more starts since it was not running',
    down,
    nothing,
    'no-test',
    'start not-running',
  ],
  [
    'a waiting job whose command has changed is updated',
    { ...down, state: 'waiting' },
    { ...nothing, childKeys: ['cwd'] },
    'pass',
    'update changed',
  ],
  [
    'a finished job whose policy has changed is updated',
    { ...down, state: 'finished', hasEnded: true },
    { ...nothing, otherKeys: ['restart'] },
    'no-test',
    'update changed',
  ],
  [
    'a job stopped by hand whose command has changed is updated',
    { ...down, state: 'stopped', isStoppedByHand: true },
    { ...nothing, childKeys: ['cwd'] },
    'pass',
    'update changed',
  ],
])('%s', (_, known, asked, test, expected) => {
  const { action, reason } = decide(known, asked, test);
  expect(`${action} ${reason}`).toBe(expected);
});

test('the config holds a disabled job down, unless somebody has started or stopped it by hand', () => {
  const byHand = [up, { ...up, isStartedByHand: true }, { ...down, isStoppedByHand: true }, null];
  expect(byHand.map((known) => isHeldByConfig(known, false))).toEqual([true, false, false, true]);
  expect(byHand.map((known) => isHeldByConfig(known, true))).toEqual([false, false, false, false]);
});

test('the cause of a change is said in one clause, in a plan as in a report', () => {
  const asked = { ...nothing, childKeys: ['cwd'], otherKeys: ['test_command'] };
  const context = { asked, test: 'exited with 1', unhealthy: null };
  expect(reasonFacts('changed', context)).toEqual([{ kind: 'keysChanged', keys: ['cwd', 'test_command'] }]);
  expect(reasonFacts('test-failed', context)).toEqual([{ kind: 'tested', detail: 'exited with 1' }]);
  expect(reasonFacts('test-unknown', { ...context, test: null })).toEqual([]);
  expect(reasonFacts('by-hand', context)).toEqual([{ kind: 'stoppedByHand' }]);
  expect(reasonFacts('removed', { ...context, asked: null })).toEqual([]);
});

test('a job that was down for its health says so where it is started again', () => {
  const context = { asked: nothing, test: null };
  const alive = { by: 'alive', detail: 'no answer' } as const;
  const memory = { by: 'memory', bytes: 140, maxBytes: 100 } as const;
  expect(reasonFacts('not-running', { ...context, unhealthy: null })).toEqual([]);
  expect(reasonFacts('not-running', { ...context, unhealthy: alive })).toEqual([
    { kind: 'unhealthy', why: 'no answer' },
  ]);
  expect(reasonFacts('not-running', { ...context, unhealthy: memory })).toEqual([
    { kind: 'overMemory', bytes: 140, maxBytes: 100 },
  ]);
  expect(reasonFacts('unchanged', { ...context, unhealthy: alive })).toEqual([]);
});

describe('the forecast and the chart', () => {
  const facts = { at: 'now', detail: '', output: '', exitCode: 0 };

  const spawned = (run: number): JobEvent => ({
    type: 'Spawned',
    run,
    pid: 7,
    start: '1',
    boot: 'b',
    at: 'now',
  });

  const exited = (run: number, code: number): JobEvent[] => [
    { type: 'ChildExited', run, code, signal: null, at: 'now' },
    { type: 'GroupGone', run },
  ];

  const verdicts = { pass: 'TestPassed', fail: 'TestFailed', unknown: 'TestUnknown' } as const;

  /** Ways to where a job may be when the trigger comes; each begins after its first start. */
  const ways: Record<string, { readonly job?: Partial<Job>; readonly events: readonly JobEvent[] }> = {
    starting: { events: [spawned(1)] },
    crashed: { events: [spawned(1), ...exited(1, 3)] },
    failed: { events: [{ type: 'SpawnFailed', run: 1, lasting: true, detail: 'gone' }] },
    finished: { job: { restart: 'never' }, events: [spawned(1), ...exited(1, 0)] },
    disabled: { job: { enabled: false }, events: [] },
    'disabled and started by hand': {
      job: { enabled: false },
      events: [{ type: 'Start' }, { type: 'TestPassed', test: 1, ...facts }, spawned(1)],
    },
    'stopped by hand': { events: [spawned(1), { type: 'Stop' }, { type: 'GroupGone', run: 1 }] },
  };

  const edits: Record<string, Partial<Job>> = {
    nothing: {},
    command: { cwd: '/elsewhere' },
    policy: { stopTimeoutMs: 1 },
    enabling: { enabled: true },
    disabling: { enabled: false },
  };

  const cases = Object.keys(ways).flatMap((way) =>
    Object.keys(edits).flatMap((edit) =>
      (['no-test', 'pass', 'fail', 'unknown'] as const).map((says) => [way, edit, says] as const),
    ),
  );

  test.each(cases)(
    'forecast and chart agree on a job that is %s when %s changes and its test says %s',
    (way, edit, says) => {
      const effects: string[] = [];
      const host = new ChartHost({
        machine: jobMachine,
        clock: new FakeClock(),
        keep: () => undefined,
        perform: (effect) => effects.push(effect),
      });
      const test = says === 'no-test' ? null : { exe: 'true', args: [] };
      const before: Job = { ...job, ...ways[way]?.job, test };
      host.begin({ name: 'web', policy: policyOf(before), spec: childSpec(before) });
      host.post({ type: 'Apply', policy: policyOf(before), spec: childSpec(before) });
      if (test !== null) host.post({ type: 'TestPassed', test: 1, ...facts });
      for (const event of ways[way]?.events ?? []) host.post(event);

      const { snapshot } = host;
      const after: Job = { ...before, ...edits[edit] };
      const { child } = snapshot.value;
      const isUp = hasChild({ child });
      const isStoppedByHand = typeof snapshot.value.want === 'object' && snapshot.value.want.No === 'ByHand';
      const asked = {
        ...differences(before, after),
        needsAnotherRun: needsAnotherRun(snapshot.context, {
          policy: policyOf(after),
          spec: childSpec(after),
        }),
      };
      const known: KnownInstance = {
        state: jobState(snapshot),
        isUp,
        isStoppedByHand,
        isStartedByHand: snapshot.value.want === 'Yes' && !before.enabled,
        hasEnded: snapshot.matches({ child: { AtRest: 'Ended' } }),
      };
      const outcome = isHeldByConfig(known, after.enabled) ? 'disabled' : isStoppedByHand ? 'no-test' : says;
      const forecast = decide(known, asked, outcome);

      effects.length = 0;
      host.post({ type: 'Apply', policy: policyOf(after), spec: childSpec(after) });
      if (host.snapshot.value.test === 'Testing')
        host.post({ type: verdicts[says as 'pass'], test: host.snapshot.context.test, ...facts });
      const stopped = effects.includes('stopGroup');
      if (stopped) host.post({ type: 'GroupGone', run: host.snapshot.context.run });
      if (stopped && host.snapshot.value.test === 'Testing')
        host.post({ type: 'TestPassed', test: host.snapshot.context.test, ...facts });
      const started = effects.includes('spawnChild');
      const actual = started ? (stopped ? 'restart' : 'start') : stopped ? 'stop' : 'nothing';
      expect(actual).toBe(
        forecast.action === 'update' || forecast.action === 'none' ? 'nothing' : forecast.action,
      );
    },
  );
});
