import type { Job } from '../../../../../src/config/config.ts';
import type { Report } from '../../../../../src/wire/messages.ts';
import { RequestsStage, soon } from '../../../../support/requests-stage.ts';

const TEST = { test: { exe: 'test', args: [] } };
type Jobs = Readonly<Record<string, Partial<Job>>>;

/** A daemon that is asked for what one folder says. */
class Triggers extends RequestsStage {
  #request(jobs: Jobs) {
    this.configs.set('/c', jobs);
    return { configDir: '/c', allowEmpty: true };
  }

  trigger(jobs: Jobs, more: object = {}, ms = 1): Promise<unknown> {
    return this.report({ name: 'apply', wait: true, ...this.#request(jobs), ...more } as never, ms);
  }

  plan(jobs: Jobs, more: object = {}): Promise<unknown> {
    return this.report({ name: 'plan', ...this.#request(jobs), ...more } as never);
  }

  begin(jobs: Jobs, more: object = {}) {
    return this.asking({ name: 'apply', wait: true, ...this.#request(jobs), ...more } as never);
  }
}

const hand = (...jobs: string[]) => ({ name: 'stop', jobs, all: false }) as const;

test('a trigger starts what is new, and the same once more changes nothing', async () => {
  const stage = new Triggers();
  const jobs = { db: {}, web: { after: ['db'] } };
  expect(await stage.plan(jobs)).toEqual([
    true,
    ['db', 'start', 'new', 'stopped'],
    ['web', 'start', 'new', 'stopped'],
  ]);
  expect(stage.alive).toEqual([]);
  expect(await stage.trigger(jobs)).toEqual([
    true,
    ['db', 'start', 'new', 'running'],
    ['web', 'start', 'new', 'running'],
  ]);
  const unchanged = [true, ['db', 'none', 'unchanged', 'running'], ['web', 'none', 'unchanged', 'running']];
  expect([await stage.plan(jobs), await stage.trigger(jobs)]).toEqual([unchanged, unchanged]);
  expect(stage.kept.source).toEqual({ path: '/c', real: '/c' });
});

test('a plan says what a trigger then does to each job', async () => {
  const stage = new Triggers();
  await stage.trigger({ a: {}, b: {}, c: {}, d: {}, e: { restart: 'never' } });
  await stage.ask(hand('d'));
  stage.exit('e', { code: 1, signal: null });
  await stage.settle();
  const jobs = { a: { env: { A: '1' } }, b: { stopTimeoutMs: 5 }, d: {}, e: { restart: 'never' as const } };
  const said = (state: string): unknown => [
    true,
    ['a', 'restart', 'changed', 'running', { kind: 'keysChanged', keys: ['env'] }],
    ['b', 'update', 'changed', 'running', { kind: 'keysChanged', keys: ['stop_timeout'] }],
    ['c', 'remove', 'removed', state],
    ['d', 'none', 'by-hand', 'stopped', { kind: 'stoppedByHand' }],
    ['e', 'none', 'unchanged', 'failed'],
  ];
  expect(await stage.plan(jobs)).toEqual(said('running'));
  expect(stage.alive).toEqual(['a', 'b', 'c']);
  const { answer } = stage.begin(jobs);
  await stage.settle();
  const { changes } = (await answer) as Report;
  expect(changes.map(({ job, action, pid }) => [job, action, pid !== null])).toEqual([
    ['a', 'restart', true],
    ['b', 'update', true],
    ['c', 'remove', false],
    ['d', 'none', false],
    ['e', 'none', false],
  ]);
  expect(stage.alive).toEqual(['a', 'b']);
});

test('a plan runs the tests that a trigger would run, as many at once as are allowed', async () => {
  const stage = new Triggers();
  stage.verdicts.set('bad', 2);
  stage.untestable.set('odd', 'no such file');
  const jobs = { bad: TEST, good: TEST, odd: TEST, off: { ...TEST, enabled: false } };
  const tested = (detail: string): unknown => ({ kind: 'tested', detail });
  const answers = (...states: readonly string[]): unknown => [
    true,
    ['bad', 'none', 'test-failed', states[0], tested('exited with 2')],
    ['good', 'start', 'new', states[1]],
    ['odd', 'none', 'test-unknown', states[0], tested('could not run: no such file')],
    ['off', 'none', 'new', states[0], { kind: 'disabled' }],
  ];
  expect(await stage.plan(jobs)).toEqual(answers('stopped', 'stopped'));
  expect(await stage.trigger(jobs)).toEqual(answers('held', 'running'));
  // More jobs than tests that may run at once.
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`job-${at}`, TEST]));
  expect(((await stage.plan(many)) as unknown[]).length).toBe(1 + 4 + 40);
});

test('a plan tells that a rolling job goes one at a time, and tests nothing stopped by hand', async () => {
  const stage = new Triggers();
  const jobs = { roll: { rolling: true, instances: 2 }, web: TEST };
  await stage.trigger(jobs);
  await stage.ask(hand('web'));
  stage.verdicts.set('web', 1);
  const asked = await stage.plan({ ...jobs, roll: { ...jobs.roll, env: { A: '1' } } });
  const changed = [{ kind: 'keysChanged', keys: ['env'] }, { kind: 'oneAtATime' }];
  expect(asked).toEqual([
    true,
    ['roll@1', 'restart', 'changed', 'running', ...changed],
    ['roll@2', 'restart', 'changed', 'running', ...changed],
    ['web', 'none', 'by-hand', 'stopped', { kind: 'stoppedByHand' }],
  ]);
});

test('a test that outlasts its limit is ended, and gives a plan no verdict', async () => {
  const stage = new Triggers();
  stage.endless.add('slow');
  stage.configs.set('/c', { slow: { ...TEST, testTimeoutMs: 3_000 } });
  const { answer } = stage.asking({ name: 'plan', configDir: '/c', allowEmpty: true });
  await stage.settle();
  await stage.settle(2_999);
  expect(await soon(answer)).toBe('no answer yet');
  await stage.settle(1);
  expect(await answer).toMatchObject({
    ok: true,
    changes: [
      {
        action: 'none',
        reason: 'test-unknown',
        facts: [{ kind: 'tested', detail: 'timed out after 3 s' }],
      },
    ],
  });
});

test('a bad config changes nothing, and its problems are the answer', async () => {
  const stage = new Triggers();
  await stage.trigger({ web: {} });
  const problems = [{ file: '/bad', line: 1, column: 1, message: 'bad' }];
  const answered = { ok: false, changes: [], problems };
  expect([
    (await stage.ask({ name: 'apply', configDir: '/bad', wait: true, allowEmpty: false })).answer,
    (await stage.ask({ name: 'plan', configDir: '/bad', allowEmpty: false })).answer,
  ]).toEqual([answered, answered]);
  expect(stage.states).toEqual({ web: 'running' });
});

test('a trigger of another folder that would remove jobs is refused, and so is its plan', async () => {
  const stage = new Triggers();
  await stage.trigger({ web: {} });
  stage.configs.set('/other', { db: {} });
  const other = { configDir: '/other', allowEmpty: false };
  const refused = { code: 'other-config', message: expect.stringContaining('come from /c') };
  expect([
    (await stage.ask({ name: 'apply', wait: true, ...other })).answer,
    (await stage.ask({ name: 'plan', ...other })).answer,
  ]).toEqual([refused, refused]);
  expect(stage.states).toEqual({ web: 'running' });
});

test('a trigger for some jobs leaves the others and the place of the config as they are', async () => {
  const stage = new Triggers();
  await stage.trigger({ a: {}, b: {} });
  expect(await stage.trigger({ a: { env: { A: '1' } } }, { jobs: ['a'] })).toEqual([
    true,
    ['a', 'restart', 'changed', 'running', { kind: 'keysChanged', keys: ['env'] }],
  ]);
  expect(stage.states).toEqual({ a: 'running', b: 'running' });
});

test('a trigger that does not wait answers as soon as every child is started', async () => {
  const stage = new Triggers();
  stage.stubborn.add('old');
  await stage.trigger({ old: {} });
  const { answer, progress } = stage.begin({ web: { startMs: 60_000 } }, { wait: false });
  await stage.settle();
  expect(await answer).toMatchObject({
    ok: true,
    changes: [
      { job: 'old', action: 'remove', state: 'stopping' },
      { job: 'web', action: 'start', state: 'starting' },
    ],
  });
  expect(progress[0]).toMatchObject({ of: 2 });
  // A patient one waits for both.
  const patient = stage.begin({ web: { startMs: 60_000 } });
  await stage.settle();
  expect(await soon(patient.answer)).toBe('no answer yet');
  await stage.settle(60_000);
  expect(await patient.answer).toMatchObject({ ok: true });
});

test('a trigger does not wait for jobs that waited before it and that it does not change', async () => {
  const stage = new Triggers();
  const jobs = { a: { restart: 'never' as const }, b: { after: ['a'], afterIs: { a: 'finished' as const } } };
  const first = stage.begin(jobs);
  await stage.settle();
  expect(await soon(first.answer)).toBe('no answer yet');
  expect(await stage.trigger(jobs)).toEqual([
    true,
    ['a', 'none', 'unchanged', 'running'],
    ['b', 'none', 'unchanged', 'waiting', { kind: 'waitsForJobs', jobs: [{ name: 'a', state: 'running' }] }],
  ]);
  stage.exit('a');
  await stage.settle();
  expect(await first.answer).toMatchObject({
    ok: true,
    changes: [{ job: 'a' }, { job: 'b', state: 'running' }],
  });
});

test('a job that falls during a trigger fails it, with how it ended and when it starts again', async () => {
  const stage = new Triggers();
  const { answer } = stage.begin({
    web: { startMs: 5_000, backoff: { minMs: 2_000, maxMs: 2_000, factor: 1 } },
  });
  await stage.settle();
  stage.exit('web', { code: 7, signal: null });
  await stage.settle();
  expect(await answer).toMatchObject({
    ok: false,
    changes: [
      {
        job: 'web',
        action: 'start',
        state: 'backoff',
        pid: null,
        facts: [{ kind: 'ended', code: 7 }, { kind: 'nextStart' }],
      },
    ],
  });
});

test('a trigger is refused while the disk keeps nothing, or once the daemon shuts down', async () => {
  const stage = new Triggers();
  await stage.trigger({ web: {} });
  stage.refusal = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
  await stage.ask(hand('web'));
  expect(await stage.trigger({ web: {}, db: {} })).toMatchObject({ code: 'degraded' });
  stage.refusal = null;
  await stage.settle(2_000);
  stage.isEnding = true;
  expect(await stage.trigger({ web: {}, db: {} })).toMatchObject({ code: 'shutting-down' });
  expect(Object.keys(stage.states)).toEqual(['web']);
});

test('a shutdown during a trigger ends it without an outcome', async () => {
  const stage = new Triggers();
  const { answer } = stage.begin({ web: { startMs: 60_000 } });
  await stage.settle();
  stage.isEnding = true;
  stage.fleet.takeDown(['web'], 'Die');
  await stage.settle();
  expect(await answer).toMatchObject({
    code: 'degraded',
    message: expect.stringContaining('run the command again'),
  });
});
