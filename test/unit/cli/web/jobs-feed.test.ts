import { JobsFeed } from '../../../../src/cli/web/jobs-feed.ts';
import type { JobsMessage } from '../../../../src/cli/web/messages.ts';
import type { Reply, Transition } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { HOMES, socketText } from '../../../support/fake-client.ts';
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

const asked = (): number => daemon.asked.filter(({ name }) => name === 'status').length;

/** Lets this much time pass, and after each step what it has begun. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advance(100);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }
}

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

test('a viewer who leaves takes nothing from those who stay', async () => {
  daemon.on('events', 'silent').on('status', running('web'), running('web', 'new'));
  const { told, feed, leave: end } = watched();
  await until(() => told.length === 1);
  const late: JobsMessage[] = [];
  const leaveLate = feed.watch((message) => late.push(message));
  expect(late).toEqual(told);
  end();
  leave = leaveLate;
  await after(() => late.length === 2);
  expect(late[1]).toMatchObject({ kind: 'changed', jobs: [{ name: 'new' }], removed: [] });
  expect(told.length).toBe(1);
});

test('a viewer who comes after all have left gets the present jobs from the daemon', async () => {
  daemon.on('events', 'silent').on('status', running('old'), running('new'));
  const { told, feed, leave: end } = watched();
  await until(() => told.length === 1);
  end();
  const { told: later } = watched(feed);
  expect(later).toEqual([]);
  await until(() => later.length === 1);
  expect(later).toMatchObject([{ kind: 'all', jobs: [{ name: 'new' }] }]);
});

test('without changes viewers hear nothing, and events of the daemon itself cause no request', async () => {
  const own = { kind: 'event', event: { machine: 'daemon', id: '42' } as Transition } as const;
  daemon.on('events', [own]).on('status', running('web'));
  const { told } = watched();
  await until(() => told.length === 1);
  clock.advance(100);
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked()).toBe(1);
  // All jobs are asked for again from time to time.
  await after(() => asked() > 3);
  expect(told.length).toBe(1);
});

test('where more than two hundred jobs have changed at once, all are asked for', async () => {
  const events = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...event, event: { ...event.event, id: `job${at}` } }));
  const named = async (count: number): Promise<number> => {
    daemon = new AskedDaemon(HOMES, { clock }).on('events', events(count)).on('status', running('web'));
    const { told, leave: end } = watched();
    await until(() => told.length === 1);
    const questions = () => daemon.asked.filter(({ name }) => name === 'status');
    await after(() => questions().length === 2);
    end();
    const [, second] = questions();
    return second?.name === 'status' ? second.jobs.length : -1;
  };
  expect([await named(200), await named(201)]).toEqual([200, 0]);
});

test('once every viewer has left, the daemon is asked for nothing more', async () => {
  daemon.on('events', 'silent').on('status', running('web'));
  const { told, leave: end } = watched();
  await until(() => told.length === 1);
  end();
  await pass(500);
  const { length } = daemon.asked;
  await pass(10_000);
  expect(daemon.asked.length).toBe(length);
});

test('viewers hear once that the daemon is gone, however often it is looked for', async () => {
  daemon.gone();
  const { told } = watched();
  await after(() => told.length === 1);
  await pass(5_000);
  expect(told.length).toBe(1);
});

test('a loss is no news to who comes after all others have left', async () => {
  daemon.gone();
  const { told, feed, leave: end } = watched();
  await after(() => told.length === 1);
  end();
  daemon.world.socket = { kind: 'text', text: socketText(1) };
  daemon.on('events', 'silent').on('status', running('web'));
  const { told: later } = watched(feed);
  await after(() => later.length > 0);
  expect(later).toMatchObject([{ kind: 'all', jobs: [{ name: 'web' }] }]);
});

test('viewers hear of a job that was removed and comes back unchanged', async () => {
  daemon.on('events', 'silent').on('status', running('db', 'web'), running('web'), running('db', 'web'));
  const { told } = watched();
  await until(() => told.length === 1);
  await after(() => told.length === 3);
  expect(told.slice(1)).toMatchObject([
    { kind: 'changed', jobs: [], removed: ['db'] },
    { kind: 'changed', jobs: [{ name: 'db' }], removed: [] },
  ]);
});

test('a daemon that takes long to tell of all jobs is asked for them less often', async () => {
  let answerNow = (): void => undefined;
  const slow = new Promise<readonly Reply[]>((resolve) => (answerNow = () => resolve(running('web'))));
  daemon.on('events', 'silent').on('status', running('web'), slow, running('web'));
  const { told } = watched();
  await until(() => told.length === 1);
  await after(() => asked() === 2);
  await pass(500);
  answerNow();
  await pass(2_000);
  const then = asked();
  await pass(7_000);
  expect(asked() - then).toBeLessThanOrEqual(1);
});

test('the usage of a job is measured while somebody looks, each figure in its place', async () => {
  daemon
    .on('events', 'silent')
    .on('status', [statusOf(job({ name: 'web', pid: process.pid }), job({ name: 'down', pid: null }))]);
  const { told } = watched();
  await until(() => told.length === 1);
  const usageOf = (message: JobsMessage | undefined) =>
    message?.kind === 'changed'
      ? message.jobs.map(({ name, cpuPercent, memoryBytes }) => ({ name, cpuPercent, memoryBytes }))
      : [];
  await after(() => usageOf(told.at(-1)).length > 0);
  const [usage, ...others] = usageOf(told.at(-1));
  expect([usage?.name, others]).toEqual(['web', []]);
  expect(usage?.cpuPercent).toBeLessThan(100_000);
  expect(usage?.memoryBytes).toBeGreaterThan(1_000_000);
});
