import type { Job } from '../../src/config/config.ts';
import { FleetStage } from '../support/fleet-stage.ts';

const WATCHING: Partial<Job> = { watch: ['*.js'] };
const ROLLING: Partial<Job> = { ...WATCHING, rolling: true, instances: 2 };

let stage: FleetStage;

/** A job that has been up for long, one that comes after it and is slow to stop, and a changed file. */
async function changeWhile(request: () => void, web: Partial<Job>): Promise<void> {
  stage = new FleetStage();
  await stage.apply({ web, late: { after: ['web'], stopTimeoutMs: 5_000 } });
  await stage.settle(60_000);
  stage.stubborn.add('late');
  stage.told();
  request();
  await stage.settle();
  stage.watching.get('*.js')?.changed('/home/me/a.js');
  await stage.settle(1_000);
}

test.each([
  ['a job', WATCHING, ['web']],
  ['a rolling job', ROLLING, ['web@1', 'web@2']],
])('a changed file does not take back a stop of %s that waits for its turn', async (_, web, names) => {
  await changeWhile(() => stage.fleet.takeDown(['late', ...names], 'Stop'), web);
  expect(stage.told()).toEqual(['late gets SIGTERM']);
  await stage.settle(5_000);
  await stage.settle();
  expect(stage.alive).toEqual([]);
  expect(names.map((name) => stage.states[name])).toEqual(names.map(() => 'stopped'));
});

test('a changed file does not turn a restart that waits for its turn into a roll', async () => {
  await changeWhile(() => stage.fleet.restart(stage.fleet.all), { ...ROLLING, rolling: false });
  await stage.settle(5_000);
  await stage.settle();
  const told = stage.told();
  expect(told.slice(0, 2)).toEqual(['late gets SIGTERM', 'late gets SIGKILL']);
  expect(told.slice(2).toSorted()).toEqual([
    'late runs',
    'web@1 gets SIGTERM',
    'web@1 runs',
    'web@2 gets SIGTERM',
    'web@2 runs',
  ]);
});
