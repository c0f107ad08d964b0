import { rowsOf, titleOf } from '../../../../../src/cli/web/page/store.ts';
import { EVERYTHING } from '../../../../../src/cli/web/jobs-now.ts';
import type { WebJob } from '../../../../../src/cli/web/messages.ts';
import { webJob } from '../../top/web-jobs.ts';

const mapOf = (...jobs: readonly WebJob[]): ReadonlyMap<string, WebJob> =>
  new Map(jobs.map((each) => [each.name, each]));
const copy = (number: number, more: Partial<WebJob> = {}): WebJob =>
  webJob(`api@${number}`, { job: 'api', ...more });
const EXIT = { code: 1, signal: null, at: '2026-03-01T11:00:00.000Z' };

const shownOf = (jobs: ReadonlyMap<string, WebJob>, open: readonly string[] = []): readonly string[] =>
  rowsOf(jobs, EVERYTHING, new Set(open)).map(
    ({ title, state, isGroup, isInside }) =>
      `${isInside ? '- ' : ''}${title} ${state}${isGroup ? ' (group)' : ''}`,
  );

test('the list of the page begins with the jobs in trouble, and goes on by name', () => {
  const jobs = mapOf(
    webJob('web'),
    webJob('broken', { state: 'failed', lastExit: EXIT }),
    webJob('job10'),
    webJob('job9'),
    webJob('Alpha'),
  );
  expect(shownOf(jobs)).toEqual([
    'broken failed',
    'Alpha running',
    'job9 running',
    'job10 running',
    'web running',
  ]);
});

test('copies are one line in the state of the one most in need, until their job is opened', () => {
  const jobs = mapOf(webJob('db'), copy(10), copy(2, { state: 'failed' }), copy(1));
  expect(shownOf(jobs)).toEqual(['api failed (group)', 'db running']);
  expect(shownOf(jobs, ['api'])).toEqual([
    'api failed (group)',
    '- api@1 running',
    '- api@2 failed',
    '- api@10 running',
    'db running',
  ]);
  const [group, first] = rowsOf(jobs, EVERYTHING, new Set(['api']));
  expect([group?.tone, group?.jobs.length, first?.tone, first?.jobs.length]).toEqual(['bad', 3, 'up', 1]);
  // The line of the group is another one than that of a job of its name.
  expect([group?.key, first?.key]).toEqual(['api ', 'api@1']);
});

test('a single copy has a line of its own, and jobs that the filter leaves out have none', () => {
  expect(shownOf(mapOf(copy(1)))).toEqual(['api@1 running']);
  const jobs = mapOf(copy(1), copy(2, { state: 'failed' }), webJob('db'));
  const rows = rowsOf(jobs, { ...EVERYTHING, state: 'failed' }, new Set());
  expect(rows.map(({ title }) => title)).toEqual(['api@2']);
});

test.each<[string, ReadonlyMap<string, WebJob> | null, string | null]>([
  ['overseer', null, null],
  ['overseer', mapOf(webJob('web')), null],
  [
    '2 failed · overseer',
    mapOf(webJob('web', { state: 'failed' }), webJob('db', { state: 'backoff' }), webJob('x')),
    null,
  ],
  ['no daemon · overseer', mapOf(webJob('web', { state: 'failed' })), 'it ended'],
])('the tab is called "%s"', (title, jobs, lost) => {
  expect(titleOf(jobs, lost)).toBe(title);
});
