import type { HookCommands, Job } from '../../../../src/config/config.ts';
import { FleetStage } from '../../../support/fleet-stage.ts';

const on = (...states: (keyof HookCommands)[]): HookCommands =>
  Object.fromEntries(states.map((state) => [state, { exe: `tell-${state}`, args: [] }]));

let stage: FleetStage;
beforeEach(() => (stage = new FleetStage()));

const begun = (): readonly string[] => stage.hooks.map(({ said }) => said);
const web = (job: Partial<Job>): Promise<void> => stage.apply({ web: job });
const kept = (): readonly string[] => [...stage.records.keys()].filter((key) => key.startsWith('hooks:'));

async function end(number: number, how: object = {}): Promise<void> {
  stage.hooks[number]?.end(how);
  await stage.settle();
}

test('a hook is told which state its job has entered, from which, and why', async () => {
  await web({ on: on('running', 'stopped') });
  expect(begun()).toEqual(['web tell-running: starting -> running']);
  const { env } = stage.hooks[0]!;
  expect([env['OVERSEER_DETAIL'], env['OVERSEER_EXIT_CODE'], env['OVERSEER_EXIT_SIGNAL']]).toEqual([
    'after xstate.after.startTime.job.child.Up.Starting.Settling',
    '',
    '',
  ]);
  await end(0);
  expect([stage.log, kept(), stage.fleet.hookFailureOf('web')]).toEqual([[], [], null]);
});

test('a hook is told how the run has ended', async () => {
  await web({ restart: 'never', on: on('finished', 'failed', 'running') });
  stage.exit('web', { code: null, signal: 'SIGBUS' });
  await end(0);
  expect(stage.hooks[1]?.env).toMatchObject({
    OVERSEER_STATE: 'failed',
    OVERSEER_FROM: 'stopping',
    OVERSEER_EXIT_CODE: '',
    OVERSEER_EXIT_SIGNAL: 'SIGBUS',
  });
});

test('a hook of a run that is being stopped is not told how the run before has ended', async () => {
  await web({ on: on('stopping'), backoff: { minMs: 0, maxMs: 0, factor: 1 } });
  await stage.settle(60_000);
  stage.exit('web', { code: 3, signal: null });
  await stage.settle();
  await end(0);
  await stage.settle(5_000);
  expect([stage.hooks[0]?.env['OVERSEER_EXIT_CODE'], stage.states]).toEqual(['3', { web: 'running' }]);
  stage.stubborn.add('web');
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  expect(stage.hooks[1]?.env).toMatchObject({ OVERSEER_STATE: 'stopping', OVERSEER_EXIT_CODE: '' });
});

test('a state without a hook begins none, and neither does a step that stays in its state', async () => {
  await web({ on: on('backoff') });
  await stage.apply({ web: { on: on('backoff', 'running') } });
  expect(begun()).toEqual([]);
});

test('one hook of a job runs at a time, and of the states entered meanwhile the newest is told', async () => {
  await web({ on: on('running', 'stopped', 'stopping') });
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  expect([begun(), stage.states]).toEqual([['web tell-running: starting -> running'], { web: 'stopped' }]);
  await end(0);
  expect(begun().slice(1)).toEqual(['web tell-stopped: stopping -> stopped']);
  await end(1);
  expect(begun().length).toBe(2);
});

test('hooks are counted by their state, and those that fail or are killed as failures', async () => {
  await web({ on: on('running', 'stopped', 'failed') });
  await end(0, { code: 3 });
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  const none = { runs: 0, failures: 0 };
  expect(stage.fleet.hookCountsOf('web')).toEqual({
    running: { runs: 1, failures: 1 },
    stopped: { runs: 1, failures: 0 },
    failed: none,
  });
  await stage.settle(30_000);
  expect(stage.fleet.hookCountsOf('web')['stopped']).toEqual({ runs: 1, failures: 1 });
  await web({ on: on('backoff') });
  expect([stage.fleet.hookCountsOf('web'), stage.fleet.hookCountsOf('none')]).toEqual([
    { backoff: none },
    {},
  ]);
});

test('a hook that fails is told in the log with what it printed, until the next one ends well', async () => {
  await web({ on: on('running', 'stopped') });
  await end(0, { code: 3, output: 'no network' });
  expect(stage.log).toEqual(['web the hook for running failed: it exited with 3; it printed: no network']);
  expect(stage.fleet.hookFailureOf('web')).toEqual({
    state: 'running',
    at: '2026-01-01T00:00:00.001Z',
    detail: 'exited with 3',
  });
  expect(kept()).toEqual(['hooks:web']);
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  await end(1, { output: 'told' });
  expect([stage.log[1], stage.fleet.hookFailureOf('web'), kept()]).toEqual([
    'web the hook for stopped printed: told',
    null,
    [],
  ]);
});

test('a hook that cannot be run has failed too', async () => {
  await web({ on: on('running') });
  await end(0, { code: null, error: 'tell-running: not found' });
  expect(stage.log).toEqual(['web the hook for running failed: it could not run: tell-running: not found']);
});

test('a hook is killed after half a minute', async () => {
  await web({ on: on('running') });
  await stage.settle(29_990);
  expect(stage.story).not.toContain('tell-running is killed');
  await stage.settle(10);
  expect(stage.story).toContain('tell-running is killed');
  expect(stage.log).toEqual(['web the hook for running failed: it was killed after 30 s']);
});

test('a hook has the config that its job had when it entered the state', async () => {
  await web({ on: { running: { exe: 'old', args: [] } } });
  await web({ env: { A: '1' }, on: { running: { exe: 'new', args: [] } } });
  await end(0);
  expect(begun()).toEqual(['web old: starting -> running', 'web new: starting -> running']);
});

test('each copy of a job has hooks of its own', async () => {
  await web({ instances: 2, on: on('running') });
  expect(begun()).toEqual([
    'web@1 tell-running: starting -> running',
    'web@2 tell-running: starting -> running',
  ]);
});

test('a hook that the last daemon left unfinished runs again, and so does the one that waits', async () => {
  await web({ on: on('running', 'stopped') });
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  stage.crash();
  expect(begun().length).toBe(1);
  stage.fleet.resume();
  stage.fleet.resume();
  await stage.settle();
  expect(begun().slice(1)).toEqual(['web tell-running: starting -> running']);
  await end(1);
  expect(begun().slice(2)).toEqual(['web tell-stopped: stopping -> stopped']);
});

test('the hook of a removed job runs to its end, and is then forgotten', async () => {
  await web({ on: on('running') });
  await stage.apply({});
  expect([stage.states, kept()]).toEqual([{}, ['hooks:web']]);
  stage.crash();
  stage.fleet.resume();
  await stage.settle();
  expect(begun().length).toBe(2);
  await end(1, { code: 1 });
  expect([kept(), stage.fleet.hookFailureOf('web')]).toEqual([[], null]);
});

test('a job that comes back before the last hook of the removed one has ended keeps its hooks', async () => {
  await web({ on: on('running') });
  await stage.apply({});
  await web({ on: on('running') });
  await end(0, { code: 1 });
  expect(begun().length).toBe(2);
  await end(1, { code: 2 });
  expect(stage.fleet.hookFailureOf('web')).toMatchObject({ detail: 'exited with 2' });
});

test('the failure of a hook is forgotten with its job', async () => {
  await web({ on: on('running') });
  await end(0, { code: 1 });
  expect([kept(), stage.fleet.hookFailureOf('web')?.detail]).toEqual([['hooks:web'], 'exited with 1']);
  await stage.apply({});
  expect(kept()).toEqual([]);
  await web({});
  expect(stage.fleet.hookFailureOf('web')).toBeNull();
});

test('a record of hooks that cannot be used begins no hook', async () => {
  await web({ on: on('running') });
  const record = stage.records.get('hooks:web') as object;
  stage.records.set('hooks:web', { ...record, value: 'Nowhere' });
  stage.crash();
  stage.fleet.resume();
  await stage.settle();
  expect([begun().length, stage.states]).toEqual([1, { web: 'running' }]);
});

test('the end of a daemon waits for hooks, but not for long, and kills those that go on', async () => {
  await web({ on: on('running') });
  let isOver = false;
  const waits = stage.fleet.finishHooks().then(() => (isOver = true));
  await stage.settle(1_999);
  expect([isOver, stage.story.includes('tell-running is killed')]).toEqual([false, false]);
  await stage.settle(1);
  await waits;
  expect([isOver, stage.story.includes('tell-running is killed'), kept()]).toEqual([
    true,
    true,
    ['hooks:web'],
  ]);
});

test('the end of a daemon does not wait where no hook runs', async () => {
  await web({ on: on('running') });
  await end(0);
  const before = stage.clock.pending;
  await stage.fleet.finishHooks();
  expect([stage.story.includes('tell-running is killed'), stage.clock.pending]).toEqual([false, before]);
});

test('who is in a hurry waits for no hook', async () => {
  await web({ on: on('running') });
  stage.fleet.killAll();
  await stage.fleet.finishHooks();
  expect(stage.story).toContain('tell-running is killed');
});

test('a hook that ends while the daemon waits for it is over with it', async () => {
  await web({ on: on('running') });
  const waits = stage.fleet.finishHooks();
  await end(0);
  await waits;
  expect([stage.story.includes('tell-running is killed'), kept()]).toEqual([false, []]);
});
