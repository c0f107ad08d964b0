import { RequestsStage, soon } from '../../../../support/requests-stage.ts';

const start = (...jobs: string[]) => ({ name: 'start', jobs, all: false, wait: true }) as const;
const stop = (...jobs: string[]) => ({ name: 'stop', jobs, all: false }) as const;
const restart = (...jobs: string[]) => ({ name: 'restart', jobs, all: false, wait: true }) as const;
const SOON = { kind: 'nextStart', inMs: expect.any(Number) };
const TEST = { test: { exe: 'test', args: [] } };

let stage: RequestsStage;
beforeEach(() => (stage = new RequestsStage()));

test('a start of a job that runs leaves it, whatever an earlier test of it said', async () => {
  await stage.apply({ web: TEST });
  stage.untestable.set('web', 'no such file');
  await stage.apply({ web: TEST });
  expect(await stage.report(start('web'))).toEqual([
    true,
    ['web', 'none', 'unchanged', 'running', { kind: 'alreadyRunning' }],
  ]);
});

test('a restart whose test says nothing leaves the child, and says why', async () => {
  await stage.apply({ web: TEST });
  stage.untestable.set('web', 'no such file');
  expect(await stage.report(restart('web'))).toEqual([
    true,
    ['web', 'none', 'test-unknown', 'running', { kind: 'tested', detail: 'could not run: no such file' }],
  ]);
  expect(stage.story).toEqual(['web runs']);
});

test('a start of a job whose test cannot be run fails with the reason', async () => {
  stage.untestable.set('web', 'no such file');
  await stage.apply({ web: TEST });
  expect(await stage.report(start('web'))).toEqual([
    false,
    ['web', 'none', 'test-unknown', 'backoff', { kind: 'tested', detail: 'could not run: no such file' }],
  ]);
});

test('a restart one copy at a time is rolling only where it is asked for', async () => {
  await stage.apply({ web: { instances: 2, startMs: 1_000 } });
  await stage.settle(1_000);
  stage.told();
  const rolling = stage.asking({ ...restart('web'), rolling: true });
  await stage.settle();
  expect(stage.told()).toEqual(['web@1 gets SIGTERM', 'web@1 runs']);
  await stage.settle(1_000);
  await stage.settle(1_000);
  expect([stage.told(), await rolling.answer]).toMatchObject([
    ['web@2 gets SIGTERM', 'web@2 runs'],
    { ok: true, changes: [{ action: 'restart' }, { action: 'restart' }] },
  ]);
  stage.asking(restart('web'));
  await stage.settle();
  expect(stage.told().slice(0, 2)).toEqual(['web@1 gets SIGTERM', 'web@2 gets SIGTERM']);
});

test('a rolling restart whose first copy does not come up leaves the second, and says so', async () => {
  await stage.apply({ web: { instances: 2 } });
  stage.unlaunchable.set('web@1', { detail: 'no such file', lasting: true });
  expect(await stage.report({ ...restart('web'), rolling: true })).toEqual([
    false,
    ['web@1', 'restart', 'by-hand', 'backoff', { kind: 'notStarted', why: 'no such file' }, SOON],
    ['web@2', 'none', 'by-hand', 'running', { kind: 'rollStopped', by: 'web@1', state: 'backoff' }],
  ]);
});

test('a rolling restart that is not waited for is answered while copies wait for their turn', async () => {
  await stage.apply({ web: { instances: 3, startMs: 5_000 } });
  await stage.settle(5_000);
  expect(await stage.report({ ...restart('web'), rolling: true, wait: false })).toEqual([
    true,
    ['web@1', 'restart', 'by-hand', 'starting'],
    ['web@2', 'none', 'by-hand', 'running', { kind: 'waitsForTurn' }],
    ['web@3', 'none', 'by-hand', 'running', { kind: 'waitsForTurn' }],
  ]);
});

test('a restart that is not waited for does not wait for a copy whose turn may never come', async () => {
  stage.verdicts.set('web', 1);
  await stage.apply({ once: { restart: 'never' }, web: { instances: 2, after: ['once'], ...TEST } });
  const { answer } = stage.asking({ ...restart('web'), rolling: true, wait: false });
  await stage.settle();
  expect(await soon(answer)).toMatchObject({
    changes: [
      { job: 'web@1', state: 'waiting', facts: [{ kind: 'waitsForJobs' }] },
      { job: 'web@2', state: 'held', facts: [{ kind: 'waitsForTurn' }] },
    ],
  });
});

test('a job that falls while it is started by hand fails that, and is told as down', async () => {
  await stage.apply({ web: { startMs: 5_000, backoff: { minMs: 2_000, maxMs: 2_000, factor: 1 } } });
  await stage.ask(stop('web'));
  const { answer } = stage.asking(start('web'));
  await stage.settle();
  expect(await soon(answer)).toBe('no answer yet');
  stage.exit('web', { code: 7, signal: null });
  await stage.settle();
  expect(await answer).toMatchObject({
    ok: false,
    changes: [
      { action: 'start', state: 'backoff', facts: [{ kind: 'ended', code: 7 }, { kind: 'nextStart' }] },
    ],
  });
});

test('a stop of a job that falls meanwhile is no failure', async () => {
  await stage.apply({ db: {}, web: { startMs: 60_000, after: ['db'] } });
  stage.stubborn.add('web');
  const { answer } = stage.asking(stop('db', 'web'));
  await stage.settle();
  stage.exit('web', { code: 7, signal: null });
  await stage.settle();
  expect(await answer).toMatchObject({
    ok: true,
    changes: [
      { job: 'db', action: 'stop', state: 'stopped' },
      { job: 'web', action: 'stop', state: 'stopped' },
    ],
  });
});

test('a start of a scheduled job is awaited to the end of its run, which decides', async () => {
  await stage.apply({ cron: { schedule: '0 3 * * *', restart: 'never' } });
  expect(stage.states).toEqual({ cron: 'waiting' });
  const good = stage.asking(start('cron'));
  await stage.settle();
  expect(await soon(good.answer)).toBe('no answer yet');
  stage.exit('cron');
  await stage.settle();
  expect(await good.answer).toMatchObject({ ok: true, changes: [{ action: 'start', state: 'waiting' }] });
  const bad = stage.asking(start('cron'));
  await stage.settle();
  stage.exit('cron', { code: 2, signal: null });
  await stage.settle();
  expect(await bad.answer).toMatchObject({
    ok: false,
    changes: [{ facts: [{ kind: 'ended', code: 2, isFailure: true }, { kind: 'waitsForTime' }] }],
  });
  expect(await stage.report({ ...start('cron'), wait: false })).toMatchObject([
    true,
    ['cron', 'start', 'by-hand', 'starting'],
  ]);
});

test('a start of a job that is only still there until its removal says that it is in no config', async () => {
  await stage.apply({ db: {}, web: { after: ['db'] } });
  stage.stubborn.add('web');
  await stage.apply({});
  expect(stage.states).toEqual({ db: 'running', web: 'stopping' });
  expect(await stage.report({ ...start('db'), wait: false })).toEqual([
    true,
    ['db', 'remove', 'removed', 'running', { kind: 'notInConfig' }],
  ]);
});
