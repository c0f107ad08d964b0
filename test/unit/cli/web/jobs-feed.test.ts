import { JobsFeed } from '../../../../src/cli/web/jobs-feed.ts';
import type { JobsMessage } from '../../../../src/cli/web/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { answer, DAEMON, job } from '../../../support/sample-replies.ts';
import { until } from '../../../support/until.ts';

const status = (...jobs: readonly Parameters<typeof job>[0][]) => [
  answer({ daemon: DAEMON, jobs: jobs.map(job) }),
];
const A = { name: 'a', job: 'a', state: 'stopped' } as const;
const B = { name: 'b', job: 'b', state: 'stopped' } as const;

const leaving: (() => void)[] = [];
afterEach(() => leaving.splice(0).forEach((leave) => leave()));

/** A viewer of a feed: what it is told, in short, the newest last. */
function viewer(feed: JobsFeed) {
  const told: string[] = [];
  const names = (jobs: readonly { readonly name: string; readonly state: string }[]): string =>
    jobs.map(({ name, state }) => `${name} ${state}`).join(', ');
  const leave = feed.watch((message: JobsMessage) => {
    if (message.kind === 'all') told.push(`all: ${names(message.jobs)}`);
    else if (message.kind === 'lost') told.push('lost');
    else told.push(`changed: ${names(message.jobs)}; removed: ${message.removed.join()}`);
  });
  leaving.push(leave);
  return { told, leave };
}

test('a job that is removed while it is stopped leaves the page, though no event tells of it', async () => {
  const daemon = new AskedDaemon().on('events', 'silent').on('status', status(A, B), status(A, B), status(A));
  const { told } = viewer(new JobsFeed(daemon.target));
  await until(() => told.length === 2);
  expect(told).toEqual(['all: a stopped, b stopped', 'changed: ; removed: b']);
});

test('a job that comes, or changes, without an event is told, and one that stays is not', async () => {
  const daemon = new AskedDaemon()
    .on('events', 'silent')
    .on('status', status(A), status(A, B), status({ ...A, state: 'held' }, B));
  const { told } = viewer(new JobsFeed(daemon.target));
  await until(() => told.length === 3);
  expect(told).toEqual(['all: a stopped', 'changed: b stopped; removed: ', 'changed: a held; removed: ']);
});

test('a viewer who comes after all have left is told how things are now, not how they were', async () => {
  const daemon = new AskedDaemon().on('events', 'silent').on('status', status(A, B));
  const feed = new JobsFeed(daemon.target);
  const first = viewer(feed);
  await until(() => first.told.length === 1);
  first.leave();
  daemon.gone();
  const second = viewer(feed);
  await until(() => second.told.length === 1);
  expect([first.told, second.told]).toEqual([['all: a stopped, b stopped'], ['lost']]);
});

test('a second viewer is told at once what the first one knows', async () => {
  const daemon = new AskedDaemon().on('events', 'silent').on('status', status(A));
  const feed = new JobsFeed(daemon.target);
  const first = viewer(feed);
  await until(() => first.told.length === 1);
  const second = viewer(feed);
  expect(second.told).toEqual(['all: a stopped']);
});
