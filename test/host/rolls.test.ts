import type { Job } from '../../src/config/config.ts';
import { FleetStage } from '../support/fleet-stage.ts';

let stage: FleetStage;
const ROLLING: Partial<Job> = { rolling: true, instances: 3 };

beforeEach(async () => {
  stage = new FleetStage();
  await stage.apply({ web: ROLLING });
  stage.told();
});

const change = (job: Partial<Job> = {}): Promise<void> =>
  stage.apply({ web: { ...ROLLING, env: { A: '1' }, ...job } });
const turn = (name: string): readonly string[] => [`${name} gets SIGTERM`, `${name} runs`];
const ALL = [...turn('web@1'), ...turn('web@2'), ...turn('web@3')];

const copy = (number: number) => {
  const instance = stage.fleet.get(`web@${number}`);
  if (instance === undefined) throw new Error(`no web@${number}`);
  return instance;
};

test('a new config replaces the copies of a rolling job one at a time', async () => {
  await change();
  expect([stage.told(), stage.states]).toEqual([
    ALL,
    { 'web@1': 'running', 'web@2': 'running', 'web@3': 'running' },
  ]);
});

test('without the key all copies are replaced at once', async () => {
  await stage.apply({ web: { instances: 3 } });
  stage.told();
  await stage.apply({ web: { instances: 3, env: { A: '1' } } });
  expect(
    stage
      .told()
      .slice(0, 3)
      .every((each) => each.endsWith('gets SIGTERM')),
  ).toBe(true);
});

test('a copy waits for its turn until the one before it runs', async () => {
  await change({ startMs: 5_000 });
  expect(stage.told()).toEqual(turn('web@1'));
  expect([copy(1).awaitsTurn, copy(2).awaitsTurn, stage.fleet.isSettled(copy(3))]).toEqual([
    false,
    true,
    false,
  ]);
  await stage.settle(5_000);
  expect(stage.told()).toEqual(turn('web@2'));
  await stage.settle(5_000);
  await stage.settle(5_000);
  expect([stage.told(), stage.fleet.isSettled(copy(3))]).toEqual([turn('web@3'), true]);
});

test('a copy that does not come up keeps the others as they are, and is named for that', async () => {
  stage.unlaunchable.set('web@1', { detail: 'no such file', lasting: true });
  await change();
  expect(stage.told()).toEqual(['web@1 gets SIGTERM']);
  expect(stage.alive).toEqual(['web@2', 'web@3']);
  expect([1, 2, 3].map((number) => stage.fleet.rollStoppedBy(copy(number))?.name ?? null)).toEqual([
    null,
    'web@1',
    'web@1',
  ]);
  // The next trigger tries it again.
  stage.unlaunchable.clear();
  await change({ env: { A: '2' } });
  await stage.settle(10_000);
  expect(stage.alive).toEqual(['web@1', 'web@2', 'web@3']);
  expect(stage.fleet.rollStoppedBy(copy(2))).toBeNull();
});

test('a copy that was stopped by hand takes no part in a roll for a new config', async () => {
  stage.fleet.takeDown(['web@2'], 'Stop');
  await stage.settle();
  stage.told();
  await change();
  expect(stage.told()).toEqual([...turn('web@1'), ...turn('web@3')]);
  expect(stage.states['web@2']).toBe('stopped');
});

test('a restart by hand rolls where the job does, or where that is asked for', async () => {
  stage.fleet.restart(stage.fleet.named('web'));
  await stage.settle();
  expect(stage.told()).toEqual(ALL);
  await stage.apply({ web: { instances: 3 } });
  stage.told();
  stage.fleet.restart(stage.fleet.named('web'), { isRolling: true });
  await stage.settle();
  expect(stage.told()).toEqual(ALL);
});

test('a roll of one copy is a restart like any other', async () => {
  await stage.apply({ web: { rolling: true, instances: 1 } });
  stage.told();
  await stage.apply({ web: { rolling: true, instances: 1, env: { A: '1' } } });
  expect(stage.told()).toEqual(turn('web@1'));
});

test('what the copies come after has to be up before a copy is replaced', async () => {
  await stage.apply({ db: {}, web: { ...ROLLING, after: ['db'] } });
  stage.exit('db', { code: 1, signal: null });
  stage.unlaunchable.set('db', { detail: 'gone', lasting: true });
  await stage.settle(1_000);
  stage.told();
  await stage.apply({ db: {}, web: { ...ROLLING, after: ['db'], env: { A: '1' } } });
  expect(stage.told().filter((each) => each.startsWith('web'))).toEqual([]);
  expect(stage.fleet.rollStoppedBy(copy(1))?.name).toBe('db');
});

test('a roll that a daemon left half done is finished by the next one', async () => {
  await change({ startMs: 5_000 });
  stage.told();
  stage.crash();
  stage.fleet.resume();
  await stage.settle(5_000);
  await stage.settle(5_000);
  await stage.settle(5_000);
  expect(stage.told().filter((each) => each.endsWith('gets SIGTERM'))).toEqual([
    'web@2 gets SIGTERM',
    'web@3 gets SIGTERM',
  ]);
});

test('a job that is removed goes although copies that come after it wait for their turn', async () => {
  const web: Partial<Job> = { rolling: true, instances: 2, after: ['db'] };
  await stage.apply({ db: { startMs: 5_000 }, web });
  await stage.settle(5_000);
  stage.fleet.takeDown(['db'], 'Stop');
  await stage.settle();
  stage.exit('web@2');
  await stage.settle(5_000);
  // Until db runs, the first copy waits for the second, and that one for db.
  stage.fleet.restart(stage.fleet.all, { isRolling: false });
  await stage.settle();
  stage.told();
  await stage.apply({ db: { instances: 2, startMs: 2_000 }, web });
  expect([stage.told().filter((each) => each.endsWith('gets SIGTERM')), stage.states]).toEqual([
    ['db gets SIGTERM'],
    { 'db@1': 'starting', 'db@2': 'starting', 'web@1': 'running', 'web@2': 'waiting' },
  ]);
  await stage.settle(5_000);
  expect(stage.states).toEqual({
    'db@1': 'running',
    'db@2': 'running',
    'web@1': 'running',
    'web@2': 'running',
  });
});
