import { Reasons } from '../../../../src/cli/top/reasons.ts';
import type { WebJob } from '../../../../src/cli/web/messages.ts';
import type { Reply, Why } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { answer, job, WHY } from '../../../support/sample-replies.ts';
import { until } from '../../../support/until.ts';
import { webJob } from './web-jobs.ts';

let daemon: AskedDaemon;
let changes: number;
let reasons: Reasons;
beforeEach(() => {
  daemon = new AskedDaemon();
  changes = 0;
  reasons = new Reasons(daemon.target, () => (changes += 1));
});

/** What the daemon says of a job whose last change was to this state. */
function whyOf(name: string, state: WebJob['state'], detail: string): Why {
  const [last] = WHY.history;
  return { ...WHY, status: job({ name, state }), history: [{ ...last!, state, detail }] };
}
const replyOf = (...jobs: readonly Why[]): Reply[] => [answer({ jobs })];
const askedFor = (): readonly unknown[] => daemon.asked.map((each) => ('job' in each ? each.job : null));

test('each job that is looked at is asked for once, and again when its state has changed', async () => {
  daemon.on(
    'why',
    replyOf(whyOf('web', 'held', 'its test says no')),
    replyOf(whyOf('db', 'failed', 'exited')),
  );
  const [web, db] = [webJob('web', { state: 'held' }), webJob('db', { state: 'failed' })];
  reasons.want([web, db]);
  expect(reasons.of('web')).toBeNull();
  await until(() => changes === 2);
  expect(reasons.of('web')).toMatchObject({
    clause: 'its test says no',
    sentences: expect.stringMatching(/^Its test says no .* should not be running\. The test runs again/),
  });
  expect(reasons.of('db')?.clause).toBe('exited');
  reasons.want([web, db]);
  await new Promise(setImmediate);
  expect(askedFor()).toEqual(['web', 'db']);
  daemon.on('why', replyOf(whyOf('db', 'backoff', 'exited with 3, next start in 0.4 s')));
  reasons.want([web, webJob('db', { state: 'backoff', restarts: 1 })]);
  // The answer from before stands until the next one comes.
  expect(reasons.of('db')?.clause).toBe('exited');
  await until(() => changes === 3);
  expect([reasons.of('db')?.clause, askedFor()]).toEqual(['exited with 3', ['web', 'db', 'db']]);
});

test('a reason of another state than the one that is shown is left out', async () => {
  daemon.on('why', replyOf(whyOf('web', 'failed', 'exited with 1')));
  reasons.want([webJob('web')]);
  await until(() => changes === 1);
  expect(reasons.of('web')?.clause).toBe('');
});

test('of several copies the reason is that of the one that was asked for', async () => {
  daemon.on('why', replyOf(whyOf('web@1', 'held', 'one'), whyOf('web@2', 'held', 'two')));
  reasons.want([webJob('web@2', { state: 'held' })]);
  await until(() => changes === 1);
  expect(reasons.of('web@2')?.clause).toBe('two');
});

test('without a daemon there is no reason, and the next look asks again', async () => {
  let looks = 0;
  const { socket } = daemon.world;
  daemon = new AskedDaemon(HOMES, {
    readSocketFile: () => {
      looks += 1;
      return looks === 1 ? { kind: 'missing' } : socket;
    },
  }).on('why', replyOf());
  reasons = new Reasons(daemon.target, () => (changes += 1));
  reasons.want([webJob('web')]);
  await until(() => looks === 1);
  expect([reasons.of('web'), changes]).toEqual([null, 0]);
  await until(() => {
    reasons.want([webJob('web')]);
    return changes > 0;
  });
  expect(reasons.of('web')).toMatchObject({ clause: '', sentences: '' });
});

test.each<[string, Partial<WebJob>]>([
  ['state', { state: 'failed' }],
  ['start', { startedAt: '2026-01-01T00:00:00.000Z' }],
  ['exit', { lastExit: { code: 1, signal: null, at: '2026-01-01T00:00:00.000Z' } }],
  ['next start', { nextStartAt: '2026-01-01T00:00:00.000Z' }],
  ['test', { test: { verdict: 'fail', exitCode: 1, at: '2026-01-01T00:00:00.000Z' } }],
  ['reason', { reason: 'waits for db' }],
  ['stop by hand', { stoppedByHand: true }],
])('a job with another %s is asked for anew, and one that uses more is not', async (_, more) => {
  daemon.on('why', replyOf(whyOf('web', 'held', 'its test says no')));
  const web = webJob('web', { state: 'held' });
  reasons.want([web]);
  await until(() => changes === 1);
  reasons.want([{ ...web, cpuPercent: 99, memoryBytes: 1, restarts: 9 }]);
  await new Promise(setImmediate);
  expect(daemon.asked).toHaveLength(1);
  reasons.want([{ ...web, ...more }]);
  await until(() => changes === 2);
  expect(daemon.asked).toHaveLength(2);
});

test('one question is asked at a time, and the next only about what is still looked at', async () => {
  let answers: (replies: readonly Reply[]) => void = () => undefined;
  daemon.on('why', new Promise((resolve) => (answers = resolve)), replyOf(whyOf('mq', 'failed', 'exited')));
  const job = (name: string): WebJob => webJob(name, { state: 'failed' });
  reasons.want([job('web'), job('db')]);
  await until(() => daemon.asked.length === 1);
  reasons.want([job('web'), job('mq')]);
  await new Promise(setImmediate);
  expect(askedFor()).toEqual(['web']);
  answers(replyOf(whyOf('web', 'failed', 'exited')));
  await until(() => changes === 2);
  expect(askedFor()).toEqual(['web', 'mq']);
});
