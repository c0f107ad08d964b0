import fc from 'fast-check';
import { instancesIn, rowsOf, SORTS, type RowChoice, type Sort } from '../../../../src/cli/top/rows.ts';
import { EVERYTHING } from '../../../../src/cli/web/jobs-now.ts';
import type { WebJob } from '../../../../src/cli/web/messages.ts';
import { knowing, namesOf, webJob } from './web-jobs.ts';

const choice = (jobs: readonly WebJob[], more: Partial<RowChoice> = {}): RowChoice => ({
  known: { jobs: new Map(jobs.map((job) => [job.name, job])), lost: null },
  filter: EVERYTHING,
  sort: 'trouble',
  isReversed: false,
  open: new Set(),
  ...more,
});
const names = (jobs: readonly WebJob[], more: Partial<RowChoice> = {}): string =>
  namesOf({ rows: rowsOf(choice(jobs, more)) } as ReturnType<typeof knowing>).join(' ');

const copy = (number: number, more: Partial<WebJob> = {}): WebJob =>
  webJob(`api@${number}`, { job: 'api', ...more });
const PASS = { verdict: 'pass', exitCode: 0, at: '2026-03-01T11:00:00.000Z' } as const;

test('copies stand below their job in its own order, also when that is turned round', () => {
  const jobs = [webJob('db'), copy(1, { cpuPercent: 9 }), copy(2, { cpuPercent: 1 }), copy(10)];
  const open = new Set(['api']);
  expect([
    names(jobs, { open }),
    names(jobs, { open, isReversed: true }),
    names(jobs, { open, sort: 'cpu' }),
    names(jobs, { open, sort: 'cpu', isReversed: true }),
  ]).toEqual([
    'api api@1 api@2 api@10 db',
    'db api api@10 api@2 api@1',
    'api api@1 api@10 api@2 db',
    'db api api@2 api@10 api@1',
  ]);
});

test('a job that uses nothing comes before one of which nothing is known', () => {
  const jobs = [
    webJob('unknown', { cpuPercent: null, memoryBytes: null }),
    webJob('idle', { cpuPercent: 0, memoryBytes: 0 }),
    webJob('zero', { cpuPercent: 0, memoryBytes: 0 }),
  ];
  expect(names([...jobs, webJob('a', { cpuPercent: null, memoryBytes: null })], { sort: 'cpu' })).toBe(
    'idle zero a unknown',
  );
  expect(names([...jobs, webJob('a', { cpuPercent: null, memoryBytes: null })], { sort: 'memory' })).toBe(
    'idle zero a unknown',
  );
});

test('by uptime the one that is up longest comes first, and those that are down come last', () => {
  const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  // Of a job that has ended the last start is still known.
  const jobs = [
    webJob('ended', { state: 'failed', startedAt: at(0) }),
    webJob('younger', { startedAt: at(2) }),
    webJob('older', { startedAt: at(1) }),
    webJob('never', { state: 'held' }),
  ];
  expect(names(jobs, { sort: 'up' })).toBe('older younger ended never');
});

test('the row of a job with copies has their sums, and not the test of one of them', () => {
  const [row] = rowsOf(
    choice([
      copy(1, { restarts: 1, cpuPercent: null, memoryBytes: 5, test: PASS }),
      copy(2, { restarts: 2, cpuPercent: 2, memoryBytes: null, test: PASS }),
    ]),
  );
  expect(row).toMatchObject({ name: 'api', restarts: 3, cpuPercent: 2, memoryBytes: 5, test: null });
  const [unknown] = rowsOf(choice([1, 2].map((at) => copy(at, { cpuPercent: null, memoryBytes: null }))));
  expect(unknown).toMatchObject({ cpuPercent: null, memoryBytes: null });
  // One copy of which the others are filtered out is a row like any other.
  expect(names([copy(1), copy(2, { state: 'failed' })], { filter: { ...EVERYTHING, state: 'failed' } })).toBe(
    'api@2',
  );
});

test('whatever the order and whatever is open, each job that is shown is counted and there once', () => {
  const jobs = fc.uniqueArray(
    fc.record({
      job: fc.constantFrom('a', 'b', 'c'),
      number: fc.integer({ min: 1, max: 12 }),
      state: fc.constantFrom('running' as const, 'failed' as const, 'stopped' as const),
      cpuPercent: fc.option(fc.integer({ min: 0, max: 2 })),
    }),
    { selector: ({ job, number }) => `${job}@${number}` },
  );
  fc.assert(
    fc.property(
      jobs,
      fc.constantFrom<Sort[]>(...SORTS),
      fc.boolean(),
      fc.subarray(['a', 'b', 'c']),
      (made, sort, isReversed, open) => {
        const all = made.map(({ job, number, ...more }) => webJob(`${job}@${number}`, { job, ...more }));
        const rows = rowsOf(choice(all, { sort, isReversed, open: new Set(open) }));
        expect(instancesIn(rows)).toBe(all.length);
        const heads = rows.filter(({ isInside }) => !isInside);
        const told = heads.flatMap((row) => row.copies ?? [row]);
        expect(told.map(({ name }) => name).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
        for (const head of heads) {
          const inside = rows.filter((row) => row.isInside && row.job === head.name);
          expect(inside.length).toBe(open.includes(head.name) ? (head.copies?.length ?? 0) : 0);
        }
        const straight = rowsOf(choice(all, { sort, isReversed: !isReversed }));
        expect(straight.map(({ name }) => name)).toEqual(heads.map(({ name }) => name).toReversed());
      },
    ),
  );
});
