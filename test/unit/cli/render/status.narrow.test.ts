import { laterBy, renderStatus, shownJobs, statusJson } from '../../../../src/cli/render/status.ts';
import type { BriefStatus } from '../../../../src/wire/messages.ts';
import { before, DAEMON, job, NOW, plain } from '../../../support/sample-replies.ts';

const JOBS = [
  {
    ...job({
      name: 'a-name-of-a-job-that-is-long',
      pid: 4243,
      startedAt: before(192_000),
      restarts: 12,
      test: { verdict: 'pass', exitCode: 0, at: before(0) },
      description: 'What it is for, in a few words',
      tags: ['front', 'production'],
    }),
    usage: { cpuPercent: 12.34, memoryBytes: 20 * 1024 * 1024 },
  },
];
const linesAt = (columns: number): readonly string[] =>
  renderStatus({ jobs: JOBS }, plain(columns)).split('\n').slice(0, 2);

test.each<[number, string, string]>([
  [
    200,
    'NAME                          STATE    PID   UP      CPU    MEM  ' +
      'RESTARTS  TEST  TAGS              DESCRIPTION',
    'a-name-of-a-job-that-is-long  running  4243  3m 12s  12.3%  20M  ' +
      '12        pass  front production  What it is for, in a few words',
  ],
  [
    115,
    'NAME                          STATE    PID   UP      CPU    MEM  ' +
      'RESTARTS  TEST  TAGS              DESCRIPTION',
    'a-name-of-a-job-that-is-long  running  4243  3m 12s  12.3%  20M  ' +
      '12        pass  front production  What it is for,…',
  ],
  [
    110,
    'NAME                          STATE    PID   UP      CPU    MEM  RESTARTS  TEST  TAGS',
    'a-name-of-a-job-that-is-long  running  4243  3m 12s  12.3%  20M  12        pass  front production',
  ],
  [
    92,
    'NAME                          STATE    PID   UP      CPU    MEM  RESTARTS  TEST  TAGS',
    'a-name-of-a-job-that-is-long  running  4243  3m 12s  12.3%  20M  12        pass  front prod…',
  ],
  [
    80,
    'NAME                          STATE    PID   UP      CPU    MEM  RESTARTS  TEST',
    'a-name-of-a-job-that-is-long  running  4243  3m 12s  12.3%  20M  12        pass',
  ],
  [
    70,
    'NAME                 STATE    PID   UP      CPU    MEM  RESTARTS  TEST',
    'a-name-of-a-…s-long  running  4243  3m 12s  12.3%  20M  12        pass',
  ],
  [
    60,
    'NAME              STATE    PID   UP      CPU    MEM  TEST',
    'a-name-of-…-long  running  4243  3m 12s  12.3%  20M  pass',
  ],
  [
    56,
    'NAME              STATE    PID   UP      CPU    MEM',
    'a-name-of-…-long  running  4243  3m 12s  12.3%  20M',
  ],
  [46, 'NAME              STATE    PID   UP      MEM', 'a-name-of-…-long  running  4243  3m 12s  20M'],
  [40, 'NAME              STATE    PID   UP', 'a-name-of-…-long  running  4243  3m 12s'],
  [35, 'NAME              STATE    UP', 'a-name-of-…-long  running  3m 12s'],
  [30, 'NAME              STATE', 'a-name-of-…-long  running'],
])('on %i columns the table of status gives up what matters least', (columns, heading, row) => {
  expect(linesAt(columns)).toEqual([heading, row]);
});

test('a status as JSON has the facts of each job, and not what is only for the table', () => {
  const [measured] = JOBS;
  const old = { ...job({ name: 'old', hasOldConfig: true }), unhealthy: null, outlook: null };
  const { jobs } = statusJson({ daemon: DAEMON, jobs: [measured!, old as never] });
  expect(jobs.map((each) => Object.keys(each).toSorted())).toEqual(
    Array.from({ length: 2 }, () => [
      'cpuPercent',
      'description',
      'lastExit',
      'memoryBytes',
      'name',
      'nextStartAt',
      'oldConfig',
      'pid',
      'reason',
      'restarts',
      'startedAt',
      'state',
      'stoppedByHand',
      'tags',
      'test',
    ]),
  );
  expect(jobs.map(({ oldConfig, cpuPercent, memoryBytes }) => [oldConfig, cpuPercent, memoryBytes])).toEqual([
    [false, 12.34, 20 * 1024 * 1024],
    [true, null, null],
  ]);
});

test('a status that is shown later is older by that time', () => {
  const jobs = [
    job({ startedAt: before(1_000), test: { verdict: 'pass', exitCode: 0, at: before(5_000) } }),
    job({ lastExit: { code: 1, signal: null, at: before(7_000) } }),
  ];
  expect(laterBy(500, { daemon: DAEMON, jobs }).jobs.map(({ ages }) => ages)).toEqual([
    { up: 1_500, lastExit: null, test: 5_500 },
    { up: null, lastExit: 7_500, test: null },
  ]);
});

test('a brief status is shown like a whole one, with nothing in what it leaves out', () => {
  const brief = { jobs: [{ name: 'web', state: 'running' }] } as unknown as BriefStatus;
  expect(renderStatus({ jobs: shownJobs(brief) }, plain(80))).toBe('NAME  STATE\nweb   running\n');
});

test('a start that is due is told as that, and one whose time is past as due now', () => {
  const due = (ms: number): string =>
    renderStatus(
      { jobs: [job({ state: 'backoff', nextStartAt: new Date(NOW + ms).toISOString() })] },
      plain(80),
    );
  expect([due(65_000), due(-65_000)]).toEqual([
    'NAME  STATE    UP\nweb   backoff  in 1m 5s\n',
    'NAME  STATE    UP\nweb   backoff  in 0s\n',
  ]);
});

test('a test without an answer is yellow, tags are dim, and the heading is bold', () => {
  const jobs = [job({ tags: ['eu'], test: { verdict: 'unknown', exitCode: null, at: before(0) } })];
  expect(renderStatus({ jobs }, { ...plain(80), color: true })).toBe(
    '\u001b[1mNAME\u001b[0m  \u001b[1mSTATE\u001b[0m    \u001b[1mTEST\u001b[0m     \u001b[1mTAGS\u001b[0m\n' +
      'web   \u001b[32mrunning\u001b[0m  \u001b[33munknown\u001b[0m  \u001b[2meu\u001b[0m\n',
  );
});
