import { FleetStage } from '../support/fleet-stage.ts';

let stage: FleetStage;
beforeEach(() => (stage = new FleetStage()));

const JOBS = { web: { after: ['api'] }, api: {} };
const CHANGED = { ...JOBS, api: { env: { A: '1' } } };
const api = () => stage.fleet.get('api')!;
const envOnRecord = () => (stage.records.get('config:api') as { job: { env: object } }).job.env;

/** A change of `api` that waits until `web`, which comes after it, is killed. */
beforeEach(async () => {
  stage.stubborn.add('web');
  await stage.apply(JOBS);
  stage.fleet.takeDown(['web'], 'Stop');
  await stage.apply(CHANGED);
  expect([stage.told().at(-1), stage.fleet.isQueuedToStop(api())]).toEqual(['web gets SIGTERM', true]);
});

test('a change that waits for its turn outlives the daemon', async () => {
  stage.crash();
  stage.fleet.resume();
  await stage.settle();
  expect([stage.told(), api().job.env, api().state]).toEqual([['web gets SIGTERM'], { A: '1' }, 'running']);
  await stage.settle(10_000);
  await stage.settle();
  expect([stage.told(), api().hasOldConfig]).toEqual([
    ['web gets SIGKILL', 'api gets SIGTERM', 'api runs'],
    false,
  ]);
});

test('a job that ends before its change had its turn comes back changed under the next daemon', async () => {
  stage.crash();
  stage.exit('api');
  stage.fleet.resume();
  await stage.settle();
  expect([stage.told(), api().job.env, api().hasOldConfig]).toEqual([
    ['api exits', 'web gets SIGTERM', 'api runs'],
    { A: '1' },
    false,
  ]);
});

test('a job that ends before its change had its turn comes back changed', async () => {
  stage.exit('api');
  // The system tells of nothing else in the same turn.
  await new Promise((resolve) => setImmediate(resolve));
  await stage.settle();
  expect([stage.told(), api().job.env, api().hasOldConfig]).toEqual([
    ['api exits', 'api runs'],
    { A: '1' },
    false,
  ]);
  await stage.settle(10_000);
  await stage.settle();
  expect(stage.told()).toEqual(['web gets SIGKILL']);
});

test('a change that is taken back before its turn is not on record any more', async () => {
  expect(envOnRecord()).toEqual({ A: '1' });
  await stage.apply(JOBS);
  expect([envOnRecord(), stage.fleet.isQueuedToStop(api())]).toEqual([{}, false]);
});

test('a change that is changed again before its turn is on record as it is now', async () => {
  await stage.apply({ ...JOBS, api: { env: { A: '2' } } });
  await stage.settle(10_000);
  await stage.settle();
  expect([envOnRecord(), api().job.env, api().hasOldConfig]).toEqual([{ A: '2' }, { A: '2' }, false]);
});

test('a job that is removed while its change waits is removed also under the next daemon', async () => {
  await stage.apply({});
  stage.crash();
  stage.fleet.resume();
  await stage.settle(10_000);
  await stage.settle();
  expect([stage.alive, [...stage.records.keys()].filter((key) => key.includes('api'))]).toEqual([[], []]);
});
