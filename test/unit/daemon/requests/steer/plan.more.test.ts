import type { Job } from '../../../../../src/config/config.ts';
import { RequestsStage, soon } from '../../../../support/requests-stage.ts';

const TEST = { test: { exe: 'test', args: [] } };
type Jobs = Readonly<Record<string, Partial<Job>>>;

let stage: RequestsStage;
beforeEach(() => (stage = new RequestsStage()));

const request = (jobs: Jobs) => {
  stage.configs.set('/c', jobs);
  return { configDir: '/c', allowEmpty: true };
};
const plan = (jobs: Jobs): Promise<unknown> => stage.report({ name: 'plan', ...request(jobs) });
const trigger = (jobs: Jobs): Promise<unknown> =>
  stage.report({ name: 'apply', wait: true, ...request(jobs) });
const begin = (jobs: Jobs) => stage.asking({ name: 'apply', wait: true, ...request(jobs) });

test('a new job that waits for its time is planned as that, and one that runs at start is not', async () => {
  const cron = { schedule: '0 3 * * *', restart: 'never' } as const;
  expect(await plan({ cron, first: { ...cron, runAtStart: true } })).toEqual([
    true,
    ['cron', 'start', 'new', 'waiting'],
    ['first', 'start', 'new', 'stopped'],
  ]);
});

test('a change of one copy, or without the key, is not planned one at a time', async () => {
  const changed = { kind: 'keysChanged', keys: ['env'] };
  const jobs = {
    one: { rolling: true, instances: 1 },
    many: { instances: 2 },
    new: { rolling: true, instances: 2 },
  };
  await trigger({ one: jobs.one, many: jobs.many });
  const env = { env: { A: '1' } };
  expect(await plan({ one: { ...jobs.one, ...env }, many: { ...jobs.many, ...env }, new: jobs.new })).toEqual(
    [
      true,
      ['many@1', 'restart', 'changed', 'running', changed],
      ['many@2', 'restart', 'changed', 'running', changed],
      ['new@1', 'start', 'new', 'stopped'],
      ['new@2', 'start', 'new', 'stopped'],
      ['one@1', 'restart', 'changed', 'running', changed],
    ],
  );
});

test('a job of the last daemon is planned as held where its test fails, or it is disabled', async () => {
  await trigger({ off: {}, sick: TEST, well: TEST });
  stage.fleet.takeDown(['off', 'sick', 'well'], 'Die');
  await stage.settle();
  stage.verdicts.set('sick', 1);
  expect(await plan({ off: { enabled: false }, sick: TEST, well: TEST })).toMatchObject([
    true,
    ['off', 'update', 'changed', 'held', { keys: ['enabled'] }, { kind: 'disabled' }],
    ['sick', 'none', 'test-failed', 'held', { detail: 'exited with 1' }],
    ['well', 'start', expect.any(String), 'stopped'],
  ]);
});

test('a change that waits for the test is made by the next trigger, or taken back by it', async () => {
  await trigger({ web: TEST });
  stage.untestable.set('web', 'no such file');
  const changed = { web: { ...TEST, env: { A: '1' } } };
  await trigger(changed);
  expect(stage.fleet.get('web')?.hasOldConfig).toBe(true);
  stage.untestable.clear();
  expect(await plan(changed)).toMatchObject([
    true,
    ['web', 'restart', 'changed', 'running', { keys: ['config'] }],
  ]);
  expect(await plan({ web: TEST })).toMatchObject([
    true,
    ['web', 'update', 'changed', 'running', { keys: ['env'] }],
  ]);
  stage.told();
  expect(await trigger({ web: TEST })).toMatchObject([
    true,
    ['web', 'update', 'changed', 'running', { keys: ['env'] }],
  ]);
  expect(stage.told()).toEqual([]);
});

test('a trigger waits for a job whose stop an earlier daemon began, and not for that of a client', async () => {
  stage.stubborn.add('web');
  const jobs = { db: {}, web: { after: ['db'] } };
  await trigger(jobs);
  stage.asking({ name: 'restart', jobs: ['web'], all: false, wait: true });
  await stage.settle();
  expect(stage.states['web']).toBe('stopping');
  const { answer } = begin(jobs);
  await stage.settle();
  expect(await answer).toMatchObject({ changes: [{ job: 'db' }, { job: 'web', state: 'stopping' }] });
});

test('a trigger waits for a job that another client stops only where it changes the job', async () => {
  stage.stubborn.add('web');
  const jobs = { db: {}, web: { after: ['db'] } };
  await trigger(jobs);
  stage.asking({ name: 'restart', jobs: ['db', 'web'], all: false, wait: true });
  await stage.settle();
  const same = begin(jobs);
  await stage.settle();
  expect(await same.answer).toMatchObject({
    ok: true,
    changes: [{ job: 'db', state: 'running' }, { job: 'web' }],
  });
  const other = begin({ ...jobs, db: { stopTimeoutMs: 5 } });
  await stage.settle();
  expect(await soon(other.answer)).toBe('no answer yet');
  await stage.settle(10_001);
  await stage.settle();
  expect(await other.answer).toMatchObject({ ok: true });
});

test('a plan whose tests have ended waits for no time any more', async () => {
  const before = stage.clock.pending;
  await plan({ a: TEST, b: TEST });
  expect(stage.clock.pending).toBe(before);
});
