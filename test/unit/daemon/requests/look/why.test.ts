import type { Why } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

const TEST = { test: { exe: 'check', args: ['now'] } };

async function staged(...words: Parameters<RequestsStage['apply']>): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply(...words);
  return stage;
}

async function why(stage: RequestsStage, job: string): Promise<Why> {
  const { answer } = await stage.ask({ name: 'why', job });
  return (answer as { readonly jobs: readonly [Why] }).jobs[0];
}

const because = async (stage: RequestsStage, job: string): Promise<unknown> =>
  (await why(stage, job)).because;

test('a job is told with its command, its test, its log and its history', async () => {
  const stage = await staged({
    web: { command: { exe: 'node', args: ['a b'] }, watch: ['*.js'], ...TEST, restart: 'on-failure' },
  });
  const { status, history, runs, ...rest } = await why(stage, 'web');
  expect(rest).toEqual({
    because: [{ kind: 'running', test: { verdict: 'pass', detail: 'exited with 0' } }],
    command: "node 'a b'",
    cwd: '/home/me',
    testCommand: 'check now',
    testDetail: 'exited with 0',
    testOutput: null,
    restart: 'on-failure',
    watch: ['*.js'],
    waitsFor: [],
    log: '/logs/web',
  });
  expect([status.state, history.map(({ state }) => state), runs]).toEqual([
    'running',
    ['testing', 'starting', 'running'],
    [],
  ]);
});

test('every copy of a job that is named is told, and an unknown name is refused', async () => {
  const stage = await staged({ web: { instances: 2 } });
  const { answer } = await stage.ask({ name: 'why', job: 'web' });
  expect((answer as { jobs: Why[] }).jobs.map(({ status: { name } }) => name)).toEqual(['web@1', 'web@2']);
  expect((await stage.ask({ name: 'why', job: 'wbe' })).answer).toMatchObject({
    code: 'no-such-job',
    message: 'no such job: wbe (did you mean "web"?)',
  });
});

test('why shows a held job with its verdict and the time of its next test', async () => {
  const stage = new RequestsStage();
  stage.verdicts.set('sick', 4);
  await stage.apply({ plain: {}, sick: { ...TEST, testIntervalMs: 5_000 }, off: { enabled: false } });
  expect(await because(stage, 'plain')).toEqual([{ kind: 'running', test: null }]);
  expect(await because(stage, 'sick')).toEqual([
    { kind: 'held', verdict: 'fail', detail: 'exited with 4' },
    { kind: 'nextTest', everyMs: 5_000, at: null },
  ]);
  expect(await because(stage, 'off')).toEqual([{ kind: 'disabled' }]);
});

test('a job that was stopped, has finished, has failed or was given up says how it ended', async () => {
  const stage = await staged({
    down: {},
    done: { restart: 'never' },
    bad: { restart: 'never' },
    worn: { maxRestarts: 2, startMs: 1_000, backoff: { minMs: 10, maxMs: 10, factor: 1 } },
  });
  await stage.ask({ name: 'stop', jobs: ['down'], all: false });
  stage.exit('done', { code: 0, signal: null });
  stage.exit('bad', { code: 3, signal: null });
  for (let count = 0; count < 2; count += 1) {
    stage.exit('worn', { code: null, signal: 'SIGSEGV' });
    await stage.settle(100);
  }
  expect([await because(stage, 'down'), await because(stage, 'done')]).toEqual([
    [{ kind: 'stoppedByHand' }],
    [
      { kind: 'ended', code: 0, signal: null, failures: 0 },
      { kind: 'finished', restart: 'never' },
    ],
  ]);
  expect([await because(stage, 'bad'), await because(stage, 'worn')]).toEqual([
    [
      { kind: 'ended', code: 3, signal: null, failures: 1 },
      { kind: 'finished', restart: 'never' },
    ],
    [
      { kind: 'ended', code: null, signal: 'SIGSEGV', failures: 2 },
      { kind: 'failed', hasRun: true },
    ],
  ]);
  const { runs } = await why(stage, 'worn');
  expect(runs.map(({ run, exit: { signal } }) => [run, signal])).toEqual([
    [1, 'SIGSEGV'],
    [2, 'SIGSEGV'],
  ]);
});

test('a job in backoff says what failed and when it starts again', async () => {
  const stage = new RequestsStage();
  stage.unlaunchable.set('gone', { detail: 'node: not found', lasting: false });
  await stage.apply({ gone: {}, odd: TEST, web: { startMs: 60_000 } });
  stage.exit('odd', { code: 1, signal: null });
  stage.untestable.set('odd', 'no such file');
  await stage.settle(1_000);
  stage.exit('web', { code: 5, signal: null });
  await stage.settle();
  const startsAgain = { kind: 'startsAgain', at: expect.stringMatching(/^2026-01-01T00:00:0/) };
  expect(await because(stage, 'odd')).toMatchObject([{ kind: 'testUnknown' }, startsAgain]);
  expect([await because(stage, 'gone'), await because(stage, 'web')]).toEqual([
    [{ kind: 'notStarted', why: 'node: not found' }, startsAgain],
    [{ kind: 'ended', code: 5, signal: null, failures: 1 }, startsAgain],
  ]);
});

test('a job that waits names what it waits for, and what that waits for in turn', async () => {
  const stage = await staged({
    a: { restart: 'never' },
    b: { after: ['a'], afterIs: { a: 'finished' } },
    c: { after: ['b'] },
    d: { after: ['b', 'c'] },
  });
  await stage.settle(5_000);
  const a = {
    name: 'a',
    state: 'running',
    needs: 'finished',
    detail: expect.stringMatching(/^pid /),
    age: expect.any(Number),
    waitsFor: [],
    isStuck: false,
  };
  const b = {
    name: 'b',
    state: 'waiting',
    needs: 'up',
    detail: 'waits for a (starting)',
    age: expect.any(Number),
    waitsFor: [a],
    isStuck: false,
  };
  expect(await because(stage, 'c')).toEqual([{ kind: 'waitsFor', jobs: [b] }]);
  const { because: facts, waitsFor } = await why(stage, 'd');
  // What b waits for is told once.
  expect(facts).toEqual([
    {
      kind: 'waitsFor',
      jobs: [b, expect.objectContaining({ name: 'c', waitsFor: [{ ...b, waitsFor: [] }] })],
    },
  ]);
  expect([waitsFor, (await why(stage, 'a')).waitsFor]).toEqual([
    [expect.objectContaining({ name: 'b' }), expect.objectContaining({ name: 'c' })],
    [],
  ]);
  await stage.ask({ name: 'stop', jobs: ['a'], all: false });
  expect(await because(stage, 'b')).toMatchObject([
    { kind: 'waitsFor', jobs: [{ name: 'a', state: 'stopped', detail: 'stopped by hand', isStuck: true }] },
  ]);
});

test('a job with a schedule tells its next time, and how its last run failed', async () => {
  const stage = await staged({ cron: { schedule: '0 3 * * *', restart: 'never', runAtStart: true } });
  stage.exit('cron', { code: 2, signal: null });
  await stage.settle();
  const facts = await because(stage, 'cron');
  expect(facts).toEqual([
    { kind: 'ended', code: 2, signal: null, failures: 0 },
    { kind: 'scheduled', schedule: '0 3 * * *', at: expect.any(String) },
  ]);
  const at = new Date((facts as readonly { readonly at?: string }[])[1]?.at ?? '');
  expect([at.getHours(), at.getMinutes(), at.getSeconds()]).toEqual([3, 0, 0]);
});

test('a job that starts says how long it has to stay up', async () => {
  const stage = await staged({ web: { startMs: 3_000 } });
  expect(await because(stage, 'web')).toEqual([{ kind: 'settling', startMs: 3_000, hasReady: false }]);
});

test('a job that is being stopped says why and when it is killed, and then that it is', async () => {
  const stage = await staged({ web: {} });
  stage.stubborn.add('web');
  stage.asking({ name: 'stop', jobs: ['web'], all: false });
  await stage.settle();
  expect(await because(stage, 'web')).toEqual([
    {
      kind: 'stopping',
      why: 'stopped by hand',
      stopTimeoutMs: 10_000,
      killedAt: '2026-01-01T00:00:10.001Z',
    },
  ]);
});

test('a job whose new config waits for its test to pass says so while it runs', async () => {
  const stage = await staged({ web: TEST });
  stage.untestable.set('web', 'check: not found');
  await stage.apply({ web: { ...TEST, env: { A: '1' } } });
  expect(await because(stage, 'web')).toEqual([
    { kind: 'running', test: { verdict: 'unknown', detail: 'could not run: check: not found' } },
    { kind: 'changePending' },
  ]);
});

test('a log that was deleted or replaced is told as long as the job runs', async () => {
  const stage = await staged({ web: {} });
  stage.logKind = null;
  expect(await because(stage, 'web')).toEqual([
    { kind: 'running', test: null },
    { kind: 'lostLog', path: '/logs/web', is: null },
  ]);
  await stage.ask({ name: 'stop', jobs: ['web'], all: false });
  expect(await because(stage, 'web')).toEqual([{ kind: 'stoppedByHand' }]);
});
