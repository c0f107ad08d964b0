import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands/commands.ts';
import { writeFirstConfig } from '../../src/cli/offline.ts';
import { LogTail } from '../../src/cli/logs/log-tail.ts';
import { LINE_MAX } from '../../src/cli/logs/tail-start.ts';
import { GLOBAL_OPTIONS } from '../../src/cli/argv/global-options.ts';
import { displayWidth, fit, fitInside, pad } from '../../src/text/display-width.ts';
import { clockWords } from '../../src/cli/render/clock-words.ts';
import { duration } from '../../src/text/duration.ts';
import { EventLines } from '../../src/cli/render/events.ts';
import { nameColumnOf } from '../../src/cli/logs/sinks.ts';
import type { RenderContext } from '../../src/cli/terminal/render-context.ts';
import { printable, printableJson } from '../../src/text/printable.ts';
import { renderProgress } from '../../src/cli/render/progress.ts';
import { renderReport } from '../../src/cli/render/report.ts';
import { renderStatus } from '../../src/cli/render/status.ts';
import { renderWhy } from '../../src/cli/render/why.ts';
import { VERSION } from '../../src/version.ts';
import type { Change, ReportedChange } from '../../src/plan/change.ts';
import type { JobStatus, Refusal, Reply, Report, Status, Why } from '../../src/wire/messages.ts';
import { answering, KeptOutput, run } from '../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES, launchOf, type FakeWorld } from '../support/fake-client.ts';

const NOW = Date.UTC(2026, 0, 2);
const plain = (columns: number): RenderContext => ({ columns, color: false, now: NOW });
const before = (ms: number): string => new Date(NOW - ms).toISOString();

function job(given: Partial<JobStatus>): JobStatus {
  const rest = {
    startedAt: null,
    restarts: 0,
    test: null,
    lastExit: null,
    lastRunFailed: false,
    stoppedByHand: false,
    nextStartAt: null,
    description: null,
    tags: [],
  };
  const ageOf = (at: string | null | undefined): number | null =>
    at === null || at === undefined ? null : NOW - Date.parse(at);
  const ages = {
    up: ageOf(given.startedAt),
    lastExit: ageOf(given.lastExit?.at),
    test: ageOf(given.test?.at),
  };
  return { name: 'web', job: 'web', state: 'running', pid: null, ...rest, ages, ...given };
}

/** A change with these words for its facts. */
const change = ({ detail = '', ...given }: Partial<Change>): ReportedChange => ({
  job: 'web',
  action: 'none',
  reason: 'unchanged',
  state: 'running',
  pid: 4242,
  facts: detail === '' ? [] : [{ kind: 'notStarted', why: detail }],
  ...given,
});

const JOBS: readonly JobStatus[] = [
  job({
    name: 'api',
    pid: 4243,
    startedAt: before(192_000),
    restarts: 2,
    test: { verdict: 'pass', exitCode: 0, at: before(0) },
    description: '店頭のウェブ 🛒 for everybody, now and then',
  }),
  job({
    name: 'import',
    state: 'backoff',
    lastExit: { code: 3, signal: null, at: before(100) },
    nextStartAt: new Date(NOW + 4000).toISOString(),
  }),
  job({ name: 'mail', state: 'held', test: { verdict: 'fail', exitCode: 1, at: before(0) } }),
  job({ name: 'web', pid: 42, startedAt: before(187_200_000) }),
];
const DAEMON = { pid: 4000, port: 50123, version: '0.1.0', startedAt: before(0) };

describe('the status table', () => {
  test('fits 80 columns by cutting the description, and counts a wide character as two', () => {
    expect(renderStatus({ daemon: DAEMON, jobs: JOBS }, plain(80))).toBe(
      [
        'NAME    STATE             PID   UP      RESTARTS  TEST      DESCRIPTION',
        'api     running           4243  3m 12s  2         pass      店頭のウェブ 🛒 for…',
        'import  backoff (exit 3)  -     in 4s   -         -         -',
        'mail    held              -     -       -         fail (1)  -',
        'web     running           42    2d 4h   -         -         -',
        '',
      ].join('\n'),
    );
  });

  test('shows everything where there is room', () => {
    const [, line] = renderStatus({ daemon: DAEMON, jobs: JOBS }, plain(200)).split('\n');
    expect(line).toBe(
      'api     running           4243  3m 12s  2         pass      店頭のウェブ 🛒 for everybody, now and then',
    );
  });

  test('of long names keeps both ends, and is never wider than the page', () => {
    const long = 'a-name-as-long-as-a-name-may-be-which-is-sixty-four-letters-long';
    const jobs = [...JOBS, job({ name: `${long.slice(0, 62)}@1`, pid: 7, startedAt: before(5000) })];
    const [, , , , , line] = renderStatus({ daemon: DAEMON, jobs }, plain(80)).split('\n');
    expect(line).toBe('a-name-as-long-as-…ters-lo@1  running           7     5s      -         -');
    for (const columns of [80, 72, 60, 50, 40, 36]) {
      const lines = renderStatus({ daemon: DAEMON, jobs }, plain(columns)).split('\n');
      expect(lines.filter((each) => displayWidth(each) > columns)).toEqual([]);
      expect(lines[2]).toMatch(/^import +backoff \(exit 3\)/);
    }
  });

  test('leaves out columns in which nothing would stand', () => {
    expect(renderStatus({ daemon: DAEMON, jobs: [job({ state: 'stopped' })] }, plain(80))).toBe(
      'NAME  STATE\nweb   stopped\n',
    );
    expect(renderStatus({ daemon: DAEMON, jobs: [] }, plain(80))).toBe('no jobs\n');
  });

  test('paints the state and nothing that a job supplies', () => {
    const jobs = [job({ pid: 7, startedAt: before(5000), description: '\u001b[31mred\u001b[0m\u202egnorw' })];
    const lines = renderStatus({ daemon: DAEMON, jobs }, { ...plain(80), color: true }).split('\n');
    expect(lines[1]).toBe('web   \u001b[32mrunning\u001b[0m  7    5s  \\e[31mred\\e[0m\\u{202e}gnorw');
  });
});

describe('the report', () => {
  const CHANGES: readonly ReportedChange[] = [
    change({ job: 'api', action: 'restart', reason: 'changed', detail: 'args changed', pid: 4243 }),
    change({ job: 'cron', reason: 'test-unknown', detail: 'the test timed out' }),
    change({ job: 'db', action: 'update', reason: 'changed', detail: 'stop_timeout changed' }),
    change({
      job: 'import',
      action: 'start',
      reason: 'new',
      detail: 'exited with 3, next start in 0.4 s',
      state: 'backoff',
      pid: null,
    }),
    change({
      job: 'mail',
      action: 'stop',
      reason: 'test-failed',
      detail: 'the test exited with 1',
      state: 'held',
      pid: null,
    }),
    change({ job: 'old', action: 'remove', reason: 'removed', state: 'stopped', pid: null }),
    change({ job: 'rest' }),
    change({ job: 'ウェブ', action: 'start', reason: 'new', pid: 4244 }),
  ];

  test('names beside a change the few jobs that stay down, and says why', () => {
    const started = {
      job: 'web',
      action: 'start',
      reason: 'new',
      facts: [],
      state: 'running',
      pid: 4242,
    } as const;
    const held = {
      job: 'nightly',
      action: 'none',
      reason: 'test-failed',
      facts: [{ kind: 'tested', detail: 'exited with 1' }],
      state: 'held',
      pid: null,
    } as const;
    expect(renderReport({ ok: true, changes: [held, started], problems: [] }, false, plain(80))).toBe(
      [
        '· nightly  held     test exited with 1',
        '+ web      started  new                 pid 4242',
        '',
        '1 started, 1 held',
        '',
      ].join('\n'),
    );
    const stopped = change({ action: 'stop', reason: 'by-hand', state: 'stopped', pid: null });
    const before = change({
      job: 'held',
      reason: 'by-hand',
      detail: 'was not running',
      state: 'stopped',
      pid: null,
    });
    expect(renderReport({ ok: true, changes: [before, stopped], problems: [] }, false, plain(80))).toMatch(
      /\n1 stopped, 1 stopped before\n$/,
    );
    const many = Array.from({ length: 11 }, (_, n) => ({ ...held, job: `nightly${n}` }));
    expect(renderReport({ ok: true, changes: [...many, started], problems: [] }, false, plain(80))).toBe(
      ['+ web  started  new  pid 4242', '', '1 started, 11 held', ''].join('\n'),
    );
  });

  test('a long detail does not push the rest of the other rows away where nothing is cut', () => {
    const why = `command not found: ${'x'.repeat(200)}`;
    const long = change({
      job: 'a',
      action: 'start',
      reason: 'new',
      detail: why,
      state: 'failed',
      pid: null,
    });
    const short = change({ job: 'b', action: 'start', reason: 'new' });
    const [first, second] = renderReport(
      { ok: false, changes: [long, short], problems: [] },
      false,
      plain(Infinity),
    ).split('\n');
    expect([first, second]).toEqual([`! a  down     ${why}  failed`, '+ b  started  new  pid 4242']);
  });

  test('has a line for each job that changed or needs a look, and a sum', () => {
    expect(renderReport({ ok: false, changes: CHANGES, problems: [] }, false, plain(80))).toBe(
      [
        '↻ api     restarted  args changed                        pid 4243',
        '? cron    unchanged  the test timed out                  pid 4242',
        '~ db      updated    stop_timeout changed                pid 4242',
        '! import  down       exited with 3, next start in 0.4 s  backoff',
        '- mail    stopped    the test exited with 1              held',
        '- old     removed    not in the config any more',
        '+ ウェブ  started    new                                 pid 4244',
        '',
        '1 started, 1 restarted, 1 updated, 1 stopped, 1 removed, 2 unchanged, 1 down',
        '',
      ].join('\n'),
    );
  });

  test('of a plan says what would be done', () => {
    expect(renderReport({ ok: true, changes: CHANGES.slice(0, 4), problems: [] }, true, plain(80))).toBe(
      [
        '↻ api     restart    args changed',
        '? cron    unchanged  the test timed out',
        '~ db      update     stop_timeout changed',
        '+ import  start      exited with 3, next start in 0.4 s',
        '',
        '1 to start, 1 to restart, 1 to update, 1 unchanged',
        '',
      ].join('\n'),
    );
  });

  test('that nothing changed is one line', () => {
    const changes = ['a', 'b', 'c'].map((name) => change({ job: name }));
    const held = change({ job: 'd', state: 'held', pid: null });
    expect(renderReport({ ok: true, changes: [...changes, held], problems: [] }, false, plain(80))).toBe(
      'nothing changed: 3 jobs running, 1 held\n',
    );
    expect(renderReport({ ok: true, changes: [held], problems: [] }, true, plain(80))).toBe(
      'nothing to do: 1 job held\n',
    );
    expect(renderReport({ ok: true, changes: [], problems: [] }, false, plain(80))).toBe(
      'nothing changed: no jobs\n',
    );
  });

  test('of a plan, a new job that its test keeps down is not called stopped', () => {
    const held = change({
      job: 'held',
      reason: 'test-failed',
      detail: 'test exited with 1',
      state: 'stopped',
      pid: null,
    });
    const asked = change({
      job: 'asked',
      reason: 'test-unknown',
      detail: 'test exited with 255',
      state: 'stopped',
      pid: null,
    });
    expect(renderReport({ ok: true, changes: [held], problems: [] }, true, plain(80))).toBe(
      'nothing to do: 1 job held\n',
    );
    const lines = [
      '? asked  held  test exited with 255',
      '· held   held  test exited with 1',
      '',
      'nothing to do: 2 jobs held',
      '',
    ];
    expect(renderReport({ ok: true, changes: [asked, held], problems: [] }, true, plain(80))).toBe(
      lines.join('\n'),
    );
  });

  test('tells the time that a job waits for by the reader’s clock', () => {
    const night: ReportedChange = {
      ...change({ action: 'start', reason: 'new', state: 'waiting' }),
      facts: [{ kind: 'waitsForTime', at: '2026-11-26T03:00:00.000Z' }],
    };
    const now = Date.parse('2026-11-20T12:00:00Z');
    const told = renderReport({ ok: true, changes: [night], problems: [] }, false, plain(80), now);
    expect(told).toContain(`waits for its time, ${clockWords('2026-11-26T03:00:00.000Z', now)}  waiting`);
    expect(told).toMatch(/, 2026-11-2\d \d\d:00:00 /);
  });

  test('cuts the reason, not the name or the pid, to fit', () => {
    const report = {
      ok: true,
      changes: [change({ action: 'start', reason: 'new', detail: 'x'.repeat(100) })],
      problems: [],
    };
    const [line = ''] = renderReport(report, false, plain(80)).split('\n');
    expect(displayWidth(line)).toBe(80);
    expect(line).toMatch(/^\+ web {2}started {2}x+… {2}pid 4242$/);
  });
});

const WHY: Why = {
  status: job({
    state: 'held',
    restarts: 2,
    test: { verdict: 'fail', exitCode: 1, at: before(5000) },
    lastExit: { code: null, signal: 'SIGTERM', at: before(65_000) },
  }),
  because: [
    { kind: 'held', verdict: 'fail', detail: 'says no and has said so for quite a while' },
    { kind: 'nextTest', everyMs: null, at: null },
  ],
  command: 'node server.js',
  cwd: '/home/me',
  testCommand: 'test -e /tmp/on',
  testDetail: 'exited with 1',
  testOutput: 'one\n\u001b[2Jtwo\n',
  restart: 'always',
  watch: ['src/**/*.js'],
  waitsFor: [],
  log: '/logs/web.log',
  history: [
    {
      at: before(65_000),
      age: 65_000,
      event: 'xstate.after.backoff.job.child.Backoff',
      from: 'want.Yes child.Backoff',
      to: 'want.Yes child.Down',
      state: 'held',
      cause: 'test',
      file: null,
      pid: null,
      exit: null,
      nextStartAt: null,
      detail: 'its test exited with 1',
    },
  ],
  runs: [
    {
      run: 3,
      startedAt: before(75_000),
      endedAt: before(65_000),
      durationMs: 10_000,
      exit: { code: null, signal: 'SIGTERM' },
      cause: 'by-hand',
      detail: 'stopped by hand',
    },
  ],
};

/** As the reader's clock has it. */
const at = (ms: number): string => clockWords(before(ms), NOW);

describe('why', () => {
  test('why is name and state, prose that fits, the facts, then the history', () => {
    expect(renderWhy(WHY, plain(60))).toBe(
      [
        'web  held',
        'Its test says no and has said so for quite a while, so it',
        'should not be running.',
        'The test runs again at each `overseer`.',
        '',
        '  command     node server.js',
        '  cwd         /home/me',
        '  test        test -e /tmp/on',
        '              fail: exited with 1, 5s ago',
        '  test output one',
        '              \\e[2Jtwo',
        '  restart     always, 2 so far',
        '  watch       src/**/*.js',
        `  last run    from ${at(75_000)} to ${at(65_000).slice(0, 10)}`,
        `              ${at(65_000).slice(11)}, 10s: SIGTERM, stopped by hand`,
        '  last exit   SIGTERM, 1m 5s ago',
        '  log         /logs/web.log',
        '',
        'history',
        '  1m 5s ago  held      its test exited with 1',
        '',
      ].join('\n'),
    );
  });

  test('why says moments in local time and how far off they are, and cuts no path', () => {
    const because = [{ kind: 'startsAgain', at: new Date(NOW + 12_000).toISOString() }] as const;
    const log = `/home/me/${'far/'.repeat(12)}web.log`;
    const [, first = '', , ...facts] = renderWhy({ ...WHY, because, log }, plain(60)).split('\n');
    expect(`${first} ${facts[0] ?? ''}`).toMatch(
      /^It starts again at \d\d:\d\d:\d\d, in 12s; `overseer start web` +/,
    );
    const shown = facts.join('').replace(/ +/g, '');
    expect(shown).toContain(log);
  });
});

/** The rows of one fact: that with its label, and those below it without one. */
function rowsOf(label: string, lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.startsWith(`  ${label}`));
  const rest = lines.slice(first + 1);
  const next = rest.findIndex((line) => !line.startsWith(' '.repeat(14)));
  return lines.slice(first, first + 1 + next);
}

describe('the output of a test in why', () => {
  const shown = (testOutput: string, columns: number): readonly string[] =>
    rowsOf('test output', renderWhy({ ...WHY, testOutput }, plain(columns)).split('\n'));
  const line = (at: number, text: string): string => `  ${(at === 0 ? 'test output' : '').padEnd(12)}${text}`;

  test('is its last five rows on the page, whether one line is long or there are many', () => {
    expect(shown(`${'x'.repeat(100)}${'y'.repeat(50)}${'z'.repeat(10)}`, 34)).toEqual([
      line(0, '…'),
      line(1, 'x'.repeat(20)),
      line(2, 'x'.repeat(20)),
      line(3, 'y'.repeat(20)),
      line(4, 'y'.repeat(20)),
      line(5, `${'y'.repeat(10)}${'z'.repeat(10)}`),
    ]);
    expect(shown('1\n2\n3\n4\n5\n6\n7\n', 34)).toEqual(
      ['…', '3', '4', '5', '6', '7'].map((text, at) => line(at, text)),
    );
    expect(shown('one\ntwo\n', 34)).toEqual([line(0, 'one'), line(1, 'two')]);
  });

  test('is cut between characters, and whole where nothing is cut', () => {
    expect(shown('ウェブウェブ', 19)).toEqual([line(0, 'ウェ'), line(1, 'ブウ'), line(2, 'ェブ')]);
    expect(shown('ab🛒🛒', 19)).toEqual([line(0, 'ab🛒'), line(1, '🛒')]);
    expect(shown(`${'x'.repeat(900)}\n1\n2\n3\n4\n5`, Infinity)).toHaveLength(6);
  });
});

describe('words and widths', () => {
  test.each([
    ['web', 3],
    ['ウェブ', 6],
    ['é', 1],
    ['e\u0301', 1],
    ['🛒', 2],
    ['👨‍👩‍👧', 2],
    ['🇨🇭🇫🇷', 4],
    ['👍🏽', 2],
    ['❤️', 2],
    ['한국', 4],
    ['…', 1],
  ])('%s takes %d columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('a cut text keeps whole characters and fits with its mark', () => {
    expect([fit('ウェブ', 5), fit('ウェブ', 6), fit('a👨‍👩‍👧b', 3), fit('abc', 1), fit('abc', 0)]).toEqual([
      'ウェ…',
      'ウェブ',
      'a…',
      '…',
      '',
    ]);
    expect([
      fitInside('worker-of-the-shop@2', 12),
      fitInside('ウェブサイト', 7),
      fitInside('abc', 2),
      fitInside('web', 3),
    ]).toEqual(['worker-o…p@2', 'ウェ…ト', 'a…', 'web']);
    expect(pad('ウェ', 6)).toBe('ウェ  ');
  });

  test('names before lines take no more than their share of the page', () => {
    const long = 'a-name-as-long-as-a-name-may-be-which-is-sixty-four-letters-lo@1';
    expect(nameColumnOf(['web', long], plain(80))(long)).toBe('a-name-as-long-a…rs-lo@1');
    expect(nameColumnOf(['web', long], plain(Infinity))('web')).toBe('web'.padEnd(64));
    const transition = {
      at: before(0),
      machine: 'job',
      id: long,
      job: long,
      event: 'Spawned',
      from: 'child.Down',
      to: 'child.Running',
      detail: '',
    } as const;
    const line = new EventLines(plain(80)).line(transition);
    expect(displayWidth(line.trimEnd())).toBeLessThanOrEqual(80);
    expect(line).toMatch(/started$/m);
  });

  test('a duration has its two largest units', () => {
    expect([0, 999, 45_000, 192_000, 3_600_000, 187_200_000].map(duration)).toEqual([
      '0s',
      '0s',
      '45s',
      '3m 12s',
      '1h',
      '2d 4h',
    ]);
  });

  test('progress is one line that fits', () => {
    const pending = ['web', 'db', 'a-long-name'].map((name) => ({ job: name, state: 'starting' as const }));
    expect(renderProgress('starting', { done: 3, of: 12, pending }, plain(80))).toBe(
      'starting 3 of 12: web, db, a-long-name',
    );
    expect(renderProgress('starting', { done: 3, of: 12, pending }, plain(30))).toBe(
      'starting 3 of 12: web, db, a…',
    );
  });

  test('nothing that a terminal would obey gets through', () => {
    expect(printable('a\u001b]0;title\u0007\n\r\t\u009b1m\u2066')).toBe(
      'a\\e]0;title\\u{7}\\n\\r\\t\\u{9b}1m\\u{2066}',
    );
    expect(JSON.parse(printableJson({ text: '\u001b\u009b\u007f' }))).toEqual({ text: '\u001b\u009b\u007f' });
    // oxlint-disable-next-line no-control-regex -- finding them is the point
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
    expect(printableJson({ text: '\u001b\u009b\u007f' })).not.toMatch(control);
  });
});

const REPORT: Report = { ok: true, changes: [change({})], problems: [] };
const BAD: Report = {
  ok: false,
  changes: [],
  problems: [
    { file: '/c/a.toml', line: 3, column: 1, message: 'unknown key "nam"', excerpt: '   3 | nam\n     | ^' },
  ],
};
const answer = (content: unknown): Reply => ({ kind: 'answer', answer: content as Report });
const refusal = (code: Refusal['code']): Reply => ({
  kind: 'refusal',
  refusal: { code, message: `it is ${code}` },
});
const statusOf = (...jobs: readonly JobStatus[]): Reply => answer({ daemon: DAEMON, jobs } satisfies Status);

describe('exit codes', () => {
  const down = answer({
    ...REPORT,
    ok: false,
    changes: [change({ action: 'start', state: 'failed', pid: null })],
  });
  const pending = answer({ ...REPORT, changes: [change({ action: 'start', reason: 'new' })] });

  test.each<[line: string, reply: Reply | null, code: number]>([
    ['', answer(REPORT), 0],
    ['apply --no-wait', answer(REPORT), 0],
    ['', down, 1],
    ['', answer(BAD), 78],
    ['', refusal('degraded'), 1],
    ['', refusal('internal'), 1],
    ['', refusal('shutting-down'), 1],
    ['status', refusal('shutting-down'), 1],
    ['plan', pending, 0],
    ['plan --exit-code', pending, 2],
    ['plan --exit-code', answer(REPORT), 0],
    ['plan --exit-code', answer(BAD), 78],
    ['plan', null, 3],
    ['status', statusOf(), 0],
    ['status', null, 3],
    ['ls', statusOf(job({ state: 'failed' })), 0],
    ['status web', statusOf(job({})), 0],
    ['status web', statusOf(job({ state: 'held' })), 3],
    ['status web', statusOf(job({ name: 'web@1' }), job({ name: 'web@2', state: 'stopped' })), 3],
    ['status web', refusal('no-such-job'), 4],
    ['status web db', statusOf(job({}), job({ name: 'db', state: 'held' })), 0],
    ['why web', refusal('no-such-job'), 4],
    ['why web', null, 3],
    ['why', answer(REPORT), 64],
    ['start web', answer(REPORT), 0],
    ['start web', down, 1],
    ['restart --all', answer(REPORT), 0],
    ['stop web', answer({ ...REPORT, changes: [change({ action: 'stop', state: 'stopped' })] }), 0],
    ['stop web', null, 3],
    ['stop', answer(REPORT), 64],
    ['stop web --all', answer(REPORT), 64],
    ['signal HUP web', answer({ signalled: ['web'] }), 0],
    ['signal HUP web', refusal('not-running'), 1],
    ['signal FOO web', null, 64],
    ['signal 0 web', null, 64],
    ['signal HUP web', null, 3],
    ['signal HUP', null, 64],
    ['die', answer({ stopped: ['web'], kept: [] }), 0],
    ['shutdown --keep-jobs', answer({ stopped: [], kept: ['web'] }), 0],
    ['die', null, 3],
    ['reload', answer(REPORT), 64],
    ['logs -n many', null, 64],
    ['logs nope', null, 4],
    ['--help', null, 0],
    ['stop --help', null, 0],
    ['--version', null, 0],
    ['nonsense', null, 64],
    ['status --nonsense', null, 64],
  ])('`overseer %s` with %j exits with its code', async (line, reply, code) => {
    expect((await run(line, answering(reply))).code).toBe(code);
  });

  test('70 is a bug of ours, said in a line; the stack is for those who ask', async () => {
    const short = await run('', fakeWorld());
    expect({ ...short, isTraced: short.err.includes('    at ') }).toEqual({
      code: 70,
      out: '',
      err: 'overseer: a bug of ours: one launch more than the test foresaw\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n',
      isTraced: false,
    });
    expect((await run('', fakeWorld(), { env: { OVERSEER_DEBUG: '1' } })).err).toContain('    at ');
  });

  test('only `overseer` and `start` launch a daemon', async () => {
    const launching: string[] = [];
    for (const line of [
      '',
      'plan',
      'status',
      'why web',
      'start web',
      'stop web',
      'restart web',
      'signal HUP web',
      'wait web',
      'die',
    ]) {
      const world = fakeWorld({
        launches: [launchOf(1)],
        daemons: new Map([[1, { replies: [answer(REPORT)] }]]),
      });
      await run(line, world);
      if (world.log.includes('launch')) launching.push(line);
    }
    expect(launching).toEqual(['', 'start web']);
  });
});

/** The object for a trouble of this code, with whatever message it has. */
function failure(code: string, out: string): unknown {
  const { error } = JSON.parse(out) as { readonly error: { readonly message: string } };
  return { ok: false, error: { code, message: error.message } };
}

describe('what is printed', () => {
  test('results go to stdout, everything else to stderr', async () => {
    expect(await run('', answering(answer(REPORT)))).toEqual({
      code: 0,
      out: 'nothing changed: 1 job running\n',
      err: '',
    });
    expect(await run('status', answering(null))).toEqual({
      code: 3,
      out: '',
      err: 'overseer: no daemon is running; `overseer` starts one\n',
    });
    expect(await run('', answering(answer(BAD)))).toEqual({
      code: 78,
      out: '',
      err: '/c/a.toml:3:1: unknown key "nam"\n   3 | nam\n     | ^\noverseer: the config has a problem; nothing was changed\n',
    });
  });

  test('--json prints the same facts, and of a problem exactly its four keys', async () => {
    const bad = await run('--json', answering(answer(BAD)));
    expect(JSON.parse(bad.out)).toEqual({
      ok: false,
      changes: [],
      problems: [{ file: '/c/a.toml', line: 3, column: 1, message: 'unknown key "nam"' }],
    });
    const status = await run('status --json', answering(statusOf(...JOBS)));
    expect(JSON.parse(status.out)).toEqual({
      daemon: DAEMON,
      jobs: JOBS.map(({ job: _, ages: __, lastRunFailed: ___, ...shown }) => shown),
    });
    const none = await run('status --json', answering(null));
    expect(JSON.parse(none.out)).toEqual({
      daemon: null,
      jobs: [],
      error: { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' },
    });
    const refused = await run('stop x --json', answering(refusal('no-such-job')));
    expect(JSON.parse(refused.out)).toEqual({
      ok: false,
      changes: [],
      problems: [],
      error: { code: 'no-such-job', message: 'it is no-such-job' },
    });
  });

  test.each([
    ['events --json', null, 3, 'no-daemon'],
    ['events -f --json', null, 3, 'no-daemon'],
    ['events nope --json', refusal('no-such-job'), 4, 'no-such-job'],
    ['events --json --nope', null, 64, 'usage'],
    ['logs nope --json', null, 4, 'no-such-job'],
    ['logs -n x --json', null, 64, 'usage'],
    ['run /nowhere/at/all --json', null, 78, 'no-config'],
  ])('`overseer %s` prints an object a line, and so its trouble', async (line, reply, code, error) => {
    const { out, ...rest } = await run(line, answering(reply));
    expect([rest.code, out.split('\n').length, JSON.parse(out)]).toEqual([code, 2, failure(error, out)]);
    expect(rest.err).not.toBe('');
  });

  test.each([
    ['--jsn --json', null, 64, 'usage'],
    ['nonsense --json', null, 64, 'usage'],
    ['status --json --nope', null, 64, 'usage'],
    ['stop --json', null, 64, 'usage'],
    ['reload --json', null, 64, 'usage'],
    ['die --json', null, 3, 'no-daemon'],
    ['machines jib --json', null, 64, 'usage'],
    ['completion tcsh --json', null, 64, 'usage'],
    ['init --config /dev/null/x --json', null, 1, 'unwritable'],
    ['--json', null, 70, 'bug'],
  ])('`overseer %s` prints its trouble as the same object', async (line, reply, code, error) => {
    const { out, err, ...rest } = await run(line, answering(reply));
    expect([rest.code, JSON.parse(out)]).toEqual([code, failure(error, out)]);
    expect(err).not.toBe('');
  });

  test('what follows `--` asks for no JSON', async () => {
    expect((await run('status --nope -- --json', answering(null))).out).toBe('');
  });

  test('a job that did not come up comes with what to do next', async () => {
    const reply = answer({
      ok: false,
      changes: [
        change({ action: 'start', reason: 'new', detail: 'exited with 3', state: 'failed', pid: null }),
      ],
      problems: [],
    });
    expect((await run('', answering(reply))).err).toBe(
      'web did not come up: `overseer why web` says why, `overseer logs web` what it printed\n',
    );
  });

  test('a daemon that is there and cannot be talked to is not called absent', async () => {
    const world = answering(answer(REPORT));
    world.daemons.set(1, { unreachable: 'version' });
    expect(await run('status', world)).toEqual({ code: 1, out: '', err: 'overseer: it is version\n' });
  });

  test('colour and progress are for terminals, and NO_COLOR, --no-color and TERM=dumb are respected', async () => {
    const progress: Reply = {
      kind: 'progress',
      progress: { done: 0, of: 1, pending: [{ job: 'web', state: 'starting' }] },
    };
    const look = async (line: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> => {
      const world = answering(answer(REPORT));
      world.daemons.set(1, { replies: [progress, statusOf(job({}))] });
      const out = new KeptOutput({ columns: 80 });
      const err = new KeptOutput({ columns: 80 });
      await run(line, world, { env, out, err });
      return [out.text, err.text];
    };
    const rewritten = '\r\u001b[Kwaiting for 0 of 1: web\r\u001b[K';
    expect(await look('status', {})).toEqual([
      '\u001b[1mNAME\u001b[0m  \u001b[1mSTATE\u001b[0m\nweb   \u001b[32mrunning\u001b[0m\n',
      rewritten,
    ]);
    for (const [line, env] of [
      ['status --no-color', {}],
      ['status', { NO_COLOR: '1' }],
      ['status', { TERM: 'dumb' }],
    ] as const) {
      expect(await look(line, env)).toEqual(['NAME  STATE\nweb   running\n', rewritten]);
    }
    expect((await run('status', answering(statusOf(job({}))))).out).toBe('NAME  STATE\nweb   running\n');
  });
});

describe('the words of a call', () => {
  test.each([
    ['stauts', 'unknown command stauts: did you mean "status"?\nTry `overseer --help`.'],
    ['--jsn', 'unknown option --jsn: did you mean "--json"?\nTry `overseer --help`.'],
    [
      '--no-wait plan',
      'plan has no option --no-wait: apply, start, restart have it\nTry `overseer plan --help`.',
    ],
    [
      '--no-wait status web',
      'status has no option --no-wait: apply, start, restart have it\nTry `overseer status --help`.',
    ],
    ['status --timeout 5', 'status has no option --timeout: wait has it\nTry `overseer status --help`.'],
    ['--no-wait plam', 'unknown command plam: did you mean "plan"?\nTry `overseer --help`.'],
    ['web status', 'unknown command web\nTry `overseer --help`.'],
    ['logs --folow', 'unknown option --folow: did you mean "--follow"?\nTry `overseer logs --help`.'],
    ['why web db', 'unexpected word db\nTry `overseer why --help`.'],
    ['status --__proto__.x=1', 'unknown option --__proto__.x\nTry `overseer status --help`.'],
    ['logs -n', '-n wants a value\nTry `overseer logs --help`.'],
    ['machines --format --simple', '--format wants a value\nTry `overseer machines --help`.'],
    ['die --keep-jobs=yes', '--keep-jobs takes no value\nTry `overseer die --help`.'],
    ['die --keep-jobs=true', '--keep-jobs takes no value\nTry `overseer die --help`.'],
    ['die --keep-jobs false', 'unexpected word false\nTry `overseer die --help`.'],
    ['plan --exit-code=1', '--exit-code takes no value\nTry `overseer plan --help`.'],
    ['logs -f=no web', '-f takes no value\nTry `overseer logs --help`.'],
    ['--json=foo', '--json takes no value\nTry `overseer --help`.'],
    ['--version=1', '--version takes no value\nTry `overseer --help`.'],
    ['status --help=foo', '--help takes no value\nTry `overseer status --help`.'],
    ['-- status', 'unexpected word status\nTry `overseer --help`.'],
    ['check -', '- is no file: standard input is not read\nTry `overseer check --help`.'],
    ['run -', '- is no file: standard input is not read\nTry `overseer run --help`.'],
    ['-', 'unknown command -\nTry `overseer --help`.'],
    ['help nope', 'unknown command nope\nTry `overseer --help`.'],
    ['help stauts', 'unknown command stauts: did you mean "status"?\nTry `overseer --help`.'],
    [
      'completion tcsh',
      'there is no script for tcsh; there are bash, zsh, fish\nTry `overseer completion --help`.',
    ],
    [
      'wait web --for nope',
      '--for: there is no state nope; there are waiting, testing, held, starting, running, stopping, backoff, finished, failed, stopped\nTry `overseer wait --help`.',
    ],
  ])('`overseer %s` is told what is wrong', async (line, message) => {
    expect(await run(line, answering(null))).toEqual({ code: 64, out: '', err: `overseer: ${message}\n` });
  });

  test.each<[string, object]>([
    ['--allow-empty plan', { name: 'plan', configDir: HOMES.config, allowEmpty: true }],
    ['--for stopped wait web', { name: 'wait', jobs: ['web'], state: 'stopped' }],
  ])('an option may stand before the command that it belongs to: %s', async (line, request) => {
    const asked: unknown[] = [];
    const ports = fakePorts(answering(answer({ ...REPORT, jobs: [] })));
    const connect: typeof ports.connect = async (file) => {
      const connection = await ports.connect(file);
      return {
        ...connection,
        request: (each, ...rest) => (asked.push(each), connection.request(each, ...rest)),
      };
    };
    await run(line, fakeWorld(), { ports: { ...ports, connect } });
    expect(asked).toEqual([request]);
  });

  test('a job may be called like a command, an option or a number', async () => {
    const asked: unknown[] = [];
    const ports = fakePorts(answering(statusOf(job({}))));
    const connect: typeof ports.connect = async (file) => {
      const connection = await ports.connect(file);
      return {
        ...connection,
        request: (request, ...rest) => (asked.push(request), connection.request(request, ...rest)),
      };
    };
    for (const line of [
      'status help',
      'status 007 1e3 007',
      'status -- status',
      'status --json true',
      'status web - -- db',
    ])
      await run(line, fakeWorld(), { ports: { ...ports, connect } });
    const words = [['help'], ['007', '1e3'], ['status'], ['true'], ['web', '-', 'db']];
    expect(asked).toEqual(words.map((jobs) => ({ name: 'status', jobs })));
  });

  test('after `--` a word is a job, whatever it looks like, also where one alone is taken', async () => {
    const refused = answering(refusal('no-such-job'));
    expect((await run('why -- --json', refused)).code).toBe(4);
    expect((await run('why web -- db', refused)).err).toContain('unexpected word db');
  });

  test.each([
    ['usr1', 'SIGUSR1'],
    ['SIGUSR1', 'SIGUSR1'],
    ['sigusr1', 'SIGUSR1'],
    [String(constants.signals.SIGUSR1), 'SIGUSR1'],
    ['stop', 'SIGSTOP'],
    ['9', 'SIGKILL'],
  ])('the signal %s is %s, as for kill', async (word, name) => {
    const asked: unknown[] = [];
    const ports = fakePorts(answering(answer({ signalled: ['web'] })));
    const connect: typeof ports.connect = async (file) => {
      const connection = await ports.connect(file);
      return {
        ...connection,
        request: (request, ...rest) => (asked.push(request), connection.request(request, ...rest)),
      };
    };
    const { out } = await run(`signal ${word} web`, fakeWorld(), { ports: { ...ports, connect } });
    expect([asked, out]).toEqual([
      [{ name: 'signal', signal: name, jobs: ['web'] }],
      `sent ${name.slice(3)} to web\n`,
    ]);
  });

  test('a signal that there is none of is refused with the nearest one, before anybody is asked', async () => {
    const { err } = await run('signal HPU web', answering(null));
    expect(err).toBe(
      'overseer: there is no signal HPU: did you mean "HUP"?; `kill -l` lists them\nTry `overseer signal --help`.\n',
    );
  });

  test('`reload` is refused with what may be meant, whatever follows', async () => {
    const { err } = await run('reload', answering(null));
    expect(err).toMatch(/^overseer: there is no `reload`: .*overseer restart JOB/);
    for (const line of [
      'reload --all',
      'reload -f web',
      '--no-color reload x --nonsense',
      'reload --config',
      'reload --help',
      'reload --all=1',
      'reload -',
    ])
      expect(await run(line, answering(null))).toEqual({ code: 64, out: '', err });
  });

  test('help and version may be asked for in other words', async () => {
    const said = async (line: string): Promise<string> => {
      const { code, out } = await run(line, answering(null));
      expect(code).toBe(0);
      return out;
    };
    for (const line of ['help', '-?', 'help help']) expect(await said(line)).toBe(await said('--help'));
    for (const line of ['help status', 'status -?', 'help ls'])
      expect(await said(line)).toBe(await said('status --help'));
    for (const line of ['version', '-V', 'status -V']) expect(await said(line)).toBe(`${VERSION}\n`);
    expect((await run('status -- -?', answering(statusOf(job({}))))).out).toContain('web');
  });

  test('every command but the refused one is in the help and has a help of its own', async () => {
    const { out } = await run('--help', answering(null));
    for (const { words, about, aliases = [], options = {} } of COMMANDS) {
      const name = words.split(' ')[0] ?? '';
      expect(new RegExp(`^  ${name}\\b`, 'm').test(out)).toBe(about !== null);
      if (name === 'reload') continue;
      for (const each of [name, ...aliases]) {
        const help = (await run(`${each} --help`, answering(null))).out;
        expect(help).toMatch(new RegExp(`^overseer ${name}\\b`));
        expect(
          Object.keys({ ...options, ...GLOBAL_OPTIONS }).filter((option) => !help.includes(` --${option}`)),
        ).toEqual([]);
      }
    }
  });

  test.each([80, 50])(
    'help and refusals end their lines between words on a terminal of %d columns',
    async (columns) => {
      for (const { words } of COMMANDS) {
        const out = new KeptOutput({ columns });
        await run(`${words.split(' ')[0]} --help`, answering(null), { out });
        expect(out.text.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
      }
      const err = new KeptOutput({ columns });
      await run('reload', answering(null), { err });
      expect(err.text.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
      expect(err.text.replaceAll('\n', ' ')).toBe(
        (await run('reload', answering(null))).err.replaceAll('\n', ' '),
      );
    },
  );

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect([VERSION, (await run('--version', answering(null))).out]).toEqual([version, `${version}\n`]);
  });
});

describe('machines', () => {
  const CHARTS = ['daemon', 'client', 'job'];
  const drawn = async (line: string): Promise<string> => {
    const { code, out, err } = await run(`machines ${line}`, answering(null));
    expect([code, err]).toEqual([0, '']);
    return out;
  };

  test.each([
    ['mermaid', '%%'],
    ['dot', '//'],
  ])(
    'without a chart prints all of them as %s, each after a comment that names it',
    async (format, comment) => {
      const each = await Promise.all(
        CHARTS.map(
          async (name) => `${comment} ${name}\n${await drawn(`${name} --format ${format} --simple`)}`,
        ),
      );
      expect(await drawn(`--format ${format} --simple`)).toBe(each.join('\n'));
    },
  );

  test('without a chart draws one picture with all of them below each other', async () => {
    const picture = await drawn('--format svg');
    const tags = [...picture.matchAll(/<(\/?)svg\b[^>]*>/g)];
    expect(tags.map(([, end]) => end)).toEqual(['', '', '/', '', '/', '', '/', '/']);
    const [page, ...inner] = tags
      .filter(([, end]) => end === '')
      .map(
        ([tag]) =>
          (name: string) =>
            Number(new RegExp(` ${name}="(\\d+)"`).exec(tag)?.[1]),
      );
    const bottoms = inner.map((chart) => chart('y') + chart('height'));
    expect(inner.slice(1).every((chart, at) => chart('y') > (bottoms[at] ?? Infinity))).toBe(true);
    expect([page?.('height'), page?.('width')]).toEqual([
      bottoms.at(-1),
      Math.max(...inner.map((chart) => chart('width'))),
    ]);
    const ids = [...picture.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of CHARTS) expect(picture).toContain(`aria-label="statechart ${name}"`);
  });
});

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-cli-'));
  folders.push(folder);
  return folder;
}

describe('check and init', () => {
  test('init writes a config that check accepts, once', async () => {
    const homes = { ...HOMES, config: join(newFolder(), 'overseer') };
    const first = await run('init', answering(null), { homes });
    expect(first).toEqual({
      code: 0,
      out: `wrote ${homes.config}/overseer.toml\nEdit it, then run \`overseer\`; \`overseer check\` looks for mistakes first.\n`,
      err: '',
    });
    expect(await run('check', answering(null), { homes })).toEqual({
      code: 0,
      out: 'ok: 1 job in 1 file\n',
      err: '',
    });
    expect((await run('init', answering(null), { homes })).out).toContain(
      'is there already; nothing was written',
    );
  });

  test('init says in words what is in its way', async () => {
    const dir = newFolder();
    writeFileSync(join(dir, 'file'), '');
    const file = join(dir, 'file');
    for (const [config, words] of [
      [file, `${file} is a file; name the folder in which overseer.toml is to be written`],
      [join(file, 'below'), `${file}/below cannot be read: a part of its path is no folder`],
    ] as const)
      expect(await run('init', answering(null), { homes: { ...HOMES, config } })).toEqual({
        code: 1,
        out: '',
        err: `overseer: ${words}\n`,
      });
  });

  test('init leaves a config of any name alone', () => {
    const dir = newFolder();
    writeFileSync(join(dir, 'mine.toml'), '');
    expect(writeFirstConfig(dir)).toEqual({ ok: true, path: join(dir, 'mine.toml'), isNew: false });
    expect(writeFirstConfig(join(dir, 'mine.toml'))).toMatchObject({ ok: false });
  });

  test('check prints every problem of the files that it is given', async () => {
    const file = join(newFolder(), 'a.toml');
    writeFileSync(file, 'nonsense = 1\n[[jobs]]\nname = "a"\n');
    const { code, out, err } = await run(`check ${file}`, answering(null));
    expect([code, out, err.match(/a\.toml:\d+:\d+/g)]).toEqual([78, '', ['a.toml:1:1', 'a.toml:2:1']]);
    expect(JSON.parse((await run(`check --json ${file}`, answering(null))).out)).toMatchObject({
      ok: false,
      jobs: 0,
      files: [file],
    });
  });
});

describe('logs', () => {
  function newLogs(files: Readonly<Record<string, string | Buffer>>): {
    readonly dir: string;
    readonly homes: typeof HOMES;
  } {
    const data = newFolder();
    const dir = join(data, 'logs');
    mkdirSync(dir);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    return { dir, homes: { ...HOMES, data } };
  }

  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');
  const logs = async (
    line: string,
    files: Readonly<Record<string, string | Buffer>>,
    world: FakeWorld = answering(null),
  ) => run(line, world, { homes: newLogs(files).homes });

  test('of one job are its last 20 lines, byte for byte', async () => {
    const { out } = await logs('logs web', { 'web.log': lines(1, 50) });
    expect(out).toBe(lines(31, 50));
    const bytes = Buffer.from([0, 255, 254, 10, 27, 91, 10, 200]);
    const kept = new KeptOutput();
    await run('logs web', answering(null), { homes: newLogs({ 'web.log': bytes }).homes, out: kept });
    expect(kept.bytes).toEqual(bytes);
  });

  test.each([
    ['-n 3', lines(8, 10)],
    ['-n 0', ''],
    ['-n 7', lines(4, 10)],
    ['-n 100', lines(1, 10)],
    ['-n3', lines(8, 10)],
    ['-n 9 -n 2', lines(9, 10)],
  ])('with %s reach back into rotated logs when need be', async (option, out) => {
    expect(
      await logs(`logs web ${option}`, {
        'web.log': lines(9, 10),
        'web.log.1': lines(5, 8),
        'web.log.2': lines(1, 4),
        'web.log.rotating': 'no',
      }),
    ).toEqual({ code: 0, out, err: '' });
  });

  test('of several jobs have the name before each line, and end with a newline', async () => {
    const { out } = await logs('logs -n 2', {
      'web.log': 'a\nb\nunfinished',
      'worker.log': 'c\n',
      'empty.log': '',
    });
    expect(out).toBe('web    | b\nweb    | unfinished\nworker | c\n');
  });

  test('of a job with copies are those of its copies', async () => {
    const { out } = await logs('logs web', {
      'web@1.log': 'a\n',
      'web@2.log': 'b\n',
      'web@x.log': 'c\n',
      'webs.log': 'd\n',
    });
    expect(out).toBe('web@1 | a\nweb@2 | b\n');
  });

  test('as JSON are an object a line', async () => {
    expect((await logs('logs web --json', { 'web.log': 'a "b"\nc' })).out).toBe(
      '{"job":"web","line":"a \\"b\\""}\n{"job":"web","line":"c"}\n',
    );
  });

  test('of a job that is unknown are refused with the nearest name; a job without output prints nothing', async () => {
    expect(await logs('logs wbe', { 'web.log': '' })).toEqual({
      code: 4,
      out: '',
      err: 'overseer: no such job and no log of one: wbe: did you mean "web"?\n',
    });
    expect(await logs('logs quiet', {}, answering(statusOf(job({ name: 'quiet' }))))).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(await logs('logs', {})).toEqual({ code: 0, out: '', err: '' });
  });

  test('T-214 of one endless line are its last mebibyte, and no more of the file is read', async () => {
    const { out } = await logs('logs web', { 'web.log': `begin${'x'.repeat(5 * LINE_MAX)}` });
    expect([out.length, out.startsWith('x')]).toEqual([LINE_MAX, true]);
  });

  test('stop without a word when the reader has left', async () => {
    const out = new KeptOutput({ leavesAfter: 100 });
    const { homes } = newLogs({ 'web.log': 'x\n'.repeat(200_000), 'db.log': 'y\n' });
    expect((await run('logs -n 999999', answering(null), { homes, out })).code).toBe(0);
    expect(out.text.length).toBeLessThan(1_000_000);
  });

  describe('that are followed', () => {
    interface Following {
      readonly dir: string;
      readonly out: KeptOutput;
      /** Waits until what was printed since the start is this. */
      readonly shows: (text: string) => Promise<void>;
      readonly stop: () => Promise<number>;
    }

    function follow(line: string, files: Readonly<Record<string, string>>): Following {
      const { dir, homes } = newLogs(files);
      const out = new KeptOutput();
      const controller = new AbortController();
      const ended = run(line, answering(null), { homes, out, interruption: () => controller.signal });
      const shows = async (text: string): Promise<void> => {
        for (let tries = 0; out.text.length < text.length && tries < 2000; tries += 1)
          await new Promise((resolve) => setTimeout(resolve, 1));
        expect(out.text).toBe(text);
      };
      return {
        dir,
        out,
        shows,
        stop: async () => {
          controller.abort();
          return (await ended).code;
        },
      };
    }

    test('go on until they are interrupted, which is exit code 0', async () => {
      const following = follow('logs web -f -n 1', { 'web.log': 'a\nb\n' });
      await following.shows('b\n');
      appendFileSync(join(following.dir, 'web.log'), 'c');
      await following.shows('b\nc');
      expect(await following.stop()).toBe(0);
    });

    test('a log that appears later is shown from its beginning', async () => {
      const following = follow('logs -f', { 'web.log': 'a\n' });
      await following.shows('web | a\n');
      writeFileSync(join(following.dir, 'db.log'), 'first\nsecond\n');
      await following.shows('web | a\ndb  | first\ndb  | second\n');
      expect(await following.stop()).toBe(0);
    });

    test('a line that does not end is shown when it has waited long enough', async () => {
      const following = follow('logs -f', { 'web.log': 'prompt> ', 'db.log': '' });
      await following.shows('web | prompt> \n');
      appendFileSync(join(following.dir, 'db.log'), 'half');
      await following.shows('web | prompt> \ndb  | half\n');
      expect(await following.stop()).toBe(0);
    });
  });
});

describe('a log that is rotated while it is read', () => {
  const rename = (path: string): void => {
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
  };
  const copy = (path: string): void => {
    copyFileSync(path, `${path}.rotating`);
    renameSync(`${path}.rotating`, `${path}.1`);
    truncateSync(path);
  };
  const shift = (path: string, count: number): void => {
    for (let index = count; index >= 1; index -= 1) renameSync(`${path}.${index}`, `${path}.${index + 1}`);
  };

  function newLog(): { readonly path: string; readonly tail: LogTail; readonly all: () => string } {
    const path = join(newFolder(), 'web.log');
    writeFileSync(path, 'shown\n');
    const tail = new LogTail(path);
    tail.begin({ lines: 10, since: -Infinity });
    const all = (): string => {
      const parts: Buffer[] = [];
      for (let chunk = tail.next(); chunk !== null; chunk = tail.next()) parts.push(chunk.bytes);
      return Buffer.concat(parts).toString('utf8');
    };
    expect(all()).toBe('shown\n');
    return { path, tail, all };
  }

  test.each([
    ['renamed', rename],
    ['copied and truncated', copy],
  ])('and %s is finished first: nothing is lost, nothing comes twice', (_, rotate) => {
    const { path, tail, all } = newLog();
    appendFileSync(path, 'before\n');
    rotate(path);
    appendFileSync(path, 'after\n');
    expect(all()).toBe('before\nafter\n');
    appendFileSync(path, 'later\n');
    expect(all()).toBe('later\n');
    tail.end();
  });

  test.each([
    ['renamed', rename],
    ['copied and truncated', copy],
  ])('and %s three times between two looks is read in order', (_, rotate) => {
    const { path, all } = newLog();
    for (const [round, word] of ['one\n', 'two\n', 'three\n'].entries()) {
      appendFileSync(path, word);
      shift(path, round);
      rotate(path);
    }
    appendFileSync(path, 'now, and longer than what was there before\n');
    expect(all()).toBe('one\ntwo\nthree\nnow, and longer than what was there before\n');
  });

  test('while a line was unfinished, whose beginning moves on with it, shows the line once', () => {
    const { path, all } = newLog();
    appendFileSync(path, 'whole\npart');
    expect(all()).toBe('whole\npart');
    copy(path);
    truncateSync(`${path}.1`, 'shown\nwhole\n'.length);
    writeFileSync(path, 'part and rest\n');
    expect(all()).toBe(' and rest\n');
  });

  test('is not taken as rotated while it is only copied', () => {
    const { path, all } = newLog();
    copyFileSync(path, `${path}.1`);
    appendFileSync(path, 'more\n');
    expect(all()).toBe('more\n');
    truncateSync(path);
    appendFileSync(path, 'new\n');
    expect(all()).toBe('new\n');
  });

  test('T-215 is read anew when it was emptied and kept nowhere, or removed and made again', () => {
    const { path, all } = newLog();
    truncateSync(path);
    expect(all()).toBe('');
    appendFileSync(path, 'new\n');
    expect(all()).toBe('new\n');
    rmSync(path);
    expect(all()).toBe('');
    writeFileSync(path, 'again\n');
    expect(all()).toBe('again\n');
  });
});
