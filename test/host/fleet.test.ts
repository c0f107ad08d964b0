import { FleetStage } from '../support/fleet-stage.ts';

let stage: FleetStage;
beforeEach(() => (stage = new FleetStage()));

const CHAIN = { web: { after: ['api'] }, api: { after: ['db'] }, db: {} };
const byName = (name: string) => stage.fleet.get(name)!;

test('jobs start after those that they come after, and stop before them', async () => {
  await stage.apply(CHAIN);
  expect([stage.told(), stage.states]).toEqual([
    ['db runs', 'api runs', 'web runs'],
    { api: 'running', db: 'running', web: 'running' },
  ]);
  stage.fleet.takeDown(['db', 'api', 'web'], 'Stop');
  await stage.settle();
  expect([stage.told(), stage.alive, stage.states]).toEqual([
    ['web gets SIGTERM', 'api gets SIGTERM', 'db gets SIGTERM'],
    [],
    { api: 'stopped', db: 'stopped', web: 'stopped' },
  ]);
});

test('a second trigger with the same config touches no child', async () => {
  await stage.apply(CHAIN);
  stage.told();
  await stage.apply(CHAIN);
  expect([stage.told(), stage.fleet.all.every((each) => stage.fleet.isSettled(each))]).toEqual([[], true]);
});

test('a slow stop delays the stop of the job’s dependencies until it is killed', async () => {
  stage.stubborn.add('api');
  await stage.apply(CHAIN);
  stage.told();
  stage.fleet.takeDown(['db', 'api'], 'Stop');
  await stage.settle(9_000);
  expect([stage.told(), byName('db').state, stage.fleet.isQueuedToStop(byName('db'))]).toEqual([
    ['api gets SIGTERM'],
    'running',
    true,
  ]);
  await stage.settle(1_000);
  await stage.settle();
  expect([stage.told(), stage.alive, byName('api').killedRun]).toEqual([
    ['api gets SIGKILL', 'db gets SIGTERM'],
    ['web'],
    1,
  ]);
});

test('a changed key restarts only its own child, and only if the child sees that key', async () => {
  await stage.apply(CHAIN);
  const before = byName('db').snapshot.context.child?.pid;
  stage.told();
  await stage.apply({ ...CHAIN, db: { stopTimeoutMs: 5 } });
  expect([stage.told(), byName('db').snapshot.context.child?.pid]).toEqual([[], before]);
  await stage.apply({ ...CHAIN, web: { ...CHAIN.web, env: { A: '1' } } });
  expect(stage.told()).toEqual(['web gets SIGTERM', 'web runs']);
});

test('a job that the config no longer names goes, and nothing of it is kept', async () => {
  await stage.apply(CHAIN);
  stage.told();
  await stage.apply({ api: CHAIN.api, db: {} });
  expect([stage.told(), stage.forgotten, stage.fleet.get('web')]).toEqual([
    ['web gets SIGTERM'],
    ['web'],
    undefined,
  ]);
  expect([...stage.records.keys()].filter((key) => key.includes('web'))).toEqual([]);
  expect([...stage.records.keys()].some((key) => key.includes('api'))).toBe(true);
});

test('a removal that waits for its turn outlives the daemon', async () => {
  stage.stubborn.add('web');
  await stage.apply(CHAIN);
  await stage.apply({ db: {} });
  expect([byName('api').state, stage.fleet.isBeingRemoved(byName('api'))]).toEqual(['running', true]);
  expect(stage.fleet.isBeingRemoved(byName('db'))).toBe(false);
  stage.crash();
  stage.fleet.resume();
  await stage.settle(20_000);
  await stage.settle();
  expect([stage.states, stage.alive, stage.forgotten]).toEqual([{ db: 'running' }, ['db'], ['web', 'api']]);
});

test('a job that is named again before it was removed stays', async () => {
  stage.stubborn.add('web');
  await stage.apply({ web: {} });
  await stage.apply({});
  expect(byName('web').state).toBe('stopping');
  await stage.apply({ web: {} });
  await stage.settle(10_000);
  await stage.settle();
  expect([stage.states, stage.forgotten, stage.told()]).toEqual([
    { web: 'running' },
    [],
    ['web runs', 'web gets SIGTERM', 'web gets SIGKILL', 'web runs'],
  ]);
});

test('a daemon that comes back adopts what runs, and hears of what has ended meanwhile', async () => {
  await stage.apply({ ...CHAIN, lone: {} });
  stage.told();
  stage.crash();
  expect(stage.states).toEqual({ api: 'running', db: 'running', lone: 'running', web: 'running' });
  stage.exit('lone', { code: 3, signal: null });
  stage.fleet.resume();
  stage.fleet.resume();
  await stage.settle();
  expect([stage.told(), stage.alive]).toEqual([
    ['lone exits', 'lone runs'],
    ['api', 'db', 'lone', 'web'],
  ]);
  stage.exit('db');
  await stage.settle(1_000);
  await stage.settle(1_000);
  expect(stage.told()).toEqual(['db exits', 'db runs']);
});

test('a job that was stopped by hand stays so over triggers and daemons, until it is started', async () => {
  await stage.apply(CHAIN);
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  stage.told();
  await stage.apply(CHAIN);
  stage.crash();
  await stage.apply(CHAIN);
  expect([stage.told(), byName('web').state, byName('web').isStoppedByHand]).toEqual([[], 'stopped', true]);
  stage.fleet.start(byName('web'));
  await stage.settle();
  expect([stage.told(), byName('web').state]).toEqual([['web runs'], 'running']);
});

test('a start takes back a stop that waits for its turn', async () => {
  stage.stubborn.add('web');
  await stage.apply(CHAIN);
  stage.fleet.takeDown(['db', 'web', 'api'], 'Stop');
  await stage.settle();
  stage.fleet.start(byName('db'));
  await stage.settle(11_000);
  await stage.settle();
  expect(stage.states).toEqual({ api: 'stopped', db: 'running', web: 'stopped' });
});

test('a restart takes all down before the first of them starts again', async () => {
  await stage.apply(CHAIN);
  stage.told();
  stage.fleet.restart([byName('db'), byName('api'), byName('web')]);
  await stage.settle();
  await stage.settle();
  expect(stage.told()).toEqual([
    'web gets SIGTERM',
    'api gets SIGTERM',
    'db gets SIGTERM',
    'db runs',
    'api runs',
    'web runs',
  ]);
});

test('the end of the daemon stops all in reverse, and the next one starts them again', async () => {
  await stage.apply(CHAIN);
  stage.fleet.takeDown(['api', 'db', 'web'], 'Die');
  await stage.settle();
  stage.told();
  expect(stage.alive).toEqual([]);
  stage.crash();
  await stage.apply({ ...CHAIN, db: { env: { A: '1' } } });
  await stage.settle();
  expect(stage.told()).toEqual(['db runs', 'api runs', 'web runs']);
});

test('all are killed at once where there is no time left', async () => {
  stage.stubborn.add('db');
  await stage.apply(CHAIN);
  stage.told();
  stage.fleet.takeDown(['api', 'db', 'web'], 'Die');
  stage.fleet.killAll();
  await stage.settle();
  expect([stage.alive, stage.told().filter((each) => each.endsWith('SIGKILL')).length]).toEqual([[], 3]);
});

test('a job whose test says no is held, and what comes after it waits', async () => {
  stage.verdicts.set('db', 1);
  const test = { exe: 'true', args: [] };
  await stage.apply({ ...CHAIN, db: { test } });
  expect([stage.states, stage.alive]).toEqual([{ api: 'waiting', db: 'held', web: 'waiting' }, []]);
  expect(stage.fleet.unmet(byName('api')).map(({ other, is }) => `${other.name} ${is}`)).toEqual(['db up']);
  expect(stage.fleet.statusesOf([byName('api')])[0]?.outlook).toEqual({
    kind: 'blocked',
    by: [{ name: 'db', state: 'held', exit: null, startError: null }],
  });
  stage.verdicts.set('db', 0);
  await stage.apply({ ...CHAIN, db: { test } });
  expect(stage.alive).toEqual(['api', 'db', 'web']);
});

test('a one-shot counts when it has finished with success, and not before', async () => {
  const jobs = { web: { after: ['setup'] }, setup: { restart: 'never' } } as const;
  await stage.apply(jobs);
  expect(stage.states).toEqual({ setup: 'running', web: 'waiting' });
  stage.exit('setup', { code: 1, signal: null });
  await stage.settle();
  expect(stage.states).toEqual({ setup: 'failed', web: 'waiting' });
  stage.fleet.start(byName('setup'));
  await stage.settle();
  stage.exit('setup');
  await stage.settle();
  expect(stage.states).toEqual({ setup: 'finished', web: 'running' });
});

test('copies are added and taken away without touching the others', async () => {
  await stage.apply({ web: { instances: 2 } });
  stage.told();
  await stage.apply({ web: { instances: 3 } });
  await stage.apply({ web: { instances: 1 } });
  expect([stage.told().toSorted(), stage.alive]).toEqual([
    ['web@2 gets SIGTERM', 'web@3 gets SIGTERM', 'web@3 runs'],
    ['web@1'],
  ]);
});

test('while the disk refuses a record no program is let run, and it runs when there is room', async () => {
  stage.refusal = Object.assign(new Error('ENOSPC: no room'), { code: 'ENOSPC', syscall: 'write' });
  await stage.apply({ web: {} });
  expect([stage.told(), stage.alive]).toEqual([[], []]);
  stage.refusal = null;
  await stage.settle(2_000);
  await stage.settle(2_000);
  expect([stage.alive, byName('web').state]).toEqual([['web'], 'running']);
});

test('a record that cannot be used is reported, and its job begins in its initial state', async () => {
  await stage.apply({ web: {} });
  const [key] = [...stage.records.keys()].filter((each) => each.startsWith('state:'));
  stage.records.set(key!, { value: 'Nowhere' });
  stage.log.length = 0;
  stage.crash();
  expect(stage.log).toEqual([
    'state: the record of web cannot be used, its snapshot lacks what a job has; ' +
      'the next trigger begins it anew',
  ]);
});
