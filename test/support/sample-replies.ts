import type { RenderContext } from '../../src/cli/terminal/render-context.ts';
import type { Change, ReportedChange } from '../../src/plan/change.ts';
import type { JobStatus, Refusal, Reply, Report, Status, Why } from '../../src/wire/messages.ts';

/** Midnight where the test runs: what was a moment ago was yesterday. */
export const NOW = new Date(2026, 0, 2).getTime();

export const plain = (columns: number): RenderContext => ({ columns, color: false, now: NOW });

export const before = (ms: number): string => new Date(NOW - ms).toISOString();

export function job(given: Partial<JobStatus>): JobStatus {
  const rest = {
    startedAt: null,
    restarts: 0,
    test: null,
    lastExit: null,
    lastRunFailed: false,
    stoppedByHand: false,
    nextStartAt: null,
    reason: null,
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
export const change = ({ detail = '', ...given }: Partial<Change>): ReportedChange => ({
  job: 'web',
  action: 'none',
  reason: 'unchanged',
  state: 'running',
  pid: 4242,
  facts: detail === '' ? [] : [{ kind: 'notStarted', why: detail }],
  ...given,
});

export const JOBS: readonly JobStatus[] = [
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

export const DAEMON = { pid: 4000, port: 50123, version: '0.1.0', startedAt: before(0) };

export const WHY: Why = {
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

export const REPORT: Report = { ok: true, changes: [change({})], problems: [] };

export const BAD: Report = {
  ok: false,
  changes: [],
  problems: [
    { file: '/c/a.toml', line: 3, column: 1, message: 'unknown key "nam"', excerpt: '   3 | nam\n     | ^' },
  ],
};

export const answer = (content: unknown): Reply => ({ kind: 'answer', answer: content as Report });

export const refusal = (code: Refusal['code']): Reply => ({
  kind: 'refusal',
  refusal: { code, message: `it is ${code}` },
});

export const statusOf = (...jobs: readonly JobStatus[]): Reply =>
  answer({ daemon: DAEMON, jobs } satisfies Status);
