import { JobsFeed } from '../../../../src/cli/web/jobs-feed.ts';
import type { JobsMessage } from '../../../../src/cli/web/messages.ts';
import type { Reply, Transition } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { answer, job, refusal, statusOf } from '../../../support/sample-replies.ts';
import { until } from '../../../support/until.ts';

let clock: FakeClock;
let daemon: AskedDaemon;
let leave: () => void = () => undefined;
beforeEach(() => {
  clock = new FakeClock();
  daemon = new AskedDaemon(HOMES, { clock });
});
afterEach(() => leave());

const event = { kind: 'event', event: { machine: 'job', id: 'web' } as Transition } as const;

/** A feed that somebody looks at, and what it has told. */
function watched(feed = new JobsFeed(daemon.target)) {
  const told: JobsMessage[] = [];
  leave = feed.watch((message) => told.push(message));
  return { feed, told, leave };
}

/** Lets time pass until this has come. */
const after = async (holds: () => boolean): Promise<void> =>
  until(() => {
    clock.advance(100);
    return holds();
  });

const running = (...names: readonly string[]) => [statusOf(...names.map((name) => job({ name })))];

test('a viewer gets all jobs, and then only what has changed', async () => {
  daemon
    .on('events', 'silent')
    .on('status', running('db', 'web'), [
      statusOf(job({ name: 'web', state: 'failed', hasOldConfig: true })),
    ]);
  const { told } = watched();
  await until(() => told.length === 1);
  expect(told[0]).toMatchObject({
    kind: 'all',
    version: '0.1.0',
    jobs: [{ name: 'db' }, { name: 'web', job: 'web' }],
  });
  await after(() => told.length === 2);
  expect(told[1]).toMatchObject({
    kind: 'changed',
    jobs: [{ name: 'web', state: 'failed', hasOldConfig: true }],
    removed: ['db'],
  });
});

test('an event has the job asked for that it is about', async () => {
  daemon
    .on('events', [event])
    .on('status', running('db', 'web'), [statusOf(job({ name: 'web', state: 'failed' }))]);
  const { told } = watched();
  await after(() => told.length === 2);
  expect(told[1]).toMatchObject({ kind: 'changed', jobs: [{ name: 'web', state: 'failed' }], removed: [] });
  expect(daemon.asked.filter(({ name }) => name === 'status').slice(0, 2)).toEqual([
    { name: 'status', jobs: [] },
    { name: 'status', jobs: ['web'] },
  ]);
});

test('a job that is gone when it is asked for is told as removed', async () => {
  daemon.on('events', [event]).on('status', running('db', 'web'), [refusal('no-such-job')], running('db'));
  const { told } = watched();
  await after(() => told.length === 2);
  expect(told[1]).toEqual({ kind: 'changed', jobs: [], removed: ['web'] });
});

test('a daemon that ends is told once as lost, and the next one with all its jobs', async () => {
  let end = (): void => undefined;
  const ended = new Promise<readonly Reply[]>((resolve) => (end = () => resolve([answer({ events: [] })])));
  daemon.on('events', ended, 'silent').on('status', running('web'), running('web', 'new'));
  const { told, feed } = watched();
  await until(() => told.length === 1);
  end();
  await until(() => told.length === 2);
  await after(() => told.length === 3);
  expect(told).toMatchObject([
    { kind: 'all', jobs: [{ name: 'web' }] },
    { kind: 'lost', why: 'the daemon has ended' },
    { kind: 'all', jobs: [{ name: 'web' }, { name: 'new' }] },
  ]);
  const late: JobsMessage[] = [];
  feed.watch((message) => late.push(message))();
  expect(late).toMatchObject([{ kind: 'all', jobs: [{ name: 'web' }, { name: 'new' }] }]);
});

test('who comes while no daemon runs learns that, and nobody asks once all have left', async () => {
  daemon.gone();
  const { told, feed, leave: end } = watched();
  await after(() => told.length === 1);
  expect(told).toEqual([{ kind: 'lost', why: expect.stringContaining('no daemon is running') }]);
  const late: JobsMessage[] = [];
  const leaveLate = feed.watch((message) => late.push(message));
  expect(late).toEqual(told);
  end();
  leaveLate();
  const { length } = daemon.asked;
  clock.advance(60_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(daemon.asked.length).toBe(length);
});

test('a viewer who comes as the last one leaves, as a page does that is loaded anew, sees no end', async () => {
  daemon.on('events', 'silent').on('status', running('web'));
  const { told, feed, leave: end } = watched();
  await until(() => told.length === 1);
  end();
  const { told: later } = watched(feed);
  await until(() => later.length > 0);
  clock.advance(1_000);
  await new Promise((resolve) => setTimeout(resolve));
  expect([later, told.length]).toEqual([[told[0]], 1]);
});
