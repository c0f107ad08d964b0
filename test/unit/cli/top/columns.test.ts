import { headingLine, layoutOf, rowLine } from '../../../../src/cli/top/columns.ts';
import type { Sort, TopRow } from '../../../../src/cli/top/rows.ts';
import { knowing, NOW, webJob } from './web-jobs.ts';

const EXIT = { code: 3, signal: null, at: new Date(NOW - 5_000).toISOString() };
const plain = { color: false };

const widthsAt = (jobs: readonly TopRow[], columns: number): string =>
  layoutOf(jobs, columns)
    .map(({ heading, width }) => `${heading} ${width}`)
    .join(', ');

const rowsAt = (jobs: readonly TopRow[], columns: number, reason = ''): readonly string[] =>
  jobs.map((job) => rowLine(layoutOf(jobs, columns), { job, reason, now: NOW }, plain).trimEnd());

const test3 = { verdict: 'fail', exitCode: 1, at: EXIT.at } as const;
const JOBS = knowing(
  webJob('web', { tags: ['prod', 'eu'], restarts: 3, cpuPercent: 99.96, description: 'the shop' }),
  webJob('a-name-that-is-long', { state: 'failed', lastExit: EXIT }),
  webJob('later', { state: 'waiting', nextStartAt: new Date(NOW + 3_725_000).toISOString(), test: test3 }),
).rows;

test.each([
  [18, 'NAME 15'],
  [20, 'NAME 17'],
  [30, 'NAME 18, UP 7'],
  [60, 'NAME 17, STATE 15, UP 7, CPU 6, MEM 4'],
  [80, 'NAME 19, STATE 15, UP 7, CPU 6, MEM 4, ↻ 3'],
  [100, 'NAME 19, STATE 15, UP 7, CPU 6, MEM 4, RESTARTS 8, REASON 26'],
  [140, 'NAME 19, STATE 15, PID 7, UP 7, CPU 6, MEM 4, RESTARTS 8, REASON 57'],
])('at a width of %i top shows the columns that matter most, as wide as there is room', (columns, layout) => {
  expect(widthsAt(JOBS, columns)).toBe(layout);
});

test('a very wide screen shows every column that is not empty for all jobs', () => {
  expect(widthsAt(JOBS, 200)).toBe(
    'NAME 19, STATE 15, PID 7, UP 7, CPU 6, MEM 4, RESTARTS 8, TEST 8, TAGS 7, REASON 98',
  );
  const plainJobs = knowing(webJob('web')).rows;
  expect(widthsAt(plainJobs, 200)).toBe('NAME 4, STATE 7, PID 7, UP 7, CPU 6, MEM 4, RESTARTS 8, REASON 140');
});

test('a very long name takes a quarter of the screen beside reasons, and more without them', () => {
  const name = 'n'.repeat(60);
  const { rows } = knowing(webJob(name));
  expect([widthsAt(rows, 120), widthsAt(rows, 50)]).toEqual([
    'NAME 30, STATE 7, UP 7, CPU 6, MEM 4, RESTARTS 8, REASON 43',
    'NAME 16, STATE 7, UP 7, CPU 6, ↻ 3',
  ]);
  const [row = ''] = rowsAt(rows, 120);
  expect(row).toMatch(/^n+…n+ {2}running/);
});

test('each cell is in its column, with a dash where there is nothing to show', () => {
  expect(rowsAt(JOBS, 200, 'because')).toEqual([
    'a-name-that-is-long  failed (exit 3)        -        -       -     -         -  -         -        because',
    'later                waiting                -    in 1h       -     -         -  fail (1)  -        because',
    'web                  running             4242    1m 5s    100%   20M         3  -         prod eu  because',
  ]);
});

test.each([
  [0, '0.0%'],
  [9.96, '10.0%'],
  [99.94, '99.9%'],
  [99.95, '100%'],
  [1234.5, '1235%'],
])('a cpu of %f percent is shown as %s', (cpuPercent, text) => {
  const { rows } = knowing(webJob('web', { cpuPercent }));
  expect(rowsAt(rows, 80)[0]).toContain(` ${text} `);
});

test('the row of a job with copies counts the copies that are in its worst state', () => {
  const copy = (number: number, more = {}) => webJob(`api@${number}`, { job: 'api', ...more });
  const state = knowing(copy(1), copy(2, { state: 'failed' }), copy(3));
  expect(rowsAt(state.rows, 140)).toEqual(['api ×3  1 failed        -        -    3.0%   40M         -  -']);
  // A pid and an uptime would be those of one copy only.
  const up = knowing(copy(1), copy(2));
  expect(rowsAt(up.rows, 140)).toEqual(['api ×2  2 running        -        -    3.0%   40M         -  -']);
});

test.each<[Sort, boolean, string]>([
  ['trouble', false, '   NAME                 STATE▾                UP     CPU   MEM    ↻'],
  ['trouble', true, '   NAME                 STATE▴                UP     CPU   MEM    ↻'],
  ['name', false, '   NAME▾                STATE                 UP     CPU   MEM    ↻'],
  ['up', false, '   NAME                 STATE                UP▾     CPU   MEM    ↻'],
  ['cpu', false, '   NAME                 STATE                 UP    CPU▾   MEM    ↻'],
  ['memory', true, '   NAME                 STATE                 UP     CPU  MEM▴    ↻'],
  ['restarts', false, '   NAME                 STATE                 UP     CPU   MEM   ↻▾'],
])('an arrow marks the column by which top is sorted: %s, reversed %s', (sort, isReversed, line) => {
  expect(headingLine(layoutOf(JOBS, 80), { sort, isReversed })).toBe(line);
});

test('in a full column the arrow takes a blank of the gap, so that nothing moves', () => {
  const { rows } = knowing(webJob('long', { state: 'running' }));
  expect([
    headingLine(layoutOf(rows, 120), { sort: 'name', isReversed: false }),
    headingLine(layoutOf(rows, 120), { sort: 'restarts', isReversed: false }),
  ]).toEqual([
    '   NAME▾ STATE        PID       UP     CPU   MEM  RESTARTS  REASON'.padEnd(120),
    '   NAME  STATE        PID       UP     CPU   MEM RESTARTS▾  REASON'.padEnd(120),
  ]);
});

test('the state has its colour; tags, and the description of a running job, are dim', () => {
  const { rows } = knowing(webJob('web', { state: 'failed', pid: null, tags: ['eu'], lastExit: EXIT }));
  const [job] = rows as [TopRow];
  const painted = rowLine(layoutOf(rows, 140), { job, reason: 'it broke', now: NOW }, { color: true });
  const up = knowing(webJob('web')).rows as readonly [TopRow];
  const calm = rowLine(layoutOf(up, 140), { job: up[0], reason: 'fine', now: NOW }, { color: true });
  expect([painted, calm]).toEqual([
    expect.stringContaining('\u001b[31mfailed (exit 3)\u001b[0m'),
    expect.stringContaining('\u001b[32mrunning\u001b[0m'),
  ]);
  expect([painted, calm]).toEqual([
    expect.stringContaining('\u001b[2meu\u001b[0m'),
    expect.stringContaining('\u001b[2mfine\u001b[0m'),
  ]);
});
