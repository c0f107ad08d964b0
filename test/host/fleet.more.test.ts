import type { HookCommands } from '../../src/config/config.ts';
import { FleetStage } from '../support/fleet-stage.ts';

let stage: FleetStage;
beforeEach(() => (stage = new FleetStage()));

const byName = (name: string) => stage.fleet.get(name)!;
const namesOf = (all: readonly { readonly name: string }[]): readonly string[] => all.map(({ name }) => name);

test('dependents of a job are listed until it is up, also in the short status', async () => {
  stage.verdicts.set('db', 1);
  await stage.apply({ db: { test: { exe: 'true', args: [] } }, web: { after: ['db'] }, lone: {} });
  expect(namesOf(stage.fleet.waitingFor('db'))).toEqual(['web']);
  expect([stage.fleet.waitingFor('lone'), stage.fleet.waitingFor('none')]).toEqual([[], []]);
  expect(stage.fleet.briefStatusesOf(stage.fleet.all).map(({ name, state }) => `${name} ${state}`)).toEqual([
    'db held',
    'lone running',
    'web waiting',
  ]);
  await stage.apply({ db: {}, web: { after: ['db'] }, lone: {} });
  expect(stage.fleet.waitingFor('db')).toEqual([]);
});

test('a job waits for a dependency that is about to stop, which is not shown as down', async () => {
  stage.stubborn.add('web');
  await stage.apply({ db: {}, web: { after: ['db'] }, other: { after: ['db'] } });
  stage.fleet.takeDown(['other'], 'Stop');
  await stage.settle();
  stage.fleet.takeDown(['db', 'web'], 'Stop');
  await stage.settle();
  expect([byName('db').state, namesOf(stage.fleet.leaving(byName('other')))]).toEqual(['running', ['db']]);
  stage.fleet.start(byName('other'));
  await stage.settle();
  expect(byName('other').state).toBe('waiting');
});

test('what is watched is tried again when a child starts, and followed after an exception', async () => {
  const renewed: string[] = [];
  const { files } = stage.world;
  const watch = files.watch.bind(files);
  Object.assign(files, {
    watch: (...words: Parameters<typeof watch>) => ({
      ...watch(...words),
      renew: () => void renewed.push(words[0].globs.join()),
    }),
  });
  await stage.apply({ web: { watch: ['*.js'] } });
  expect(renewed).toEqual(['*.js']);
  stage.exit('web', { code: 1, signal: null });
  await stage.settle(1_000);
  await stage.settle();
  expect([renewed.length, byName('web').state]).toEqual([2, 'running']);
  stage.watching.clear();
  byName('web').within(() => {
    throw new Error('odd');
  });
  await stage.settle(2_000);
  expect(stage.log.some((line) => line.startsWith('job web bug: Error: odd'))).toBe(true);
  await stage.apply({ web: { watch: ['*.ts'] } });
  expect([...stage.watching.keys()]).toEqual(['*.ts']);
  await stage.apply({});
  expect([...stage.watching.keys()]).toEqual([]);
});

test('a snapshot that the chart cannot use is logged whole, and its job begins anew', async () => {
  await stage.apply({ web: {} });
  const key = 'state:web';
  const record = stage.records.get(key) as { readonly context: object };
  stage.records.set(key, { ...record, context: { ...record.context, lastExit: { code: 0, at: 'never' } } });
  stage.log.length = 0;
  stage.crash();
  expect(stage.log).toEqual([
    expect.stringMatching(
      /^state: what was kept of web is of no use \(its lastExit has no moment\), so it begins anew; that was \{"value".*"never"/,
    ),
  ]);
  expect(byName('web').state).not.toBe('running');
});

test('a watched file restarts the copies of a rolling job one at a time, and others at once', async () => {
  const change = async (glob: string): Promise<readonly string[]> => {
    await stage.settle(60_000);
    stage.told();
    stage.watching.get(glob)?.changed('/home/me/a.js');
    await stage.settle(1_000);
    return stage.told();
  };
  await stage.apply({ one: { watch: ['*.one'] }, web: { watch: ['*.js'], rolling: true, instances: 1 } });
  expect(await change('*.one')).toEqual(['one gets SIGTERM', 'one runs']);
  expect(await change('*.js')).toEqual(['web@1 gets SIGTERM', 'web@1 runs']);
  await stage.apply({ lone: {}, web: { watch: ['*.js'], rolling: true, instances: 2, startMs: 5_000 } });
  // Both copies watch the same files; the stage tells the second one.
  expect(await change('*.js')).toEqual(['web@2 gets SIGTERM', 'web@2 runs']);
});

const ON: HookCommands = { running: { exe: 'tell', args: [] }, stopped: { exe: 'say', args: [] } };

test('a hook that waits runs with the config that the job had when it entered the state', async () => {
  await stage.apply({ web: { on: ON } });
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  await stage.apply({ web: { on: { ...ON, stopped: { exe: 'other', args: [] } } } });
  expect(stage.hooks.map(({ said }) => said)).toEqual(['web tell: starting -> running']);
  const kept = stage.records.get('hooks:web') as { readonly nextJob?: unknown };
  expect(kept.nextJob).toBeUndefined();
  stage.hooks[0]?.end();
  await stage.settle();
  expect(stage.hooks.map(({ said }) => said).at(-1)).toBe('web say: stopping -> stopped');
});

test('the config of each hook that runs and waits outlives the daemon', async () => {
  await stage.apply({ web: { on: ON } });
  await stage.apply({ web: { on: { ...ON, stopped: { exe: 'other', args: [] } } } });
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  expect(stage.records.get('hooks:web')).toMatchObject({
    job: { on: ON },
    nextJob: { on: { stopped: { exe: 'other', args: [] } } },
  });
  stage.hooks.length = 0;
  stage.crash();
  stage.fleet.resume();
  await stage.settle();
  expect(stage.hooks.map(({ said }) => said)).toEqual(['web tell: starting -> running']);
  stage.hooks[0]?.end();
  await stage.settle();
  expect(stage.hooks.map(({ said }) => said).at(-1)).toBe('web other: stopping -> stopped');
  stage.hooks.at(-1)?.end();
  await stage.settle();
  expect(stage.records.has('hooks:web')).toBe(false);
});

test('a kill of all forgets what was queued, so that nothing is stopped or started later', async () => {
  stage.stubborn.add('web');
  await stage.apply({ db: {}, web: { after: ['db'] } });
  stage.fleet.restart([byName('db'), byName('web')]);
  await stage.settle();
  stage.fleet.killAll();
  await stage.settle(60_000);
  await stage.settle();
  expect([stage.alive, stage.fleet.isQueuedToStop(byName('db'))]).toEqual([[], false]);
});

test('a job that comes after another one only now is put in its new order', async () => {
  await stage.apply({ db: {}, web: {} });
  stage.told();
  await stage.apply({ db: {}, web: { after: ['db'] } });
  expect(stage.told()).toEqual([]);
  stage.fleet.takeDown(['db', 'web'], 'Stop');
  await stage.settle();
  expect(stage.told()).toEqual(['web gets SIGTERM', 'db gets SIGTERM']);
});

test('a change of a change that still waits for its turn replaces the child once', async () => {
  stage.stubborn.add('web');
  await stage.apply({ db: {}, web: { after: ['db'] } });
  stage.told();
  await stage.apply({ db: { env: { A: '1' } }, web: { after: ['db'], env: { A: '1' } } });
  await stage.apply({ db: { env: { A: '2' } }, web: { after: ['db'], env: { A: '2' } } });
  await stage.settle(10_000);
  await stage.settle();
  expect(stage.told()).toEqual([
    'web gets SIGTERM',
    'web gets SIGKILL',
    'db gets SIGTERM',
    'db runs',
    'web runs',
  ]);
});
