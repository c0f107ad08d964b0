import { RequestsStage } from '../../../../support/requests-stage.ts';

const start = (...jobs: string[]) => ({ name: 'start', jobs, all: false, wait: true }) as const;
const stop = (...jobs: string[]) => ({ name: 'stop', jobs, all: false }) as const;
const restart = (...jobs: string[]) => ({ name: 'restart', jobs, all: false, wait: true }) as const;
const TEST = { test: { exe: 'test', args: [] } };

const waitsForDb = [
  'web',
  'none',
  'by-hand',
  'waiting',
  { kind: 'waitsForJobs', jobs: [{ name: 'db', state: 'stopped' }] },
];

/** Two jobs that run, the second after the first. */
async function running(): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply({ db: {}, web: { after: ['db'] } });
  return stage;
}

test('a stop by hand says what it stopped, and what did not run', async () => {
  const stage = await running();
  expect(await stage.report(stop('web'))).toEqual([true, ['web', 'stop', 'by-hand', 'stopped']]);
  expect(await stage.report(stop('db', 'web'))).toEqual([
    true,
    ['db', 'stop', 'by-hand', 'stopped'],
    ['web', 'none', 'by-hand', 'stopped', { kind: 'wasNotRunning' }],
  ]);
});

test('a stop of all jobs has nothing to do where there are none, and a start is refused', async () => {
  const stage = new RequestsStage();
  const none = {
    code: 'no-such-job',
    message: 'no job is known yet: `overseer` reads the config and starts its jobs',
  };
  expect(await stage.report({ ...stop(), all: true })).toEqual([true]);
  expect(await stage.report({ ...start(), all: true })).toEqual(none);
  expect(await stage.report({ ...restart(), all: true })).toEqual(none);
  await stage.apply({ b: {}, a: {} });
  expect(await stage.report({ ...stop(), all: true })).toEqual([
    true,
    ['a', 'stop', 'by-hand', 'stopped'],
    ['b', 'stop', 'by-hand', 'stopped'],
  ]);
});

test('a stop waits until the child is gone, and says when it had to be killed', async () => {
  const stage = await running();
  stage.stubborn.add('web');
  const { answer } = await stage.ask(stop('web'), 9_000);
  expect([answer, stage.states['web']]).toEqual(['no answer yet', 'stopping']);
  const again = stage.report(stop('web'), 2_000);
  expect(await again).toEqual([
    true,
    ['web', 'stop', 'by-hand', 'stopped', { kind: 'killed', afterMs: 10_000 }],
  ]);
  // The kill belongs to that run.
  expect(await stage.report(start('web'))).toEqual([true, ['web', 'start', 'by-hand', 'running']]);
});

test('a start by hand says what keeps a job from running, and fails for it where it waits', async () => {
  const stage = await running();
  await stage.ask(stop('db', 'web'));
  expect(await stage.report(start('web'))).toEqual([false, waitsForDb]);
  expect(await stage.report({ ...start('web'), wait: false })).toEqual([true, waitsForDb]);
  expect(await stage.report(start('db'))).toEqual([true, ['db', 'start', 'by-hand', 'running']]);
  expect(stage.states).toEqual({ db: 'running', web: 'running' });
  expect(await stage.report(start('db'))).toEqual([
    true,
    ['db', 'none', 'unchanged', 'running', { kind: 'alreadyRunning' }],
  ]);
});

test('a start of all jobs does not fail for those that do not come up', async () => {
  const stage = new RequestsStage();
  await stage.apply({ bad: TEST, good: {} });
  stage.verdicts.set('bad', 1);
  await stage.ask({ ...stop(), all: true });
  expect(await stage.report({ ...start(), all: true })).toEqual([
    true,
    ['bad', 'none', 'test-failed', 'held', { kind: 'tested', detail: 'exited with 1' }],
    ['good', 'start', 'by-hand', 'running'],
  ]);
});

test('a start by hand of a job that its test holds fails, and that of a disabled one does not', async () => {
  const stage = new RequestsStage();
  stage.verdicts.set('sick', 1).set('odd', 126);
  await stage.apply({ odd: TEST, off: { enabled: false }, sick: TEST });
  const sick = ['sick', 'none', 'test-failed', 'held', { kind: 'tested', detail: 'exited with 1' }];
  expect(await stage.report(restart('off', 'sick'))).toEqual([
    false,
    ['off', 'none', 'unchanged', 'held', { kind: 'disabled' }],
    sick,
  ]);
  expect(await stage.report(start('off', 'sick'))).toEqual([
    false,
    ['off', 'start', 'by-hand', 'running'],
    sick,
  ]);
});

test('a job that runs and fails its test at a restart is stopped by that', async () => {
  const stage = new RequestsStage();
  await stage.apply({ web: TEST });
  stage.verdicts.set('web', 3);
  expect(await stage.report(restart('web'))).toEqual([
    false,
    ['web', 'stop', 'test-failed', 'held', { kind: 'tested', detail: 'exited with 3' }],
  ]);
});

test('a start that the system refuses is told with its reason, and is tried again', async () => {
  const stage = await running();
  await stage.ask(stop('web'));
  stage.unlaunchable.set('web', { detail: 'no such file', lasting: false });
  expect(await stage.report(start('web'))).toEqual([
    false,
    [
      'web',
      'start',
      'by-hand',
      'backoff',
      { kind: 'notStarted', why: 'no such file' },
      { kind: 'nextStart', inMs: expect.any(Number) },
    ],
  ]);
});

test('a start by hand waits for the end of a run that is meant to end, and a failed one fails it', async () => {
  const stage = new RequestsStage();
  await stage.apply({ once: { restart: 'never' } });
  stage.exit('once');
  await stage.settle();
  const succeeds = stage.asking(start('once'));
  await stage.settle(60_000);
  expect(stage.states['once']).toBe('running');
  stage.exit('once', { code: 0, signal: null });
  await stage.settle();
  expect(await succeeds.answer).toMatchObject({
    ok: true,
    changes: [{ action: 'start', state: 'finished' }],
  });
  const fails = stage.asking(start('once'));
  await stage.settle();
  stage.exit('once', { code: 2, signal: null });
  await stage.settle();
  expect(await fails.answer).toMatchObject({
    ok: false,
    changes: [{ action: 'start', state: 'failed', facts: [{ kind: 'ended', code: 2 }] }],
  });
});

test('a restart gives new children, in the order of what comes after what', async () => {
  const stage = await running();
  stage.story.splice(0);
  expect(await stage.report(restart('db', 'web'))).toEqual([
    true,
    ['db', 'restart', 'by-hand', 'running'],
    ['web', 'restart', 'by-hand', 'running'],
  ]);
  expect(stage.story).toEqual(['web gets SIGTERM', 'db gets SIGTERM', 'db runs', 'web runs']);
});

test('a restart that would leave a job waiting is refused, and nothing is restarted', async () => {
  const stage = await running();
  await stage.ask(stop('db'));
  expect(await stage.report(restart('web'))).toEqual({
    code: 'not-running',
    message: 'web would wait for db (stopped) instead of running, so nothing was restarted; start db first',
  });
  expect(stage.states).toEqual({ db: 'stopped', web: 'running' });
  // What is restarted itself is not in the way, nor is what a job that is down comes after.
  expect(await stage.report(restart('db', 'web'))).toEqual([
    true,
    ['db', 'start', 'by-hand', 'running'],
    ['web', 'restart', 'by-hand', 'running'],
  ]);
  await stage.ask(stop('db', 'web'));
  expect(await stage.report({ ...restart('web'), wait: false })).toEqual([true, waitsForDb]);
});

test.each([
  [['free', 'web'], 'one that is fine comes first'],
  [['web', 'free'], 'one that is fine comes last'],
  [['down', 'web'], 'one that is down comes first'],
  [['many', 'web'], 'one that comes after another that is restarted comes first'],
])('a restart of %j is refused for the one that would wait: %s', async (names) => {
  const stage = new RequestsStage();
  await stage.apply({
    db: {},
    down: {},
    free: {},
    many: { after: ['free'] },
    web: { after: ['free', 'db'] },
  });
  await stage.ask(stop('db', 'down'));
  stage.story.splice(0);
  expect(await stage.report(restart(...names))).toMatchObject({
    code: 'not-running',
    message: expect.stringMatching(/^web would wait for db \(stopped\)/),
  });
  expect([stage.story, stage.states]).toEqual([
    [],
    { db: 'stopped', down: 'stopped', free: 'running', many: 'running', web: 'running' },
  ]);
});

test('progress tells which of the jobs are awaited', async () => {
  const stage = await running();
  stage.stubborn.add('web').add('db');
  const { progress } = stage.asking(stop('db', 'web'));
  await stage.settle(10_001);
  await stage.settle(10_001);
  expect(progress.map(({ done, of, pending }) => [done, of, pending.map(({ job }) => job).join()])).toEqual([
    [0, 2, 'db,web'],
    [1, 2, 'db'],
  ]);
});

test('a job that is removed while it is stopped is told as gone, and killed where it was', async () => {
  const stage = await running();
  stage.stubborn.add('web');
  const { answer } = stage.asking(stop('web'));
  await stage.apply({ db: {} });
  await stage.settle(10_001);
  expect(await answer).toEqual({
    ok: true,
    problems: [],
    changes: [
      {
        job: 'web',
        action: 'remove',
        reason: 'removed',
        facts: [{ kind: 'killed', afterMs: 10_000 }, { kind: 'removedMeanwhile' }],
        state: 'stopped',
        pid: null,
      },
    ],
  });
});

test('a restart of a job that is being removed ends with its removal', async () => {
  const stage = await running();
  stage.stubborn.add('web');
  await stage.apply({});
  expect(stage.states).toEqual({ db: 'running', web: 'stopping' });
  expect(await stage.report({ ...restart('web'), wait: false }, 10_001)).toMatchObject([
    true,
    ['web', 'remove', 'removed', 'stopped', { kind: 'killed' }, { kind: 'removedMeanwhile' }],
  ]);
});

test('nothing is changed by hand while the disk refuses to keep it', async () => {
  const stage = await running();
  stage.refusal = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  await stage.ask(stop('web'));
  expect(await stage.report(stop('db'))).toMatchObject({
    code: 'degraded',
    message: expect.stringMatching(/^the state cannot be written/),
  });
  expect(stage.states['db']).toBe('running');
});

test('a start that a shutdown overtakes is refused, and a stop goes on', async () => {
  const stage = await running();
  await stage.ask(stop('db', 'web'));
  const waiting = stage.asking({ ...start('web'), jobs: ['web', 'db'] });
  stage.isEnding = true;
  stage.fleet.takeDown(['web', 'db'], 'Die');
  await stage.settle();
  expect(await waiting.answer).toMatchObject({
    code: 'degraded',
    message: 'the daemon began to shut down before this was done; run the command again for the next daemon',
  });
  expect(await stage.report(stop('db'))).toEqual([
    true,
    ['db', 'none', 'by-hand', 'stopped', { kind: 'wasNotRunning' }],
  ]);
});
